// A picture at another size, one axis after the other; dev.gramloom.tensor.Resampling defines it.
//
//   Arrays      index, weight [made][taps] of the axis that changes; weight 0 where there is no tap
//   Launch      32 x 8 threads a block, one a pixel of y, grid.z for each channel
//   Repeatable  yes: every value has one thread, which rounds after each step as the host does
#include "common.cuh"

// Pixel `made` of a line of x, whose pixels lie `step` floats apart.
static __device__ __forceinline__ float tapped(const float* __restrict__ x, size_t step, const int* __restrict__ index,
                                               const float* __restrict__ weight, int taps, int made) {
  float sum = 0;
  for (int k = made * taps; k < (made + 1) * taps; ++k) {
    sum = __fadd_rn(sum, __fmul_rn(weight[k], x[index[k] * step]));
  }
  return sum;
}

// y [C][h][w] of x [C][h][length].
extern "C" __global__ void resample_columns(const float* __restrict__ x, const int* __restrict__ index,
                                            const float* __restrict__ weight, int taps, int length, int h, int w,
                                            float* __restrict__ y) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= w || row >= h) return;
  const size_t line = (size_t)blockIdx.z * h + row;
  y[line * w + column] = tapped(x + line * length, 1, index, weight, taps, column);
}

// y [C][h][w] of x [C][length][w].
extern "C" __global__ void resample_rows(const float* __restrict__ x, const int* __restrict__ index,
                                         const float* __restrict__ weight, int taps, int length, int h, int w,
                                         float* __restrict__ y) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= w || row >= h) return;
  const float* line = x + (size_t)blockIdx.z * length * w + column;
  y[((size_t)blockIdx.z * h + row) * w + column] = tapped(line, w, index, weight, taps, row);
}
