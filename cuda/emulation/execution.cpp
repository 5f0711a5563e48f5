#include "execution.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "fiber.hpp"

// The linker's names for the section that __shared__ puts variables into.
extern "C" {
extern char __start_block_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_block_shared[] __attribute__((weak, visibility("hidden")));
}

namespace emulation {
namespace {
constexpr unsigned WARP = 32;
constexpr unsigned MOST_THREADS = 1024;
constexpr int ABORTED = 134;  // as after a signal, without the dump of whatever process this is in
constexpr int POISON = 0xff;  // NaN as float and as double, -1 as int

enum class State { ready, at_barrier, at_exchange, done };

struct Thread {
  Fiber* fiber = nullptr;  // from when it begins until it ends
  Place place;
  State state = State::done;
  int line = 0;
  unsigned exchanges = 0;
};

// A warp's exchange: two sets of values, for a lane may begin the next before the others have read this one.
struct Warp {
  uint64_t values[2][WARP];
  uint32_t arrived = 0;
  int line = 0;
};

struct Machine {
  Fiber launcher;
  std::vector<std::unique_ptr<Thread>> threads;
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<Fiber*> idle;  // the last one used is used next: its stack is in the cache
  std::vector<Warp> warps;
  std::vector<unsigned> order;
  unsigned count = 0;
  unsigned waiting = 0;
  unsigned done = 0;
  int barrier_line = 0;
  Thread* running = nullptr;
  void* dynamic = nullptr;
  const std::function<void()>* body = nullptr;
};

Machine machine;

[[noreturn]] void fail(const char* what, int line, int other) {
  std::fprintf(stderr, "emulated CUDA: %s (line %d, line %d)\n", what, line, other);
  std::fflush(stderr);
  std::_Exit(ABORTED);
}

void leave() {
  Thread& self = *machine.running;
  self.fiber->switch_to(machine.launcher);
}

void run_thread() {
  Thread& self = *machine.running;
  Fiber::arrived(*self.fiber);
  (*machine.body)();
  if (machine.waiting > 0) fail("a thread has ended while others wait at a barrier", 0, machine.barrier_line);
  self.state = State::done;
  ++machine.done;
  leave();
  std::abort();  // nothing resumes a thread that has ended
}

void order_by(Schedule schedule, std::vector<unsigned>& order) {
  std::iota(order.begin(), order.end(), 0u);
  if (schedule == Schedule::backward) std::reverse(order.begin(), order.end());
  if (schedule == Schedule::shuffled) std::shuffle(order.begin(), order.end(), std::mt19937(1));
}

// In a function that the sanitizer does not look into: red zones lie between the variables.
__attribute__((no_sanitize("address"), noinline)) void poison(char* begin, const char* end) {
  for (volatile char* p = begin; p < end; ++p) *p = static_cast<char>(POISON);
}

void begin_block(dim3 block, const Place& common) {
  machine.waiting = machine.done = 0;
  for (Warp& warp : machine.warps) warp.arrived = 0;
  for (unsigned i = 0; i < machine.count; ++i) {
    Thread& thread = *machine.threads[i];
    thread.place = common;
    thread.place.thread = {i % block.x, i / block.x % block.y, i / (block.x * block.y)};
    thread.place.lane = i % WARP;
    thread.state = State::ready;
    thread.exchanges = 0;
  }
}

Fiber* idle_fiber() {
  if (machine.idle.empty()) {
    machine.fibers.push_back(std::make_unique<Fiber>());
    machine.idle.push_back(machine.fibers.back().get());
  }
  Fiber* fiber = machine.idle.back();
  machine.idle.pop_back();
  fiber->prepare(run_thread);
  return fiber;
}

void run(Thread& thread) {
  if (thread.fiber == nullptr) thread.fiber = idle_fiber();
  machine.running = &thread;
  here = &thread.place;
  machine.launcher.switch_to(*thread.fiber);
  if (thread.state == State::done) {
    machine.idle.push_back(thread.fiber);
    thread.fiber = nullptr;
  }
}

void run_block() {
  while (machine.done < machine.count) {
    bool progress = false;
    for (const unsigned i : machine.order) {
      Thread& thread = *machine.threads[i];
      if (thread.state != State::ready) continue;
      progress = true;
      run(thread);
    }
    if (!progress) fail("threads wait for others that never come", machine.barrier_line, 0);
  }
}

void prepare(unsigned threads, Schedule schedule) {
  while (machine.threads.size() < threads) machine.threads.push_back(std::make_unique<Thread>());
  machine.count = threads;
  machine.warps.resize((threads + WARP - 1) / WARP);
  machine.order.resize(threads);
  order_by(schedule, machine.order);
}
}  // namespace

const Place* here = nullptr;

void* dynamic_shared() { return machine.dynamic; }

void wait_for_block(int line) {
  Thread& self = *machine.running;
  if (machine.done > 0) fail("a barrier after a thread of the block has ended", line, 0);
  if (machine.waiting > 0 && machine.barrier_line != line) {
    fail("threads of a block wait at different barriers", line, machine.barrier_line);
  }
  machine.barrier_line = line;
  if (++machine.waiting < machine.count) {
    self.state = State::at_barrier;
    leave();
    return;
  }
  machine.waiting = 0;
  for (unsigned i = 0; i < machine.count; ++i) {
    if (machine.threads[i]->state == State::at_barrier) machine.threads[i]->state = State::ready;
  }
}

const uint64_t* exchange(uint32_t mask, uint64_t value, int line) {
  Thread& self = *machine.running;
  const unsigned lane = self.place.lane;
  const dim3 t = self.place.thread;
  const dim3 size = self.place.block_size;
  const unsigned index = (t.z * size.y + t.y) * size.x + t.x;
  Warp& warp = machine.warps[index / WARP];
  if (mask != 0xffffffffu) fail("only whole warps exchange values here", line, 0);
  if (machine.count % WARP != 0) fail("an exchange in a block that is not made of whole warps", line, 0);
  if (warp.arrived != 0 && warp.line != line) fail("lanes of a warp at different exchanges", line, warp.line);
  warp.line = line;
  const unsigned set = self.exchanges++ % 2;
  warp.values[set][lane] = value;
  warp.arrived |= 1u << lane;
  if (warp.arrived != 0xffffffffu) {
    self.state = State::at_exchange;
    leave();
    return warp.values[set];
  }
  warp.arrived = 0;
  for (unsigned i = index / WARP * WARP; i < index / WARP * WARP + WARP; ++i) {
    Thread& other = *machine.threads[i];
    if (other.state == State::at_exchange) other.state = State::ready;
  }
  return warp.values[set];
}

void launch(dim3 grid, dim3 block, size_t dynamic_bytes, Schedule schedule, const std::function<void()>& body) {
  const unsigned threads = block.x * block.y * block.z;
  if (threads == 0 || threads > MOST_THREADS) fail("a block has 1 to 1024 threads", 0, 0);
  prepare(threads, schedule);
  machine.body = &body;
  std::vector<unsigned> blocks(static_cast<size_t>(grid.x) * grid.y * grid.z);
  order_by(schedule, blocks);
  for (const unsigned b : blocks) {
    // Made anew for each block, so that the sanitizer knows its end.
    machine.dynamic = std::malloc(dynamic_bytes);
    if (dynamic_bytes > 0) std::memset(machine.dynamic, POISON, dynamic_bytes);
    if (__start_block_shared != nullptr) poison(__start_block_shared, __stop_block_shared);
    Place place;
    place.block = {b % grid.x, b / grid.x % grid.y, b / grid.x / grid.y};
    place.block_size = block;
    place.grid_size = grid;
    begin_block(block, place);
    run_block();
    std::free(machine.dynamic);
  }
  machine.body = nullptr;
}
}  // namespace emulation
