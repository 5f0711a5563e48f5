// A libcudnn.so.9 without a GPU: the calls that dev.gramloom.backend.cuda makes, in plain loops over the emulated
// driver's memory. It stands in for cuDNN so that the Java side of it is tested: descriptors, shapes, the choice of an
// algorithm, workspaces. It says nothing about cuDNN itself.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include "rounding.hpp"

// Of the emulated driver: work for a stream.
extern "C" int emulated_cuda_submit(void* stream, std::function<int()> work);

namespace {
enum Status { SUCCESS = 0, BAD_PARAM = 2000, NOT_SUPPORTED = 3000 };

constexpr int NCHW = 0;
constexpr int FLOAT = 0;
constexpr int BF16 = 9;
constexpr int CROSS_CORRELATION = 1;
constexpr int TENSOR_OP_MATH = 1;
constexpr int FMA_MATH = 3;
constexpr size_t WORKSPACE = 4096;  // bytes that the deterministic algorithm asks for

struct Handle {
  void* stream = nullptr;
};

struct Descriptor {
  int n = 0, c = 0, h = 0, w = 0;
  int type = FLOAT;
  bool plain = false;   // no border, stride 1, sums in float32
  bool rounds = false;  // a convolution's factors, as tensor cores do
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
  return how->plain && x->type == w->type && y->type == w->type && (w->type == FLOAT || how->rounds) && x->c == w->c && y->c == w->n && y->h == x->h - w->h + 1 && y->w == x->w - w->w + 1;
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

// Factors as the arithmetic sees them.
std::vector<float> factors(const void* from, size_t count, int type, bool rounds) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) {
    if (type == BF16) {
      const uint32_t whole = static_cast<uint32_t>(static_cast<const uint16_t*>(from)[i]) << 16;
      std::memcpy(&values[i], &whole, sizeof whole);
    } else {
      const float value = static_cast<const float*>(from)[i];
      values[i] = rounds ? emulation::rounded(value, emulation::TF32_BITS) : value;
    }
  }
  return values;
}

void store(const std::vector<double>& sums, int type, void* out) {
  for (size_t i = 0; i < sums.size(); ++i) {
    const float sum = static_cast<float>(sums[i]);
    if (type == FLOAT) {
      static_cast<float*>(out)[i] = sum;
      continue;
    }
    const float half = emulation::rounded(sum, emulation::BF16_BITS);
    uint32_t whole;
    std::memcpy(&whole, &half, sizeof whole);
    static_cast<uint16_t*>(out)[i] = static_cast<uint16_t>(whole >> 16);
  }
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

API cudnnCreate(Handle** handle) {
  *handle = new Handle();
  return SUCCESS;
}

API cudnnDestroy(Handle* handle) {
  delete handle;
  return SUCCESS;
}

API cudnnSetStream(Handle* handle, void* stream) {
  handle->stream = stream;
  return SUCCESS;
}

API cudnnCreateTensorDescriptor(Descriptor** d) { return create(d); }
API cudnnCreateFilterDescriptor(Descriptor** d) { return create(d); }
API cudnnCreateConvolutionDescriptor(Descriptor** d) { return create(d); }

API cudnnSetTensor4dDescriptor(Descriptor* d, int format, int type, int n, int c, int h, int w) {
  *d = {n, c, h, w, type, true, false};
  return format == NCHW && (type == FLOAT || type == BF16) && n == 1 ? SUCCESS : NOT_SUPPORTED;
}

API cudnnSetFilter4dDescriptor(Descriptor* d, int type, int format, int k, int c, int h, int w) {
  *d = {k, c, h, w, type, true, false};
  return format == NCHW && (type == FLOAT || type == BF16) ? SUCCESS : NOT_SUPPORTED;
}

API cudnnSetConvolution2dDescriptor(Descriptor* d, int pad_h, int pad_w, int u, int v, int dilation_h, int dilation_w,
                                    int mode, int type) {
  d->plain = pad_h == 0 && pad_w == 0 && u == 1 && v == 1 && dilation_h == 1 && dilation_w == 1 &&
             mode == CROSS_CORRELATION && type == FLOAT;
  return d->plain ? SUCCESS : NOT_SUPPORTED;
}

API cudnnSetConvolutionMathType(Descriptor* d, int type) {
  d->rounds = type == TENSOR_OP_MATH;
  return type == FMA_MATH || type == TENSOR_OP_MATH ? SUCCESS : NOT_SUPPORTED;
}

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

API cudnnConvolutionForward(Handle* handle, const float* alpha, const Descriptor* x, const void* in, const Descriptor* w,
                            const void* weights, const Descriptor* how, int algorithm, void* workspace, size_t bytes,
                            const float* beta, const Descriptor* y, void* out) {
  if (!fits(x, w, y, how) || !chosen(algorithm, workspace, bytes) || *alpha != 1 || *beta != 0) return BAD_PARAM;
  return emulated_cuda_submit(handle->stream, [=, x = *x, w = *w, y = *y, rounds = how->rounds] {
    const std::vector<float> u = factors(in, count(x), x.type, rounds);
    const std::vector<float> v = factors(weights, count(w) * w.n, w.type, rounds);
    std::vector<double> sums(count(y));
    for_each(x, w, y, [&](size_t a, size_t b, size_t c) { sums[c] += static_cast<double>(u[a]) * v[b]; });
    store(sums, y.type, out);
    return SUCCESS;
  });
}

API cudnnConvolutionBackwardData(Handle* handle, const float* alpha, const Descriptor* w, const void* weights,
                                 const Descriptor* y, const void* slope, const Descriptor* how, int algorithm,
                                 void* workspace, size_t bytes, const float* beta, const Descriptor* x, void* out) {
  if (!fits(x, w, y, how) || !chosen(algorithm, workspace, bytes) || *alpha != 1 || *beta != 0) return BAD_PARAM;
  return emulated_cuda_submit(handle->stream, [=, x = *x, w = *w, y = *y, rounds = how->rounds] {
    const std::vector<float> u = factors(slope, count(y), y.type, rounds);
    const std::vector<float> v = factors(weights, count(w) * w.n, w.type, rounds);
    std::vector<double> sums(count(x));
    for_each(x, w, y, [&](size_t a, size_t b, size_t c) { sums[a] += static_cast<double>(u[c]) * v[b]; });
    store(sums, x.type, out);
    return SUCCESS;
  });
}
