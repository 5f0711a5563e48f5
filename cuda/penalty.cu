// Total variation and the range penalty: each value and its gradient in one pass.
//
//   Arrays      x, gradient [C][H][W]; partials, one a block, are summed by sum_partials
//   Repeatable  yes: the number of blocks depends on the picture's size alone, and every pixel gathers
#include "common.cuh"

// An axis: n pixels, what lies beyond, and 1 / (steps of the picture along it), 0 where there are none.
struct Axis {
  int n, edge;
  double per_step;
};

// The step that ends or begins at pixel i: from the pixel before, to the pixel after; 0 where there is none.
static __device__ __forceinline__ double step_after(const float* __restrict__ line, int i, size_t stride, Axis axis) {
  if (i + 1 == axis.n && axis.edge != EDGE_WRAP) return 0;
  const int next = i + 1 < axis.n ? i + 1 : 0;
  return (double)line[next * stride] - line[i * stride];
}

static __device__ __forceinline__ double step_before(const float* __restrict__ line, int i, size_t stride, Axis axis) {
  if (i == 0 && axis.edge != EDGE_WRAP) return 0;
  const int last = i > 0 ? i - 1 : axis.n - 1;
  return (double)line[i * stride] - line[last * stride];
}

// Mean squared step along both axes, added; gradient += factor * its derivative. Block (32, 8), grid (ceil(W / 32),
// any, C).
extern "C" __global__ void total_variation(const float* __restrict__ x, Axis vertical, Axis horizontal, float factor,
                                           float* __restrict__ gradient, double* __restrict__ partials) {
  __shared__ double warps[32];
  const size_t width = horizontal.n;
  const size_t plane = (size_t)blockIdx.z * vertical.n * width;
  const int column = blockIdx.x * blockDim.x + threadIdx.x;
  double sum = 0;
  for (int row = blockIdx.y * blockDim.y + threadIdx.y; row < vertical.n; row += blockDim.y * gridDim.y) {
    if (column >= horizontal.n) break;
    const float* down = x + plane + column;
    const float* right = x + plane + row * width;
    const double below = step_after(down, row, width, vertical);
    const double beside = step_after(right, column, 1, horizontal);
    sum += below * below * vertical.per_step + beside * beside * horizontal.per_step;
    const double slope = (step_before(down, row, width, vertical) - below) * vertical.per_step +
                         (step_before(right, column, 1, horizontal) - beside) * horizontal.per_step;
    gradient[plane + row * width + column] += (float)(factor * 2.0 * slope);
  }
  sum = block_sum(sum, warps);
  if (threadIdx.x == 0 && threadIdx.y == 0) {
    partials[((size_t)blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x] = sum;
  }
}

// Squared distance to 0 ... 1, divided by n; gradient += factor * its derivative. 256 threads a block.
extern "C" __global__ void range_penalty(const float* __restrict__ x, size_t n, float factor,
                                         float* __restrict__ gradient, double* __restrict__ partials) {
  __shared__ double warps[32];
  double sum = 0;
  for (size_t i = thread_index(); i < n; i += thread_count()) {
    const double value = x[i];
    const double outside = value < 0 ? value : value <= 1 ? 0.0 : value - 1;
    sum += outside * outside / n;
    gradient[i] += (float)(factor * 2.0 * outside / n);
  }
  sum = block_sum(sum, warps);
  if (threadIdx.x == 0) partials[blockIdx.x] = sum;
}
