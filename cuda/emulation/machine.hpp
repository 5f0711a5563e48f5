// What the emulated driver's calls share: the machine's settings, its memory and its streams.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "execution.hpp"
#include "stream.hpp"

#define API extern "C" __attribute__((visibility("default"))) int

namespace emulation {
using Address = unsigned long long;
using Lock = std::lock_guard<std::mutex>;

struct Settings {
  Schedule schedule = Schedule::forward;
  long devices = 1;
  long memory = 4096;
  long driver = 13000;
  long lost = -1;
  bool busy = false;
};

struct Allocation {
  size_t bytes;
  int device;
};

// All of it is guarded by the mutex: one call at a time, for the execution has one machine.
struct State {
  std::mutex mutex;
  std::map<Address, Allocation> allocations;
  std::map<int, size_t> allocated;                  // by device
  std::map<int, std::unique_ptr<Stream>> defaults;  // each device's own stream
  std::set<Stream*> streams;                        // and the program's
  std::set<void*> pinned;                           // the program's own memory that copies may go into
  long launches = 0;
  bool lost = false;
  long submissions = 0;
  long waits = 0;
  std::map<size_t, int> uploads;  // how many of so many bytes
  std::map<size_t, int> downloads;
};

extern const Settings settings;
extern State state;
extern thread_local int entered;  // the device that this thread has entered, or -1

size_t total_bytes();

// SUCCESS if all bytes lie in one allocation of the device.
int touching(int device, Address address, size_t bytes);

Stream& default_stream();
Stream& stream_at(void* handle);

int submit(void* stream, Work work);

// While this thread captures, what waits for a device or changes its memory is not allowed.
int unless_capturing();

// Does all work of the entered device.
int finish_device();
}  // namespace emulation
