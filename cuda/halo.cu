// A picture with a border of radius r around it, filled as its edges say, and the adjoint, which folds it back.
//
//   Arrays      x, dX [C][H][W]; padded [C][H + 2r][W + 2r]
//   Launch      block (32, 8), one thread for each value written, grid.z = C
//   Repeatable  yes: each pixel gathers from its copies in a fixed order
#include "common.cuh"

extern "C" __global__ void halo(const float* __restrict__ x, int height, int width, int radius, int vertical,
                                int horizontal, float* __restrict__ padded) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  const int padded_height = height + 2 * radius;
  const int padded_width = width + 2 * radius;
  if (column >= padded_width || row >= padded_height) return;
  const int from_row = edge_index(row - radius, height, vertical);
  const int from_column = edge_index(column - radius, width, horizontal);
  const bool outside = from_row < 0 || from_column < 0;
  padded[((size_t)blockIdx.z * padded_height + row) * padded_width + column] =
      outside ? 0.0f : x[((size_t)blockIdx.z * height + from_row) * width + from_column];
}

// The a-th of the 2r + 1 places where pixel i of n may stand: before the first pixel, at its own place, behind the
// last. Counted from the padded border; -1 where another pixel stands.
static __device__ __forceinline__ int halo_copy(int a, int i, int n, int radius, int edge) {
  const int place = a < radius ? a - radius : a == radius ? i : n + a - radius - 1;
  return edge_index(place, n, edge) == i ? place + radius : -1;
}

// Whether pixel i of n stands at its own place only.
static __device__ __forceinline__ bool far_from_border(int i, int n, int radius) {
  return i > radius && i < n - 1 - radius;
}

// dX += what comes from all copies of each pixel.
extern "C" __global__ void halo_adjoint(const float* __restrict__ padded, int height, int width, int radius,
                                        int vertical, int horizontal, float* __restrict__ dX) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  const int row = blockIdx.y * blockDim.y + threadIdx.y;
  if (column >= width || row >= height) return;
  const int padded_width = width + 2 * radius;
  const float* plane = padded + (size_t)blockIdx.z * (height + 2 * radius) * padded_width;
  const int rows = far_from_border(row, height, radius) ? 0 : radius;
  const int columns = far_from_border(column, width, radius) ? 0 : radius;
  float sum = 0;
  for (int a = radius - rows; a <= radius + rows; ++a) {
    const int y = halo_copy(a, row, height, radius, vertical);
    for (int b = radius - columns; y >= 0 && b <= radius + columns; ++b) {
      const int x = halo_copy(b, column, width, radius, horizontal);
      if (x >= 0) sum += plane[(size_t)y * padded_width + x];
    }
  }
  dX[((size_t)blockIdx.z * height + row) * width + column] += sum;
}
