// Where texture counts.
//
//   Arrays      x, y [C][M]; mask [M], the same for every channel
//   Launch      256 threads a block, grid (any, C)
//   Repeatable  yes: every value has one thread
#include "common.cuh"

extern "C" __global__ void multiply_mask(const float* __restrict__ x, const float* __restrict__ mask,
                                         float* __restrict__ y, unsigned pixels) {
  const size_t plane = (size_t)blockIdx.y * pixels;
  for (size_t p = thread_index(); p < pixels; p += thread_count()) y[plane + p] = x[plane + p] * mask[p];
}
