// The emulation finds what it is there to find: each fault is planted here, in a process of its own. One argument
// names the fault; "none" runs kernels without any and must succeed.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "device.hpp"

using emulation::Schedule;

namespace {
void fill_lanes(int* out) {
  const int sum = emulation::shuffle_down(0xffffffffu, static_cast<int>(threadIdx.x), 1, __LINE__);
  out[threadIdx.x] = sum;
}

// Reads what its neighbour writes, with or without a barrier between.
void pass_on(float* out, bool barrier) {
  __shared__ float values[64];
  values[threadIdx.x] = static_cast<float>(threadIdx.x);
  if (barrier) __syncthreads();
  out[threadIdx.x] = values[(threadIdx.x + 1) % 64];
}

bool passes_on(Schedule schedule, bool barrier) {
  float out[64];
  emulation::launch({}, {64, 1, 1}, 0, schedule, [&] { pass_on(out, barrier); });
  for (int i = 0; i < 64; ++i) {
    if (out[i] != static_cast<float>((i + 1) % 64)) return false;
  }
  return true;
}

int succeed() {
  int lanes[32];
  emulation::launch({}, {32, 1, 1}, 0, Schedule::shuffled, [&] { fill_lanes(lanes); });
  for (int i = 0; i < 32; ++i) {
    if (lanes[i] != (i < 31 ? i + 1 : 31)) return 1;
  }
  for (const Schedule s : {Schedule::forward, Schedule::backward, Schedule::shuffled}) {
    if (!passes_on(s, true)) return 2;
    if (passes_on(s, false)) return 3;  // a missing barrier shows, whatever the schedule
  }
  return 0;
}

void wait_apart() {
  if (threadIdx.x == 0) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}

void wait_alone() {
  if (threadIdx.x > 0) __syncthreads();
}

void exchange_alone() {
  if (threadIdx.x > 0) emulation::shuffle_down(0xffffffffu, 1, 1, __LINE__);
}

// One float too far; only the build with the sanitizer can see it.
void write_behind() {
  DYNAMIC_SHARED(float, values);
  values[threadIdx.x + 1] = 1;
}
}  // namespace

int main(int count, char** words) {
  const char* fault = count > 1 ? words[1] : "none";
  if (std::strcmp(fault, "none") == 0) return succeed();
  const auto run = [](void (*kernel)()) {
    emulation::launch({}, {32, 1, 1}, 32 * sizeof(float), Schedule::forward, kernel);
    return 0;
  };
  if (std::strcmp(fault, "apart") == 0) return run(wait_apart);
  if (std::strcmp(fault, "alone") == 0) return run(wait_alone);
  if (std::strcmp(fault, "lanes") == 0) return run(exchange_alone);
  if (std::strcmp(fault, "behind") == 0) return run(write_behind);
  std::fprintf(stderr, "no fault %s\n", fault);
  return 64;
}
