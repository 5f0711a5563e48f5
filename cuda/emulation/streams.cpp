// The driver's calls about streams, events and graphs.
#include "machine.hpp"

using namespace emulation;

namespace {
constexpr unsigned NON_BLOCKING = 1;
constexpr int GLOBAL = 0;  // mode of a capture
}

API cuStreamCreate(void** stream, unsigned flags) {
  const Lock lock(state.mutex);
  if (flags != NON_BLOCKING) return NOT_SUPPORTED;
  auto* created = new Stream(entered);
  state.streams.insert(created);
  *stream = created;
  return SUCCESS;
}

API cuStreamDestroy_v2(void* handle) {
  const Lock lock(state.mutex);
  auto* stream = static_cast<Stream*>(handle);
  stream->finish();
  state.streams.erase(stream);
  delete stream;
  return SUCCESS;
}

API cuStreamSynchronize(void* stream) {
  const Lock lock(state.mutex);
  ++state.waits;
  const int result = stream_at(stream).finish();
  return state.lost ? LAUNCH_FAILED : result;
}

API cuStreamWaitEvent(void* stream, void* handle, unsigned) {
  const Lock lock(state.mutex);
  const Event event = *static_cast<Event*>(handle);
  return stream_at(stream).submit([event] {
    if (event.stream != nullptr) event.stream->reach(event.count);
    return SUCCESS;
  });
}

API cuEventCreate(void** event, unsigned) {
  *event = new Event();
  return SUCCESS;
}

API cuEventRecord(void* handle, void* stream) {
  const Lock lock(state.mutex);
  Stream& from = stream_at(stream);
  if (from.capturing()) return from.break_capture();
  *static_cast<Event*>(handle) = {&from, from.submitted()};
  return SUCCESS;
}

API cuEventSynchronize(void* handle) {
  const Lock lock(state.mutex);
  ++state.waits;
  const Event& event = *static_cast<Event*>(handle);
  if (event.stream != nullptr) event.stream->reach(event.count);
  return state.lost ? LAUNCH_FAILED : SUCCESS;
}

API cuEventDestroy_v2(void* handle) {
  delete static_cast<Event*>(handle);
  return SUCCESS;
}

API cuStreamBeginCapture_v2(void* stream, int mode) {
  const Lock lock(state.mutex);
  return stream == nullptr ? NOT_SUPPORTED : stream_at(stream).begin_capture(mode == GLOBAL);
}

API cuStreamEndCapture(void* stream, Graph** graph) {
  const Lock lock(state.mutex);
  return stream_at(stream).end_capture(graph);
}

API cuGraphInstantiateWithFlags(void** executable, const Graph* graph, unsigned long long) {
  *executable = new Graph(*graph);
  return SUCCESS;
}

API cuGraphLaunch(const Graph* executable, void* stream) {
  const Lock lock(state.mutex);
  return submit(stream, [works = executable->works] {
    int result = SUCCESS;
    for (const Work& work : works) {
      const int one = work();
      if (result == SUCCESS) result = one;
    }
    return result;
  });
}

API cuGraphExecDestroy(Graph* executable) {
  delete executable;
  return SUCCESS;
}

API cuGraphDestroy(Graph* graph) {
  delete graph;
  return SUCCESS;
}
