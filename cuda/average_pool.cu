// The weighted mean over each window of 2:1 pooling, and its adjoint.
//
//   Arrays      x, dX [C][H][W]; y, dY [C][h][w], h = max(1, H / 2), w = max(1, W / 2)
//   Launch      block (32, 8), one thread for each value written, grid.z = C
//   Repeatable  yes: each value gathers in a fixed order
//   Source      average in place of max pooling: Gatys, Ecker and Bethge 2015, arXiv:1505.07376, section 2
#include "pool_axis.cuh"

extern "C" __global__ void average_pool(const float* __restrict__ x, PoolSize s, float* __restrict__ y) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= s.pooled_width || row >= s.pooled_height) return;
  const Range rows = pool_pixels(row, s.height, s.pooled_height, s.vertical);
  const Range columns = pool_pixels(column, s.width, s.pooled_width, s.horizontal);
  const float* plane = x + (size_t)blockIdx.z * s.height * s.width;
  float sum = 0;
  for (int i = rows.first; i < rows.first + rows.count; ++i) {
    const float down = pool_share(row, i, s.height, s.pooled_height, s.vertical);
    for (int j = columns.first; j < columns.first + columns.count; ++j) {
      const float right = pool_share(column, j, s.width, s.pooled_width, s.horizontal);
      sum += down * right * plane[(size_t)i * s.width + j];
    }
  }
  y[((size_t)blockIdx.z * s.pooled_height + row) * s.pooled_width + column] = sum;
}

extern "C" __global__ void average_pool_adjoint(const float* __restrict__ dY, PoolSize s, float* __restrict__ dX) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= s.width || row >= s.height) return;
  const Range rows = pool_windows(row, s.height, s.pooled_height, s.vertical);
  const Range columns = pool_windows(column, s.width, s.pooled_width, s.horizontal);
  const float* plane = dY + (size_t)blockIdx.z * s.pooled_height * s.pooled_width;
  float sum = 0;
  for (int i = rows.first; i < rows.first + rows.count; ++i) {
    const float down = pool_share(i, row, s.height, s.pooled_height, s.vertical);
    for (int j = columns.first; j < columns.first + columns.count; ++j) {
      const float right = pool_share(j, column, s.width, s.pooled_width, s.horizontal);
      sum += down * right * plane[(size_t)i * s.pooled_width + j];
    }
  }
  dX[((size_t)blockIdx.z * s.height + row) * s.width + column] += sum;
}
