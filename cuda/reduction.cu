// Sums over whole tensors, in double.
//
//   Launch      256 threads a block; the number of blocks may depend on the array's size alone, never on the device
//   Repeatable  yes: each block's sum has a fixed order, and so has the sum of the blocks
#include "common.cuh"

// Quads of a and b, and the rest; the order for one thread.
static __device__ __forceinline__ void add_products(float4 u, float4 v, double& sum) {
  sum += (double)u.x * v.x;
  sum += (double)u.y * v.y;
  sum += (double)u.z * v.z;
  sum += (double)u.w * v.w;
}

// partials [blocks]: sums of a * b, a and b [n], 16 bytes aligned.
extern "C" __global__ void dot(const float* __restrict__ a, const float* __restrict__ b, size_t n,
                               double* __restrict__ partials) {
  __shared__ double warps[32];
  const float4* quads_a = reinterpret_cast<const float4*>(a);
  const float4* quads_b = reinterpret_cast<const float4*>(b);
  double sum = 0;
  for (size_t i = thread_index(); i < n / 4; i += thread_count()) {
    add_products(quads_a[i], quads_b[i], sum);
  }
  const size_t tail = n / 4 * 4 + thread_index();
  if (tail < n) sum += (double)a[tail] * b[tail];
  sum = block_sum(sum, warps);
  if (threadIdx.x == 0) partials[blockIdx.x] = sum;
}

static constexpr int MOST_ROWS = 4;
static constexpr int MOST_COLUMNS = 32;
static constexpr int COLUMNS_OF_BLOCK = 4;

struct Rows {
  const float* at[MOST_ROWS];
};

struct Columns {
  const float* at[MOST_COLUMNS];
};

struct DotsSize {
  int rows, columns;
};

// partials [rows][columns][blocks]: what dot finds for each pair of a row and a column, to the bit; grid (blocks,
// ceil(columns / 4)). A block reads each row once for its four columns.
extern "C" __global__ void __launch_bounds__(256)
    dots(Rows a, Columns b, DotsSize size, size_t n, double* __restrict__ partials) {
  __shared__ double warps[32];
  const int column0 = blockIdx.y * COLUMNS_OF_BLOCK;
  double sums[MOST_ROWS][COLUMNS_OF_BLOCK] = {};
  for (size_t i = thread_index(); i < n / 4; i += thread_count()) {
    float4 v[COLUMNS_OF_BLOCK];
#pragma unroll
    for (int c = 0; c < COLUMNS_OF_BLOCK; ++c) {
      if (column0 + c < size.columns) v[c] = reinterpret_cast<const float4*>(b.at[column0 + c])[i];
    }
#pragma unroll
    for (int r = 0; r < MOST_ROWS; ++r) {
      if (r >= size.rows) break;
      const float4 u = reinterpret_cast<const float4*>(a.at[r])[i];
#pragma unroll
      for (int c = 0; c < COLUMNS_OF_BLOCK; ++c) {
        if (column0 + c < size.columns) add_products(u, v[c], sums[r][c]);
      }
    }
  }
  const size_t tail = n / 4 * 4 + thread_index();
#pragma unroll
  for (int r = 0; r < MOST_ROWS; ++r) {
#pragma unroll
    for (int c = 0; c < COLUMNS_OF_BLOCK; ++c) {
      const int column = column0 + c;
      if (r >= size.rows || column >= size.columns) continue;
      if (tail < n) sums[r][c] += (double)a.at[r][tail] * b.at[column][tail];
      const double sum = block_sum(sums[r][c], warps);
      if (threadIdx.x == 0) partials[((size_t)r * size.columns + column) * gridDim.x + blockIdx.x] = sum;
      __syncthreads();  // warps is free again
    }
  }
}

// sums [count] of partials [count][length], a block each.
extern "C" __global__ void sum_partials(const double* __restrict__ partials, int length, double* __restrict__ sums) {
  __shared__ double warps[32];
  double own = 0;
  const double* from = partials + (size_t)blockIdx.x * length;
  for (int i = threadIdx.x; i < length; i += blockDim.x) own += from[i];
  own = block_sum(own, warps);
  if (threadIdx.x == 0) sums[blockIdx.x] = own;
}
