// Memory of the device, and copies.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "machine.hpp"

using namespace emulation;

namespace {
constexpr size_t STAGED_BYTES = 64 * 1024;  // an upload up to here is staged and goes on by itself
constexpr size_t POISONED_BYTES = 8u << 20;  // at either end of a large block, which is some library's workspace
}

// Fresh memory holds NaN, and its end is the end of a heap block, which the sanitizer watches.
API cuMemAlloc_v2(Address* address, size_t bytes) {
  const Lock lock(state.mutex);
  if (const int result = unless_capturing(); result != SUCCESS) return result;
  if (bytes == 0 || entered < 0) return INVALID_VALUE;
  if (bytes > total_bytes() - state.allocated[entered]) return OUT_OF_MEMORY;
  void* memory = nullptr;
  if (posix_memalign(&memory, 256, bytes) != 0) return OUT_OF_MEMORY;
  const size_t poisoned = std::min(bytes, POISONED_BYTES);
  std::memset(memory, 0xff, poisoned);
  std::memset(static_cast<char*>(memory) + bytes - poisoned, 0xff, poisoned);
  *address = reinterpret_cast<Address>(memory);
  state.allocations[*address] = {bytes, entered};
  state.allocated[entered] += bytes;
  return SUCCESS;
}

API cuMemFree_v2(Address address) {
  const Lock lock(state.mutex);
  const auto found = state.allocations.find(address);
  if (found == state.allocations.end()) return INVALID_VALUE;
  if (const int result = unless_capturing(); result != SUCCESS) return result;
  if (const int result = finish_device(); result != SUCCESS) return result;
  state.allocated[found->second.device] -= found->second.bytes;
  state.allocations.erase(found);
  std::free(reinterpret_cast<void*>(address));
  return SUCCESS;
}

API cuMemAllocHost_v2(void** memory, size_t bytes) {
  const Lock lock(state.mutex);
  *memory = std::malloc(bytes);
  state.pinned.insert(*memory);
  return SUCCESS;
}

API cuMemFreeHost(void* memory) {
  const Lock lock(state.mutex);
  if (state.pinned.erase(memory) == 0) return INVALID_VALUE;
  std::free(memory);
  return SUCCESS;
}

API cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
  const Lock lock(state.mutex);
  if (const int result = unless_capturing(); result != SUCCESS) return result;
  if (const int result = touching(entered, to, bytes); result != SUCCESS) return result;
  const std::string staged(static_cast<const char*>(from), bytes);
  ++state.waits;
  ++state.uploads[bytes];
  default_stream().submit([=] {
    std::memcpy(reinterpret_cast<void*>(to), staged.data(), bytes);
    return SUCCESS;
  });
  return bytes <= STAGED_BYTES ? SUCCESS : default_stream().finish();
}

API cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
  const Lock lock(state.mutex);
  if (const int result = unless_capturing(); result != SUCCESS) return result;
  ++state.waits;
  ++state.downloads[bytes];
  if (const int result = default_stream().finish(); result != SUCCESS) return result;
  const int result = touching(entered, from, bytes);
  if (result == SUCCESS) std::memcpy(to, reinterpret_cast<void*>(from), bytes);
  return result;
}

// Into state.pinned memory, for into other memory it is not asynchronous.
API cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, void* stream) {
  const Lock lock(state.mutex);
  if (state.pinned.count(to) == 0) return INVALID_VALUE;
  ++state.downloads[bytes];
  return submit(stream, [=, device = entered] {
    const int result = touching(device, from, bytes);
    if (result == SUCCESS) std::memcpy(to, reinterpret_cast<void*>(from), bytes);
    return result;
  });
}

API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void* stream) {
  const Lock lock(state.mutex);
  return submit(stream, [=, device = entered] {
    int result = touching(device, to, bytes);
    if (result == SUCCESS) result = touching(device, from, bytes);
    if (result == SUCCESS) std::memcpy(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
    return result;
  });
}

API cuMemsetD32Async(Address to, unsigned value, size_t count, void* stream) {
  const Lock lock(state.mutex);
  return submit(stream, [=, device = entered] {
    const int result = touching(device, to, 4 * count);
    for (size_t i = 0; result == SUCCESS && i < count; ++i) reinterpret_cast<unsigned*>(to)[i] = value;
    return result;
  });
}
