// A stack of its own for each thread of a block, and the switch between them.
#pragma once
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace emulation {
constexpr size_t STACK_BYTES = 64 * 1024;

// A place to go on from; the thread that launches has one too.
class Fiber {
 public:
  Fiber() = default;
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber();

  // Begins anew: the first switch_to calls entry, which never returns.
  void prepare(void (*entry)());

  // Goes on in another fiber until something switches back.
  void switch_to(Fiber& other);

  // The first thing an entry does.
  static void arrived(Fiber& self);

 private:
  void* stack_ = nullptr;  // lowest address; none for the launching thread
  void* top_ = nullptr;    // where its registers lie
  const void* bottom_ = nullptr;
  size_t bytes_ = 0;
#if defined(__SANITIZE_ADDRESS__)
  void* fake_stack_ = nullptr;
#endif
};
}  // namespace emulation
