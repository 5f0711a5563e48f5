#include "fiber.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#if !defined(__x86_64__)
#error "the emulation switches stacks on x86-64 only"
#endif

// Keeps what the System V ABI asks a callee to keep, and exchanges the stack pointer.
extern "C" void emulation_switch(void** from, void* to);
__asm__(R"(
.text
.type emulation_switch, @function
.hidden emulation_switch
.globl emulation_switch
emulation_switch:
  endbr64
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size emulation_switch, . - emulation_switch
)");

namespace emulation {
namespace {
constexpr int SAVED_REGISTERS = 6;

#if defined(__SANITIZE_ADDRESS__)
thread_local Fiber* leaving = nullptr;
#endif
}  // namespace

Fiber::~Fiber() {
  if (stack_ != nullptr) munmap(stack_, STACK_BYTES);
}

void Fiber::prepare(void (*entry)()) {
  if (stack_ == nullptr) {
    stack_ = mmap(nullptr, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack_ == MAP_FAILED) std::abort();
    bottom_ = stack_;
    bytes_ = STACK_BYTES;
  }
  // Stacks of equal alignment would meet in the same sets of the cache.
  const size_t stagger = reinterpret_cast<uintptr_t>(stack_) / STACK_BYTES * 9 % 64 * 64;
  void** top = reinterpret_cast<void**>(static_cast<char*>(stack_) + STACK_BYTES - stagger) - 1;
  *top = nullptr;  // a return address for entry, which aligns its stack
  *--top = reinterpret_cast<void*>(entry);
  top -= SAVED_REGISTERS;
  std::memset(top, 0, SAVED_REGISTERS * sizeof(void*));
  top_ = top;
}

void Fiber::switch_to(Fiber& other) {
#if defined(__SANITIZE_ADDRESS__)
  leaving = this;
  __sanitizer_start_switch_fiber(&fake_stack_, other.bottom_, other.bytes_);
#endif
  emulation_switch(&top_, other.top_);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(fake_stack_, &leaving->bottom_, &leaving->bytes_);
#endif
}

void Fiber::arrived([[maybe_unused]] Fiber& self) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(self.fake_stack_, &leaving->bottom_, &leaving->bytes_);
#endif
}
}  // namespace emulation
