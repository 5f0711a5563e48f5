// A libcublas.so.12 for machines that have CUDA 13 alone: JCublas was linked against version 12. Each function of
// names.txt jumps to the one of its name in libcublas.so.13, which the process has loaded already; arguments and result
// stay where they are. One that is not there says so and answers CUBLAS_STATUS_NOT_SUPPORTED.
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#ifdef __GLIBC__  // the versions that every glibc has, not those of the one that builds
asm(".symver dlopen, dlopen@GLIBC_2.2.5");
asm(".symver dlsym, dlsym@GLIBC_2.2.5");
#endif

// names.inc is made of names.txt: "forward NAME" a line.
asm(R"(
  .macro forward name
    .pushsection .rodata
    1: .asciz "\name"
    .popsection
    .pushsection forwards, "aw", @progbits
    .quad 1b
    2: .quad 3f
    .popsection
    .globl \name
    .type \name, @function
    \name: jmp *2b(%rip)
    3: lea 1b(%rip), %rdi
    jmp missing
    .size \name, . - \name
  .endm
  .text
  .include "names.inc"
)");

namespace {
constexpr long NOT_SUPPORTED = 15;  // cublasStatus_t

struct Forward {
  const char* name;
  void* target;
};

void say(const char* words) {
  if (write(STDERR_FILENO, words, strlen(words)) < 0) return;  // nobody listens
}
}  // namespace

extern "C" {
extern Forward __start_forwards[] __attribute__((visibility("hidden")));
extern Forward __stop_forwards[] __attribute__((visibility("hidden")));

// What a function that is not there does. Those that return words do so here.
__attribute__((visibility("hidden"), used)) long missing(const char* name) {
  if (strncmp(name, "cublasGetStatus", 15) == 0) return reinterpret_cast<long>("unknown");
  say("gramloom: libcublas.so.13 has no ");
  say(name);
  say("\n");
  return NOT_SUPPORTED;
}
}

__attribute__((constructor)) static void resolve() {
  void* real = dlopen("libcublas.so.13", RTLD_LAZY | RTLD_NOLOAD);
  for (Forward* forward = __start_forwards; real != nullptr && forward < __stop_forwards; ++forward) {
    void* target = dlsym(real, forward->name);
    if (target != nullptr) forward->target = target;
  }
}
