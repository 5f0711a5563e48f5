// A libcublas.so.13 without a GPU: the calls that dev.gramloom.backend.cuda makes, in plain loops over the emulated
// driver's memory. It stands in for cuBLAS so that the Java side of it, and the libcublas.so.12 that passes calls on,
// are tested. It says nothing about cuBLAS itself.
#include <cstddef>
#include <cstring>
#include <functional>

#include "rounding.hpp"

// Of the emulated driver: work for a stream.
extern "C" int emulated_cuda_submit(void* stream, std::function<int()> work);

namespace {
enum Status { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, NOT_SUPPORTED = 15 };

constexpr int NORMAL = 0;  // cublasOperation_t
constexpr int TRANSPOSED = 1;
constexpr int FLOAT = 0;  // cudaDataType
constexpr int FP32 = 68;  // cublasComputeType_t
constexpr int FAST_BF16 = 75;
constexpr int FAST_TF32 = 77;

struct Handle {
  void* stream = nullptr;
  char* workspace = nullptr;
  size_t bytes = 0;
};

float factor(float value, int compute) {
  if (compute == FAST_TF32) return emulation::rounded(value, emulation::TF32_BITS);
  return compute == FAST_BF16 ? emulation::rounded(value, emulation::BF16_BITS) : value;
}
}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

extern "C" __attribute__((visibility("default"))) const char* cublasGetStatusString(int status) {
  return status == NOT_SUPPORTED ? "not supported" : status == SUCCESS ? "success" : "emulated cuBLAS: bad call";
}

API cublasCreate_v2(Handle** handle) {
  *handle = new Handle();
  return SUCCESS;
}

API cublasDestroy_v2(Handle* handle) {
  delete handle;
  return SUCCESS;
}

API cublasGetVersion_v2(Handle*, int* version) {
  *version = 130000;
  return SUCCESS;
}

// As the real one: the workspace is forgotten.
API cublasSetStream_v2(Handle* handle, void* stream) {
  *handle = {stream, nullptr, 0};
  return SUCCESS;
}

API cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t bytes) {
  handle->workspace = static_cast<char*>(workspace);
  handle->bytes = bytes;
  return SUCCESS;
}

// C [m][n] = alpha op(A) [m][k] op(B) [k][n] + beta C, columns one after the other.
API cublasGemmEx(Handle* handle, int turn_a, int turn_b, int m, int n, int k, const void* alpha, const void* a,
                 int type_a, int lda, const void* b, int type_b, int ldb, const void* beta, void* c, int type_c,
                 int ldc, int compute, int) {
  if (handle->stream == nullptr || handle->bytes == 0) return NOT_INITIALIZED;
  if (type_a != FLOAT || type_b != FLOAT || type_c != FLOAT) return NOT_SUPPORTED;
  if (compute != FP32 && compute != FAST_BF16 && compute != FAST_TF32) return NOT_SUPPORTED;
  const bool plain = turn_a == NORMAL && (turn_b == NORMAL || turn_b == TRANSPOSED);
  if (!plain || lda < m || ldc < m || ldb < (turn_b == NORMAL ? k : n)) return INVALID_VALUE;
  const float scale = *static_cast<const float*>(alpha);  // host pointers are read at once
  const float keep = *static_cast<const float*>(beta);
  char* last = handle->workspace + handle->bytes - 1;
  return emulated_cuda_submit(handle->stream, [=, from = static_cast<const float*>(a),
                                               by = static_cast<const float*>(b), to = static_cast<float*>(c)] {
    *last = 1;
    for (int j = 0; j < n; ++j) {
      for (int i = 0; i < m; ++i) {
        double sum = 0;
        for (int p = 0; p < k; ++p) {
          const size_t right = turn_b == NORMAL ? static_cast<size_t>(j) * ldb + p : static_cast<size_t>(p) * ldb + j;
          sum += static_cast<double>(factor(from[static_cast<size_t>(p) * lda + i], compute)) *
                 factor(by[right], compute);
        }
        float& out = to[static_cast<size_t>(j) * ldc + i];
        out = static_cast<float>(scale * sum + static_cast<double>(keep) * out);
      }
    }
    return 0;
  });
}
