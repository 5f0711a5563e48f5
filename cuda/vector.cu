// Steps of optimisers over whole tensors.
//
//   Arrays      [n], 16 bytes aligned; a scaled and an added tensor never overlap
//   Launch      256 threads a block, any number of blocks; four values a thread and turn
//   Repeatable  yes: every value has one thread
#include "common.cuh"

extern "C" __global__ void scale(float factor, float* __restrict__ x, size_t n) {
  float4* quads = reinterpret_cast<float4*>(x);
  for (size_t i = thread_index(); i < n / 4; i += thread_count()) {
    float4 v = quads[i];
    v.x *= factor;
    v.y *= factor;
    v.z *= factor;
    v.w *= factor;
    quads[i] = v;
  }
  const size_t tail = n / 4 * 4 + thread_index();
  if (tail < n) x[tail] *= factor;
}

// sum += factor * x
extern "C" __global__ void add_scaled(float factor, const float* __restrict__ x, float* __restrict__ sum, size_t n) {
  const float4* from = reinterpret_cast<const float4*>(x);
  float4* to = reinterpret_cast<float4*>(sum);
  for (size_t i = thread_index(); i < n / 4; i += thread_count()) {
    const float4 a = from[i];
    float4 v = to[i];
    v.x += factor * a.x;
    v.y += factor * a.y;
    v.z += factor * a.z;
    v.w += factor * a.w;
    to[i] = v;
  }
  const size_t tail = n / 4 * 4 + thread_index();
  if (tail < n) sum[tail] += factor * x[tail];
}
