// Finds kernels by name and takes arguments as cuLaunchKernel gets them.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace emulation {
// Copies the arguments, the i-th of which arguments[i] points at; what comes back runs one thread with them, as often
// as it is called.
using Kernel = std::function<std::function<void()>(void** arguments)>;

// By name; filled by kernels.cpp.
const std::map<std::string, Kernel>& kernels();

template <class... A>
Kernel kernel(void (*function)(A...)) {
  return [function](void** arguments) {
    return [&]<size_t... I>(std::index_sequence<I...>) -> std::function<void()> {
      return [function, copies = std::make_tuple(*static_cast<std::remove_cvref_t<A>*>(arguments[I])...)] {
        std::apply(function, copies);
      };
    }(std::index_sequence_for<A...>{});
  };
}
}  // namespace emulation
