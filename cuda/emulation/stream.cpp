#include "stream.hpp"

#include <utility>

namespace emulation {
int Stream::submit(Work work) {
  if (broken_) return CAPTURE_INVALIDATED;
  if (capture_ != nullptr) {
    capture_->works.push_back(std::move(work));
    return SUCCESS;
  }
  queue_.push_back(std::move(work));
  ++submitted_;
  return SUCCESS;
}

void Stream::reach(uint64_t count) {
  while (done_ < count) {
    const Work work = std::move(queue_.front());
    queue_.pop_front();
    ++done_;
    const int result = work();
    if (error_ == SUCCESS) error_ = result;
  }
}

int Stream::finish() {
  return capture_ != nullptr ? break_capture() : drain();
}

int Stream::drain() {
  reach(submitted_);
  return std::exchange(error_, SUCCESS);
}

int Stream::begin_capture(bool all_threads) {
  if (capture_ != nullptr) return INVALID_VALUE;
  capture_ = new Graph();
  broken_ = false;
  all_threads_ = all_threads;
  thread_ = std::this_thread::get_id();
  return SUCCESS;
}

int Stream::end_capture(Graph** graph) {
  *graph = nullptr;
  if (capture_ == nullptr) return INVALID_VALUE;
  Graph* recorded = std::exchange(capture_, nullptr);
  if (std::exchange(broken_, false)) {
    delete recorded;
    return CAPTURE_INVALIDATED;
  }
  *graph = recorded;
  return SUCCESS;
}

int Stream::break_capture() {
  broken_ = true;
  return CAPTURE_UNSUPPORTED;
}
}  // namespace emulation
