// Streams, events and graphs. Work that a stream is given waits until somebody waits for it: a program that reads too
// early finds what was there before.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

namespace emulation {
using Work = std::function<int()>;  // a CUresult

// CUresult, from cuda.h.
enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  DEVICES_UNAVAILABLE = 46,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  UNSUPPORTED_PTX = 222,
  NOT_FOUND = 500,
  LAUNCH_FAILED = 719,  // after which a context is of no more use
  NOT_SUPPORTED = 801,
  CAPTURE_UNSUPPORTED = 900,
  CAPTURE_INVALIDATED = 901
};

// What a capture has recorded; launched as one piece of work.
struct Graph {
  std::vector<Work> works;
};

// Work in its order.
class Stream {
 public:
  explicit Stream(int device) : device(device) {}

  // Takes work, or records it.
  int submit(Work work);

  // Does all work; the first thing that went wrong since the last time.
  int finish();

  // The same, but for what is being recorded.
  int drain();

  // How much was submitted.
  uint64_t submitted() const { return submitted_; }

  // Does the first that were submitted.
  void reach(uint64_t count);

  // Of this thread, or of all.
  int begin_capture(bool all_threads);
  int end_capture(Graph** graph);  // of which the caller becomes the owner
  bool capturing() const { return capture_ != nullptr; }

  // Whether a capture forbids this thread what waits for a device.
  bool forbids() const { return capturing() && (all_threads_ || std::this_thread::get_id() == thread_); }

  // Something happened that a capture does not allow.
  int break_capture();

  const int device;

 private:
  std::deque<Work> queue_;
  uint64_t submitted_ = 0;
  uint64_t done_ = 0;
  int error_ = SUCCESS;
  Graph* capture_ = nullptr;
  bool broken_ = false;
  bool all_threads_ = false;
  std::thread::id thread_;
};

// A point of a stream.
struct Event {
  Stream* stream = nullptr;
  uint64_t count = 0;
};
}  // namespace emulation
