// A libcuda.so.1 without a GPU: the part of the driver API that dev.gramloom.backend.cuda uses, on the emulation.
//
// GRAMLOOM_EMULATED_DEVICE, words joined by commas, makes it another machine:
//   schedule=forward|backward|shuffled   how threads follow one another
//   devices=N, memory=MIB, driver=13000  how many, how large, how new
//   busy                                 no context can be made
//   lost=N                               the device is lost at the N-th launch
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

#include "execution.hpp"
#include "kernels.hpp"

namespace {
using Address = unsigned long long;

// CUresult, from cuda.h.
enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  UNSUPPORTED_PTX = 222,
  NOT_FOUND = 500,
  DEVICES_UNAVAILABLE = 46,
  LAUNCH_FAILED = 719  // after which a context is of no more use
};

constexpr long FATBIN_DRIVER = 13000;  // what our fat binary asks for

struct Settings {
  emulation::Schedule schedule = emulation::Schedule::forward;
  long devices = 1;
  long memory = 4096;
  long driver = 13000;
  long lost = -1;
  bool busy = false;
};

emulation::Schedule schedule_named(const std::string& name) {
  if (name == "backward") return emulation::Schedule::backward;
  if (name == "shuffled") return emulation::Schedule::shuffled;
  if (name == "forward") return emulation::Schedule::forward;
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

const Settings settings = read_settings();

struct Allocation {
  size_t bytes;
  int device;
};

using Lock = std::lock_guard<std::mutex>;

std::mutex mutex;  // one call at a time: the emulation has one machine
std::map<Address, Allocation> allocations;
std::map<int, size_t> allocated;  // by device
thread_local int current = -1;   // the device that this thread has entered
long launches = 0;
bool lost = false;

size_t total_bytes() { return static_cast<size_t>(settings.memory) << 20; }

// Whether bytes from address lie in one allocation, on the device that was entered.
bool owns(Address address, size_t bytes) {
  auto after = allocations.upper_bound(address);
  if (after == allocations.begin()) return false;
  --after;
  return after->second.device == current && address + bytes <= after->first + after->second.bytes;
}

int touching(Address address, size_t bytes) {
  return lost ? LAUNCH_FAILED : owns(address, bytes) ? SUCCESS : INVALID_VALUE;
}
}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

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
  switch (attribute) {
    case 16:  // multiprocessors
      *value = 1;
      return SUCCESS;
    case 75:  // compute capability, major
      *value = 9;
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
  const Lock lock(mutex);
  *total = total_bytes();
  *free_bytes = *total - allocated[current];
  return SUCCESS;
}

// A context is its device's number, from 1.
API cuDevicePrimaryCtxRetain(void** context, int device) {
  *context = reinterpret_cast<void*>(static_cast<intptr_t>(device + 1));
  return settings.busy ? DEVICES_UNAVAILABLE : SUCCESS;
}

API cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }

API cuCtxSetCurrent(void* context) {
  current = static_cast<int>(reinterpret_cast<intptr_t>(context)) - 1;
  return SUCCESS;
}

API cuCtxSynchronize() {
  const Lock lock(mutex);
  return lost ? LAUNCH_FAILED : SUCCESS;
}

// Fresh memory holds NaN, and its end is the end of a heap block, which the sanitizer watches.
API cuMemAlloc_v2(Address* address, size_t bytes) {
  const Lock lock(mutex);
  if (lost) return LAUNCH_FAILED;
  if (bytes == 0 || current < 0) return INVALID_VALUE;
  if (bytes > total_bytes() - allocated[current]) return OUT_OF_MEMORY;
  void* memory = nullptr;
  if (posix_memalign(&memory, 256, bytes) != 0) return OUT_OF_MEMORY;
  std::memset(memory, 0xff, bytes);
  *address = reinterpret_cast<Address>(memory);
  allocations[*address] = {bytes, current};
  allocated[current] += bytes;
  return SUCCESS;
}

API cuMemFree_v2(Address address) {
  const Lock lock(mutex);
  const auto found = allocations.find(address);
  if (found == allocations.end()) return INVALID_VALUE;
  allocated[found->second.device] -= found->second.bytes;
  allocations.erase(found);
  std::free(reinterpret_cast<void*>(address));
  return SUCCESS;
}

API cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
  const Lock lock(mutex);
  const int result = touching(to, bytes);
  if (result == SUCCESS) std::memcpy(reinterpret_cast<void*>(to), from, bytes);
  return result;
}

API cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
  const Lock lock(mutex);
  const int result = touching(from, bytes);
  if (result == SUCCESS) std::memcpy(to, reinterpret_cast<void*>(from), bytes);
  return result;
}

API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void*) {
  const Lock lock(mutex);
  const int result = touching(to, bytes) != SUCCESS ? touching(to, bytes) : touching(from, bytes);
  if (result == SUCCESS) std::memcpy(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
  return result;
}

API cuMemsetD32Async(Address to, unsigned value, size_t count, void*) {
  const Lock lock(mutex);
  const int result = touching(to, 4 * count);
  if (result == SUCCESS) {
    for (size_t i = 0; i < count; ++i) reinterpret_cast<unsigned*>(to)[i] = value;
  }
  return result;
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
  const auto found = emulation::kernels().find(name);
  if (found == emulation::kernels().end()) return NOT_FOUND;
  *function = const_cast<emulation::Kernel*>(&found->second);
  return SUCCESS;
}

API cuLaunchKernel(void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                   unsigned block_y, unsigned block_z, unsigned shared, void*, void** arguments, void**) {
  const Lock lock(mutex);
  const bool allowed = grid_x > 0 && grid_x <= 0x7fffffffu && grid_y > 0 && grid_y <= 0xffffu && grid_z > 0 &&
                       grid_z <= 0xffffu && block_x * block_y * block_z <= 1024 && shared <= 48 * 1024;
  if (!allowed) return INVALID_VALUE;
  if (++launches == settings.lost) lost = true;
  if (lost) return LAUNCH_FAILED;
  const auto& kernel = *static_cast<emulation::Kernel*>(function);
  emulation::launch({grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared, settings.schedule,
                    [&] { kernel(arguments); });
  return SUCCESS;
}
