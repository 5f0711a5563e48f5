// What several operations share: what lies beyond a border, and sums in a fixed order.
//
// All arrays are float32, planar [C][H][W], width fastest, unless they say otherwise. Offsets are 64 bits wide: 512
// channels of 4096 x 4096 pass 2^32.
#pragma once

// Shared memory whose size the launch gives. An emulator has a definition of its own.
#ifndef DYNAMIC_SHARED
#define DYNAMIC_SHARED(type, name) extern __shared__ type name[]
#endif

// What lies beyond the last pixel of an axis; dev.gramloom.tensor.Edge defines it.
enum Edge { EDGE_WRAP = 0, EDGE_REFLECT = 1, EDGE_ZERO = 2 };

static __device__ __forceinline__ int floor_mod(int i, int n) {
  const int rest = i % n;
  return rest < 0 ? rest + n : rest;
}

// The pixel that stands at i of an axis of n, or -1 where there is nothing.
static __device__ __forceinline__ int edge_index(int i, int n, int edge) {
  if (i >= 0 && i < n) return i;
  if (edge == EDGE_ZERO) return -1;
  if (edge == EDGE_WRAP) return floor_mod(i, n);
  if (n == 1) return 0;
  const int folded = floor_mod(i, 2 * n - 2);
  return folded < n ? folded : 2 * n - 2 - folded;
}

static __device__ __forceinline__ size_t thread_index() {
  return (size_t)blockIdx.x * blockDim.x + threadIdx.x;
}

static __device__ __forceinline__ size_t thread_count() { return (size_t)gridDim.x * blockDim.x; }

static __device__ __forceinline__ double warp_sum(double value) {
  for (int step = 16; step > 0; step /= 2) value += __shfl_down_sync(0xffffffffu, value, step);
  return value;
}

// The sum over a block of whole warps, in its first thread; the order depends on nothing but the block's size.
//   warps  shared, [32]
static __device__ __forceinline__ double block_sum(double value, double* warps) {
  const int thread = threadIdx.y * blockDim.x + threadIdx.x;
  const int count = blockDim.x * blockDim.y / 32;
  value = warp_sum(value);
  if (thread % 32 == 0) warps[thread / 32] = value;
  __syncthreads();
  return thread < 32 ? warp_sum(thread < count ? warps[thread] : 0.0) : 0.0;
}
