// What happens to the sums of a convolution; dev.gramloom.backend.Activation defines it.
//
//   Arrays      y [K or 2K][M], dY like y, slope [K][M], bias [K]
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

// slope = the derivative by the sums; kind is RELU or RECTIFY, else dY itself is the slope.
extern "C" __global__ void activation_adjoint(const float* __restrict__ y, const float* __restrict__ dY, int kind,
                                              unsigned pixels, float* __restrict__ slope) {
  const size_t first = (size_t)blockIdx.y * pixels;
  const size_t second = first + (size_t)gridDim.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) {
    float value = y[first + p] > 0 ? dY[first + p] : 0.0f;
    if (kind == ACTIVATION_RECTIFY && !(y[first + p] > 0) && y[second + p] > 0) value = -dY[second + p];
    slope[first + p] = value;
  }
}
