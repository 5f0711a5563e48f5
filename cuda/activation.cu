// What happens to the sums of a convolution; dev.gramloom.backend.Activation defines it.
//
//   Arrays      y [K or 2K][M], dY like y, slope [K][M], float32 or bf16; bias [K]
//   Launch      256 threads a block, grid (any, K)
//   Repeatable  yes: every value has one thread
//   NaN         goes through: max(NaN, 0) is NaN here, unlike fmaxf
#include "common.cuh"

enum Activation { ACTIVATION_NONE = 0, ACTIVATION_RELU = 1, ACTIVATION_RECTIFY = 2 };

static __device__ __forceinline__ float positive(float v) { return v <= 0 ? 0.0f : v; }

// In place: the sums come in y's first K channels.
extern "C" __global__ void activation(float* __restrict__ y, const float* __restrict__ bias, int kind, unsigned pixels) {
  const float b = bias[blockIdx.y];
  float* first = y + (size_t)blockIdx.y * pixels;
  float* second = first + (size_t)gridDim.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) {
    const float sum = first[p] + b;
    first[p] = kind == ACTIVATION_NONE ? sum : positive(sum);
    if (kind == ACTIVATION_RECTIFY) second[p] = positive(-sum);
  }
}

// Out of place, from sums [K][M] that were rounded.
extern "C" __global__ void activation_bf16(const Bf16* __restrict__ sums, const float* __restrict__ bias, int kind,
                                           unsigned pixels, float* __restrict__ y) {
  const float b = bias[blockIdx.y];
  const size_t plane = (size_t)blockIdx.y * pixels;
  float* first = y + plane;
  float* second = first + (size_t)gridDim.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) {
    const float sum = load(sums[plane + p]) + b;
    first[p] = kind == ACTIVATION_NONE ? sum : positive(sum);
    if (kind == ACTIVATION_RECTIFY) second[p] = positive(-sum);
  }
}

// slope = the derivative by the sums; may be the beginning of dY itself.
template <class T>
static __device__ __forceinline__ void store_slopes(const float* __restrict__ y, const float* dY, int kind,
                                                    unsigned pixels, T* slope) {
  const size_t first = (size_t)blockIdx.y * pixels;
  const size_t second = first + (size_t)gridDim.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) {
    float value = kind == ACTIVATION_NONE || y[first + p] > 0 ? dY[first + p] : 0.0f;
    if (kind == ACTIVATION_RECTIFY && !(y[first + p] > 0) && y[second + p] > 0) value = -dY[second + p];
    store(value, slope[first + p]);
  }
}

extern "C" __global__ void activation_adjoint(const float* __restrict__ y, const float* dY, int kind, unsigned pixels,
                                              float* slope) {
  store_slopes(y, dY, kind, pixels, slope);
}

extern "C" __global__ void activation_adjoint_bf16(const float* __restrict__ y, const float* __restrict__ dY, int kind,
                                                   unsigned pixels, Bf16* __restrict__ slope) {
  store_slopes(y, dY, kind, pixels, slope);
}
