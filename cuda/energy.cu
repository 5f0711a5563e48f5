// The strength of a group of channels, y_g = sqrt(epsilon + sum of x_c^2), and its adjoint.
//
//   Arrays      x, dX [C][M]; y, dY [G][M]
//   Groups      starts [rows + 1] and members: row r owns members[starts[r]] ... members[starts[r + 1] - 1].
//               Forward the rows are groups and their members channels; the adjoint takes the same relation turned
//               round, so that each channel gathers from its groups in ascending order.
//   Launch      256 threads a block, grid (any, rows)
//   Repeatable  yes: every value has one thread
#include "common.cuh"

extern "C" __global__ void energy(const float* __restrict__ x, const int* __restrict__ starts,
                                  const int* __restrict__ members, float epsilon, float* __restrict__ y, unsigned pixels) {
  const int begin = starts[blockIdx.y];
  const int end = starts[blockIdx.y + 1];
  float* out = y + (size_t)blockIdx.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) {
    float sum = epsilon;
    for (int i = begin; i < end; ++i) {
      const float value = x[(size_t)members[i] * pixels + p];
      sum += value * value;
    }
    out[p] = sqrtf(sum);
  }
}

// dX_c += x_c * sum of dY_g / y_g
extern "C" __global__ void energy_adjoint(const float* __restrict__ x, const float* __restrict__ y,
                                          const float* __restrict__ dY, const int* __restrict__ starts,
                                          const int* __restrict__ members, float* __restrict__ dX, unsigned pixels) {
  const int begin = starts[blockIdx.y];
  const int end = starts[blockIdx.y + 1];
  const size_t plane = (size_t)blockIdx.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) {
    float sum = 0;
    for (int i = begin; i < end; ++i) {
      const size_t at = (size_t)members[i] * pixels + p;
      sum += dY[at] / y[at];
    }
    dX[plane + p] += x[plane + p] * sum;
  }
}
