#include "machine.hpp"

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

namespace emulation {
namespace {
Schedule schedule_named(const std::string& name) {
  if (name == "backward") return Schedule::backward;
  if (name == "shuffled") return Schedule::shuffled;
  if (name == "forward") return Schedule::forward;
  std::fprintf(stderr, "emulated CUDA: no schedule %s\n", name.c_str());
  std::abort();
}

Settings read_settings() {
  Settings s;
  const char* words = std::getenv("GRAMLOOM_EMULATED_DEVICE");
  std::istringstream in(words == nullptr ? "" : words);
  for (std::string word; std::getline(in, word, ',');) {
    const size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (key == "schedule") s.schedule = schedule_named(value);
    if (key == "devices") s.devices = std::stol(value);
    if (key == "memory") s.memory = std::stol(value);
    if (key == "driver") s.driver = std::stol(value);
    if (key == "lost") s.lost = std::stol(value);
    if (key == "busy") s.busy = true;
  }
  return s;
}
}  // namespace

const Settings settings = read_settings();
State state;
thread_local int entered = -1;

size_t total_bytes() { return static_cast<size_t>(settings.memory) << 20; }

int touching(int device, Address address, size_t bytes) {
  if (state.lost) return LAUNCH_FAILED;
  auto after = state.allocations.upper_bound(address);
  if (after == state.allocations.begin()) return INVALID_VALUE;
  --after;
  const auto& [begin, allocation] = *after;
  return allocation.device == device && address + bytes <= begin + allocation.bytes ? SUCCESS : INVALID_VALUE;
}

Stream& default_stream() {
  std::unique_ptr<Stream>& stream = state.defaults[entered];
  if (stream == nullptr) stream = std::make_unique<Stream>(entered);
  return *stream;
}

Stream& stream_at(void* handle) { return handle == nullptr ? default_stream() : *static_cast<Stream*>(handle); }

int submit(void* stream, Work work) {
  if (state.lost) return LAUNCH_FAILED;
  ++state.submissions;
  return stream_at(stream).submit(std::move(work));
}

int unless_capturing() {
  for (Stream* stream : state.streams) {
    if (stream->forbids()) return stream->break_capture();
  }
  return state.lost ? LAUNCH_FAILED : SUCCESS;
}

int finish_device() {
  ++state.waits;
  int result = default_stream().drain();
  for (Stream* stream : state.streams) {
    if (stream->device == entered && result == SUCCESS) result = stream->drain();
  }
  return state.lost ? LAUNCH_FAILED : result;
}
}  // namespace emulation
