// A libcudnn.so.9 without a GPU: the calls that dev.gramloom.backend.cuda makes, in plain loops over the emulated
// driver's memory. It stands in for cuDNN so that the Java side of it is tested: descriptors, shapes, the choice of an
// algorithm, workspaces. It says nothing about cuDNN itself.
#include <cstddef>
#include <vector>

namespace {
enum Status { SUCCESS = 0, BAD_PARAM = 2000, NOT_SUPPORTED = 3000 };

constexpr int NCHW = 0;
constexpr int FLOAT = 0;
constexpr int CROSS_CORRELATION = 1;
constexpr int FMA_MATH = 3;
constexpr size_t WORKSPACE = 4096;  // bytes that the deterministic algorithm asks for

struct Descriptor {
  int n = 0, c = 0, h = 0, w = 0;
  bool plain = false;  // no border, stride 1, float32 products
};

// cudnnConvolutionFwdAlgoPerf and its like.
struct Performance {
  int algorithm;
  int status;
  float time;
  size_t memory;
  int determinism;
  int math_type;
  int reserved[3];
};

bool fits(const Descriptor* x, const Descriptor* w, const Descriptor* y, const Descriptor* how) {
  return how->plain && x->c == w->c && y->c == w->n && y->h == x->h - w->h + 1 && y->w == x->w - w->w + 1;
}

// The fastest is not deterministic, so that a caller who asks for no more than speed is found out.
int offer(int most, int* count, Performance* found, size_t workspace) {
  if (most < 2 || workspace < WORKSPACE) return BAD_PARAM;
  found[0] = {0, SUCCESS, 1.0f, 0, 0, FMA_MATH, {}};
  found[1] = {1, SUCCESS, 2.0f, WORKSPACE, 1, FMA_MATH, {}};
  *count = 2;
  return SUCCESS;
}

bool chosen(int algorithm, const void* workspace, size_t bytes) {
  return algorithm == 1 && workspace != nullptr && bytes >= WORKSPACE;
}

// What body gets: places in x, w and y that belong together.
template <class Body>
void for_each(const Descriptor& x, const Descriptor& w, const Descriptor& y, Body body) {
  for (int k = 0; k < w.n; ++k)
    for (int c = 0; c < w.c; ++c)
      for (int i = 0; i < w.h; ++i)
        for (int j = 0; j < w.w; ++j)
          for (int row = 0; row < y.h; ++row)
            for (int column = 0; column < y.w; ++column)
              body((static_cast<size_t>(c) * x.h + row + i) * x.w + column + j,
                   ((static_cast<size_t>(k) * w.c + c) * w.h + i) * w.w + j,
                   (static_cast<size_t>(k) * y.h + row) * y.w + column);
}

size_t count(const Descriptor& d) { return static_cast<size_t>(d.c) * d.h * d.w; }

void store(const std::vector<double>& sums, float* out) {
  for (size_t i = 0; i < sums.size(); ++i) out[i] = static_cast<float>(sums[i]);
}

int create(Descriptor** descriptor) {
  *descriptor = new Descriptor();
  return SUCCESS;
}
}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

extern "C" __attribute__((visibility("default"))) size_t cudnnGetVersion() { return 90000; }

extern "C" __attribute__((visibility("default"))) const char* cudnnGetErrorString(int status) {
  return status == SUCCESS ? "success" : "emulated cuDNN: bad parameter";
}

API cudnnCreate(void** handle) {
  static char token;
  *handle = &token;
  return SUCCESS;
}

API cudnnDestroy(void*) { return SUCCESS; }

API cudnnCreateTensorDescriptor(Descriptor** d) { return create(d); }
API cudnnCreateFilterDescriptor(Descriptor** d) { return create(d); }
API cudnnCreateConvolutionDescriptor(Descriptor** d) { return create(d); }

API cudnnSetTensor4dDescriptor(Descriptor* d, int format, int type, int n, int c, int h, int w) {
  *d = {n, c, h, w, true};
  return format == NCHW && type == FLOAT && n == 1 ? SUCCESS : NOT_SUPPORTED;
}

API cudnnSetFilter4dDescriptor(Descriptor* d, int type, int format, int k, int c, int h, int w) {
  *d = {k, c, h, w, true};
  return format == NCHW && type == FLOAT ? SUCCESS : NOT_SUPPORTED;
}

API cudnnSetConvolution2dDescriptor(Descriptor* d, int pad_h, int pad_w, int u, int v, int dilation_h, int dilation_w,
                                    int mode, int type) {
  d->plain = pad_h == 0 && pad_w == 0 && u == 1 && v == 1 && dilation_h == 1 && dilation_w == 1 &&
             mode == CROSS_CORRELATION && type == FLOAT;
  return d->plain ? SUCCESS : NOT_SUPPORTED;
}

API cudnnSetConvolutionMathType(Descriptor*, int type) { return type == FMA_MATH ? SUCCESS : NOT_SUPPORTED; }

API cudnnFindConvolutionForwardAlgorithmEx(void*, const Descriptor* x, const void*, const Descriptor* w, const void*,
                                           const Descriptor* how, const Descriptor* y, void*, int most, int* found,
                                           Performance* results, void*, size_t workspace) {
  return fits(x, w, y, how) ? offer(most, found, results, workspace) : BAD_PARAM;
}

API cudnnFindConvolutionBackwardDataAlgorithmEx(void*, const Descriptor* w, const void*, const Descriptor* y,
                                                const void*, const Descriptor* how, const Descriptor* x, void*,
                                                int most, int* found, Performance* results, void*, size_t workspace) {
  return fits(x, w, y, how) ? offer(most, found, results, workspace) : BAD_PARAM;
}

API cudnnConvolutionForward(void*, const float* alpha, const Descriptor* x, const float* in, const Descriptor* w,
                            const float* weights, const Descriptor* how, int algorithm, void* workspace, size_t bytes,
                            const float* beta, const Descriptor* y, float* out) {
  if (!fits(x, w, y, how) || !chosen(algorithm, workspace, bytes) || *alpha != 1 || *beta != 0) return BAD_PARAM;
  std::vector<double> sums(count(*y));
  for_each(*x, *w, *y, [&](size_t a, size_t b, size_t c) { sums[c] += static_cast<double>(in[a]) * weights[b]; });
  store(sums, out);
  return SUCCESS;
}

API cudnnConvolutionBackwardData(void*, const float* alpha, const Descriptor* w, const float* weights,
                                 const Descriptor* y, const float* slope, const Descriptor* how, int algorithm,
                                 void* workspace, size_t bytes, const float* beta, const Descriptor* x, float* out) {
  if (!fits(x, w, y, how) || !chosen(algorithm, workspace, bytes) || *alpha != 1 || *beta != 0) return BAD_PARAM;
  std::vector<double> sums(count(*x));
  for_each(*x, *w, *y, [&](size_t a, size_t b, size_t c) { sums[a] += static_cast<double>(slope[c]) * weights[b]; });
  store(sums, out);
  return SUCCESS;
}
