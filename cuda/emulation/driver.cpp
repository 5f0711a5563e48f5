// A libcuda.so.1 without a GPU: the part of the driver API that dev.gramloom.backend.cuda uses, on the emulation.
//
// GRAMLOOM_EMULATED_DEVICE, words joined by commas, makes it another machine:
//   schedule=forward|backward|shuffled   how threads follow one another
//   devices=N, memory=MIB, driver=13000  how many, how large, how new
//   busy                                 no context can be made
//   lost=N                               the device is lost at the N-th launch
//
// It is as asynchronous as a GPU may be: streams work when somebody waits for them (stream.hpp), small uploads are
// under way when the call returns, and no stream waits for the default one. It counts: attribute 100001 of a device is
// how often work was submitted, 100002 how often the program waited, 2^28 + N and 2^29 + N how many uploads and
// downloads there were of N bytes.
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "kernels.hpp"
#include "machine.hpp"

using namespace emulation;

namespace {
constexpr long FATBIN_DRIVER = 13000;  // what our fat binary asks for
constexpr int SUBMISSIONS = 100001;    // attributes of ours
constexpr int WAITS = 100002;
constexpr int UPLOADS = 1 << 28;
constexpr int DOWNLOADS = 1 << 29;

int count_of(const std::map<size_t, int>& counts, int bytes) {
  const auto found = counts.find(static_cast<size_t>(bytes));
  return found == counts.end() ? 0 : found->second;
}
}  // namespace

API cuInit(unsigned) { return settings.devices > 0 ? SUCCESS : NO_DEVICE; }

API cuDriverGetVersion(int* version) {
  *version = static_cast<int>(settings.driver);
  return SUCCESS;
}

API cuDeviceGetCount(int* count) {
  *count = static_cast<int>(settings.devices);
  return SUCCESS;
}

API cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return ordinal >= 0 && ordinal < settings.devices ? SUCCESS : INVALID_DEVICE;
}

API cuDeviceGetName(char* name, int length, int device) {
  std::snprintf(name, static_cast<size_t>(length), "emulated GPU %d (CPU)", device);
  return SUCCESS;
}

API cuDeviceGetAttribute(int* value, int attribute, int) {
  if (attribute >= UPLOADS) {
    const bool up = attribute < DOWNLOADS;
    *value = up ? count_of(state.uploads, attribute - UPLOADS) : count_of(state.downloads, attribute - DOWNLOADS);
    return SUCCESS;
  }
  switch (attribute) {
    case 16:  // multiprocessors
      *value = 1;
      return SUCCESS;
    case 75:  // compute capability, major
      *value = 9;
      return SUCCESS;
    case SUBMISSIONS:
      *value = static_cast<int>(state.submissions);
      return SUCCESS;
    case WAITS:
      *value = static_cast<int>(state.waits);
      return SUCCESS;
    case 76:  // minor
      *value = 0;
      return SUCCESS;
    default:
      return INVALID_VALUE;
  }
}

API cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = total_bytes();
  return SUCCESS;
}

API cuMemGetInfo_v2(size_t* free_bytes, size_t* total) {
  const Lock lock(state.mutex);
  *total = total_bytes();
  *free_bytes = *total - state.allocated[entered];
  return SUCCESS;
}

// A context is its device's number, from 1.
API cuDevicePrimaryCtxRetain(void** context, int device) {
  *context = reinterpret_cast<void*>(static_cast<intptr_t>(device + 1));
  return settings.busy ? DEVICES_UNAVAILABLE : SUCCESS;
}

API cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }

API cuCtxSetCurrent(void* context) {
  entered = static_cast<int>(reinterpret_cast<intptr_t>(context)) - 1;
  return SUCCESS;
}

API cuCtxSynchronize() {
  const Lock lock(state.mutex);
  for (Stream* stream : state.streams) {
    if (stream->device == entered && stream->capturing()) return stream->break_capture();
  }
  return finish_device();
}

// For the libraries that stand in for NVIDIA's others: a piece of work of theirs.
extern "C" __attribute__((visibility("default"))) int emulated_cuda_submit(void* stream, std::function<int()> work) {
  const Lock lock(state.mutex);
  return submit(stream, std::move(work));
}

// Takes any fat binary, whose kernels are compiled in here; its magic number is that of fatbinary_section.h.
API cuModuleLoadData(void** module, const void* image) {
  static char token;
  unsigned magic = 0;
  std::memcpy(&magic, image, sizeof magic);
  *module = &token;
  if (settings.driver < FATBIN_DRIVER) return UNSUPPORTED_PTX;
  return magic == 0xba55ed50u ? SUCCESS : INVALID_IMAGE;
}

API cuModuleUnload(void*) { return SUCCESS; }

API cuModuleGetFunction(void** function, void*, const char* name) {
  const auto found = kernels().find(name);
  if (found == kernels().end()) return NOT_FOUND;
  *function = const_cast<Kernel*>(&found->second);
  return SUCCESS;
}

API cuLaunchKernel(void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                   unsigned block_y, unsigned block_z, unsigned shared, void* stream, void** arguments, void**) {
  const Lock lock(state.mutex);
  const bool allowed = grid_x > 0 && grid_x <= 0x7fffffffu && grid_y > 0 && grid_y <= 0xffffu && grid_z > 0 &&
                       grid_z <= 0xffffu && block_x * block_y * block_z <= 1024 && shared <= 48 * 1024;
  if (!allowed) return INVALID_VALUE;
  return submit(stream, [=, thread = (*static_cast<Kernel*>(function))(arguments)] {
    if (++state.launches == settings.lost) state.lost = true;
    if (state.lost) return LAUNCH_FAILED;
    launch({grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared, settings.schedule, thread);
    return SUCCESS;
  });
}
