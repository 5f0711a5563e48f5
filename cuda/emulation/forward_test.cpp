// The libcublas.so.12 that passes calls on, in front of the stand-in for cuBLAS 13: forward_test STAND_IN FORWARD.
#include <dlfcn.h>

#include <cstdio>
#include <cstring>

namespace {
void* loaded(const char* path) {
  void* library = dlopen(path, RTLD_LAZY);
  if (library == nullptr) std::puts(dlerror());
  return library;
}

template <class F>
F function(void* library, const char* name) {
  return reinterpret_cast<F>(dlvsym(library, name, "libcublas.so.12"));
}

int failed(const char* what) {
  std::printf("forward_test: %s\n", what);
  return 1;
}
}  // namespace

int main(int, char** paths) {
  void* real = loaded(paths[1]);
  void* forward = loaded(paths[2]);
  if (real == nullptr || forward == nullptr) return 1;
  auto version = function<int (*)(void*, int*)>(forward, "cublasGetVersion_v2");
  auto absent = function<int (*)(void*, int)>(forward, "cublasSasum_v2");
  auto words = function<const char* (*)(int)>(forward, "cublasGetStatusName");
  if (version == nullptr || absent == nullptr || words == nullptr) return failed("a name or its version is not there");
  int number = 0;
  if (version(nullptr, &number) != 0 || number != 130000) return failed("a call does not arrive");
  if (absent(nullptr, 1) != 15) return failed("a call of what is not there does not come back");
  if (std::strcmp(words(1), "unknown") != 0) return failed("no words");
  std::puts("passed");
}
