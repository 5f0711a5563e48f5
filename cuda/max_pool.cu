// The maximum over each window of 2:1 pooling, and its adjoint: a window's slope goes to the first of its pixels, row
// by row, that equals the maximum.
//
//   Arrays      x, dX [C][H][W]; y, dY [C][h][w], h = max(1, H / 2), w = max(1, W / 2)
//   Launch      block (32, 8), one thread for each value written, grid.z = C
//   Repeatable  yes: each value gathers in a fixed order
//   NaN         is the maximum of every window it is in, unlike with fmaxf
#include "pool_axis.cuh"

extern "C" __global__ void max_pool(const float* __restrict__ x, PoolSize s, float* __restrict__ y) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= s.pooled_width || row >= s.pooled_height) return;
  const Range rows = pool_pixels(row, s.height, s.pooled_height, s.vertical);
  const Range columns = pool_pixels(column, s.width, s.pooled_width, s.horizontal);
  const float* plane = x + (size_t)blockIdx.z * s.height * s.width;
  float most = plane[(size_t)rows.first * s.width + columns.first];
  for (int i = rows.first; i < rows.first + rows.count; ++i) {
    for (int j = columns.first; j < columns.first + columns.count; ++j) {
      const float value = plane[(size_t)i * s.width + j];
      if (value > most || value != value) most = value;
    }
  }
  y[((size_t)blockIdx.z * s.pooled_height + row) * s.pooled_width + column] = most;
}

// Whether a pixel of the window before (row, column) has the value already.
static __device__ __forceinline__ bool seen_before(const float* __restrict__ plane, int width, Range rows,
                                                   Range columns, int row, int column, float value) {
  for (int i = rows.first; i <= row; ++i) {
    const int end = i == row ? column : columns.first + columns.count;
    for (int j = columns.first; j < end; ++j) {
      if (plane[(size_t)i * width + j] == value) return true;
    }
  }
  return false;
}

extern "C" __global__ void max_pool_adjoint(const float* __restrict__ x, const float* __restrict__ y,
                                            const float* __restrict__ dY, PoolSize s, float* __restrict__ dX) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= s.width || row >= s.height) return;
  const Range down = pool_windows(row, s.height, s.pooled_height, s.vertical);
  const Range right = pool_windows(column, s.width, s.pooled_width, s.horizontal);
  const float* plane = x + (size_t)blockIdx.z * s.height * s.width;
  const size_t pooled = (size_t)blockIdx.z * s.pooled_height * s.pooled_width;
  const float value = plane[(size_t)row * s.width + column];
  float sum = 0;
  for (int i = down.first; i < down.first + down.count; ++i) {
    const Range rows = pool_pixels(i, s.height, s.pooled_height, s.vertical);
    for (int j = right.first; j < right.first + right.count; ++j) {
      const Range columns = pool_pixels(j, s.width, s.pooled_width, s.horizontal);
      const size_t at = pooled + (size_t)i * s.pooled_width + j;
      if (y[at] == value && !seen_before(plane, s.width, rows, columns, row, column, value)) sum += dY[at];
    }
  }
  dX[((size_t)blockIdx.z * s.height + row) * s.width + column] += sum;
}
