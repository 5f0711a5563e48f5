// The CUDA language for a C++20 compiler: what the kernels in cuda/ use of it, and no more. Included before them, it
// lets the same sources run on the CPU, one fiber a thread.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "execution.hpp"

#define __global__
#define __device__
#define __forceinline__ inline
#define __restrict__ __restrict
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))

// One block runs at a time, so its shared memory is a section of this library; see execution.cpp.
#define __shared__ static __attribute__((section("block_shared")))
#define DYNAMIC_SHARED(type, name) type* name = static_cast<type*>(emulation::dynamic_shared())

struct alignas(16) float4 {
  float x, y, z, w;
};

#define threadIdx (emulation::current().thread)
#define blockIdx (emulation::current().block)
#define blockDim (emulation::current().block_size)
#define gridDim (emulation::current().grid_size)

#define __syncthreads() emulation::wait_for_block(__LINE__)
#define __shfl_down_sync(mask, value, delta) emulation::shuffle_down(mask, value, delta, __LINE__)

inline float __fadd_rn(float a, float b) { return a + b; }

inline float __fmul_rn(float a, float b) { return a * b; }

inline double __dadd_rn(double a, double b) { return a + b; }

inline double __dmul_rn(double a, double b) { return a * b; }

// One thread runs at a time.
inline int atomicAdd(int* to, int value) {
  const int before = *to;
  *to += value;
  return before;
}

inline unsigned __float_as_uint(float value) {
  unsigned bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float __uint_as_float(unsigned bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class T>
inline T min(T a, T b) {
  return b < a ? b : a;
}

template <class T>
inline T max(T a, T b) {
  return a < b ? b : a;
}

namespace emulation {
// The value of the lane delta further on, or one's own behind the last: CUDA's shuffle over a whole warp.
template <class T>
inline T shuffle_down(uint32_t mask, T value, unsigned delta, int line) {
  static_assert(sizeof(T) <= sizeof(uint64_t));
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  const unsigned lane = current().lane;
  const uint64_t* all = exchange(mask, bits, line);
  T result;
  std::memcpy(&result, &all[lane + delta < 32 ? lane + delta : lane], sizeof result);
  return result;
}
}  // namespace emulation
