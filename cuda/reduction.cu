// Sums over whole tensors, in double.
//
//   Launch      256 threads a block; the number of blocks may depend on the array's size alone, never on the device
//   Repeatable  yes: each block's sum has a fixed order, and so has the sum of the blocks
#include "common.cuh"

// partials [blocks]: sums of a * b, a and b [n], 16 bytes aligned.
extern "C" __global__ void dot(const float* __restrict__ a, const float* __restrict__ b, size_t n,
                               double* __restrict__ partials) {
  __shared__ double warps[32];
  const float4* quads_a = reinterpret_cast<const float4*>(a);
  const float4* quads_b = reinterpret_cast<const float4*>(b);
  double sum = 0;
  for (size_t i = thread_index(); i < n / 4; i += thread_count()) {
    const float4 u = quads_a[i];
    const float4 v = quads_b[i];
    sum += (double)u.x * v.x;
    sum += (double)u.y * v.y;
    sum += (double)u.z * v.z;
    sum += (double)u.w * v.w;
  }
  const size_t tail = n / 4 * 4 + thread_index();
  if (tail < n) sum += (double)a[tail] * b[tail];
  sum = block_sum(sum, warps);
  if (threadIdx.x == 0) partials[blockIdx.x] = sum;
}

// sum [1] of partials [count], in one block.
extern "C" __global__ void sum_partials(const double* __restrict__ partials, int count, double* __restrict__ sum) {
  __shared__ double warps[32];
  double own = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) own += partials[i];
  own = block_sum(own, warps);
  if (threadIdx.x == 0) *sum = own;
}
