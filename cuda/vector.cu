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

static constexpr int MOST_TERMS = 32;

struct Terms {
  const float* at[MOST_TERMS];
};

struct Factors {
  double at[MOST_TERMS];
};

// out = sum of factor * term, in double and in the terms' order; out is none of them
extern "C" __global__ void combine(int count, Terms terms, Factors factors, float* __restrict__ out, size_t n) {
  float4* to = reinterpret_cast<float4*>(out);
  for (size_t i = thread_index(); i < n / 4; i += thread_count()) {
    double x = 0, y = 0, z = 0, w = 0;
    for (int t = 0; t < count; ++t) {
      const float4 v = reinterpret_cast<const float4*>(terms.at[t])[i];
      const double factor = factors.at[t];
      x += factor * v.x;
      y += factor * v.y;
      z += factor * v.z;
      w += factor * v.w;
    }
    to[i] = {(float)x, (float)y, (float)z, (float)w};
  }
  const size_t tail = n / 4 * 4 + thread_index();
  if (tail >= n) return;
  double sum = 0;
  for (int t = 0; t < count; ++t) sum += factors.at[t] * terms.at[t][tail];
  out[tail] = (float)sum;
}
