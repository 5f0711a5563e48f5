// A picture at another size, one axis after the other; dev.gramloom.tensor.Resampling defines it.
//
//   Arrays      index, weight [made][taps] of the axis that changes; weight 0 where there is no tap
//   Launch      32 x 8 threads a block, one a pixel of y, grid.z for each channel
//   Repeatable  yes: every value has one thread, which rounds after each step as the host does
#include "common.cuh"

// y [C][h][w] of x [C][h][length].
extern "C" __global__ void resample_columns(const float* __restrict__ x, const int* __restrict__ index,
                                            const float* __restrict__ weight, int taps, int length, int h, int w,
                                            float* __restrict__ y) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= w || row >= h) return;
  const size_t line = (size_t)blockIdx.z * h + row;
  float sum = 0;
  for (int k = 0; k < taps; ++k) {
    const int tap = column * taps + k;
    sum = __fadd_rn(sum, __fmul_rn(weight[tap], x[line * length + index[tap]]));
  }
  y[line * w + column] = sum;
}

// y [C][h][w] of x [C][length][w].
extern "C" __global__ void resample_rows(const float* __restrict__ x, const int* __restrict__ index,
                                         const float* __restrict__ weight, int taps, int length, int h, int w,
                                         float* __restrict__ y) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= w || row >= h) return;
  const float* plane = x + (size_t)blockIdx.z * length * w;
  float sum = 0;
  for (int k = 0; k < taps; ++k) {
    const int tap = row * taps + k;
    sum = __fadd_rn(sum, __fmul_rn(weight[tap], plane[(size_t)index[tap] * w + column]));
  }
  y[((size_t)blockIdx.z * h + row) * w + column] = sum;
}
