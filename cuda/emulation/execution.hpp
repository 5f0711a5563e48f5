// Runs a grid of threads on the CPU: each is a fiber that stops where CUDA's threads wait for each other.
//
// What the model cannot allow ends the process with a line on stderr: threads of a block at different barriers, at a
// barrier that another thread has left behind for good, lanes missing at a shuffle. What it leaves open is decided in
// three ways, by the schedule: blocks and threads in their order, backwards, or shuffled. Shared memory holds NaN when
// a block begins.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};

namespace emulation {
enum class Schedule { forward, backward, shuffled };

// Where a thread stands.
struct Place {
  dim3 thread, block, block_size, grid_size;
  unsigned lane = 0;
};

extern const Place* here;  // of the running thread

inline const Place& current() { return *here; }

// __syncthreads; line tells barriers apart.
void wait_for_block(int line);

// Hands a value to the warp and returns all 32 lanes' values, when they are there.
const uint64_t* exchange(uint32_t mask, uint64_t value, int line);

// The block's shared memory whose size the launch gives.
void* dynamic_shared();

// Runs body once for each thread.
void launch(dim3 grid, dim3 block, size_t dynamic_bytes, Schedule schedule, const std::function<void()>& body);
}  // namespace emulation
