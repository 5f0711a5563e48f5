// Finds kernels by name and calls them with arguments as cuLaunchKernel gets them.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

namespace emulation {
// Calls a kernel once, as one thread; arguments[i] points at the i-th.
using Kernel = std::function<void(void** arguments)>;

// By name; filled by kernels.cpp.
const std::map<std::string, Kernel>& kernels();

template <class... A>
Kernel kernel(void (*function)(A...)) {
  return [function](void** arguments) {
    [&]<size_t... I>(std::index_sequence<I...>) {
      function(*static_cast<std::remove_cvref_t<A>*>(arguments[I])...);
    }(std::index_sequence_for<A...>{});
  };
}
}  // namespace emulation
