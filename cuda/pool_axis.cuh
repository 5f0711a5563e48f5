// The windows of 2:1 pooling along one axis of n pixels and m windows; dev.gramloom.backend.PoolAxis defines them.
// Window i of a wrapping axis of odd length is [i n, (i + 1) n) in units of 1/m of a pixel, pixel p is
// [p m, (p + 1) m). Lengths below 65536, so that these fit 32 bits.
#pragma once
#include "common.cuh"

struct Range {
  int first, count;
};

static __device__ __forceinline__ bool pool_pairs(int n, int edge) { return n % 2 == 0 || edge != EDGE_WRAP; }

// The pixels of window i.
static __device__ __forceinline__ Range pool_pixels(int i, int n, int m, int edge) {
  if (n == 1) return {0, 1};
  if (pool_pairs(n, edge)) return {2 * i, 2};
  const int first = i * n / m;
  return {first, ((i + 1) * n - 1) / m - first + 1};
}

// The windows that pixel p counts in; none for the last odd pixel of an axis that does not wrap.
static __device__ __forceinline__ Range pool_windows(int p, int n, int m, int edge) {
  if (n == 1) return {0, 1};
  if (pool_pairs(n, edge)) return {p / 2, p / 2 < m ? 1 : 0};
  const int first = p * m / n;
  return {first, ((p + 1) * m - 1) / n - first + 1};
}

// The weight of pixel p in window i.
static __device__ __forceinline__ float pool_share(int i, int p, int n, int m, int edge) {
  if (n == 1) return 1.0f;
  if (pool_pairs(n, edge)) return 0.5f;
  const int inside = min((i + 1) * n, (p + 1) * m) - max(i * n, p * m);
  return (float)inside / (float)n;
}

// A picture before and after pooling, and its edges.
struct PoolSize {
  int height, width, pooled_height, pooled_width, vertical, horizontal;
};
