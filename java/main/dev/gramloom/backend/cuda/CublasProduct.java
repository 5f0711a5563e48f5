package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Precision;
import dev.gramloom.tensor.Tensor;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/**
 * cuBLAS's plain product. On one stream and in memory that is given once, it can be recorded and
 * gives the same bytes each time (cuBLAS documentation, "Results reproducibility").
 */
final class CublasProduct implements AutoCloseable {
  /** What NVIDIA recommends for the largest GPUs; less may cost the fastest algorithms. */
  private static final int WORKSPACE = 32; // MiB

  private static final Pointer ONE = Pointer.to(new float[] {1});

  private final cublasHandle handle = new cublasHandle();
  private final DeviceMemory.Block workspace;
  private final int arithmetic;
  private final String description;

  CublasProduct(DeviceMemory memory, Stream stream, Precision precision) {
    arithmetic = arithmetic(precision);
    Cublas.check("start", JCublas2.cublasCreate(handle));
    // the workspace after the stream, which takes it away
    Cublas.check(
        "take a stream", JCublas2.cublasSetStream(handle, new cudaStream_t(stream.handle())));
    long bytes = (long) WORKSPACE << 20;
    workspace = memory.allocate(bytes);
    Cublas.check("take memory", JCublas2.cublasSetWorkspace(handle, workspace.pointer(), bytes));
    int[] version = new int[1];
    Cublas.check("tell its version", JCublas2.cublasGetVersion(handle, version));
    description = "cuBLAS %s in %s".formatted(Binding.version(version[0]), precision);
  }

  /** Factors are float32 in memory, and rounded on their way into tensor cores. */
  private static int arithmetic(Precision precision) {
    return switch (precision) {
      case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
      case BF16 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16BF;
      default -> cublasComputeType.CUBLAS_COMPUTE_32F;
    };
  }

  /** sum [N][M] += factor · D x, x [K][M], D as [N][K] or, transposed, as [K][N]. */
  void add(float factor, Tensor matrix, boolean transposed, Tensor x, Tensor sum) {
    int n = sum.shape().channels();
    int k = x.shape().channels();
    int pixels = x.shape().pixels();
    // _new: the other one takes the arithmetic as a kind of numbers. To cuBLAS columns follow one
    // another: sumᵀ [M][N] += factor · xᵀ [M][K] · Dᵀ [K][N]
    Cublas.check(
        "multiply",
        JCublas2.cublasGemmEx_new(
            handle,
            cublasOperation.CUBLAS_OP_N,
            transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
            pixels,
            n,
            k,
            Pointer.to(new float[] {factor}),
            CudaTensor.block(x).pointer(),
            cudaDataType.CUDA_R_32F,
            pixels,
            CudaTensor.block(matrix).pointer(),
            cudaDataType.CUDA_R_32F,
            transposed ? n : k,
            ONE,
            CudaTensor.block(sum).pointer(),
            cudaDataType.CUDA_R_32F,
            pixels,
            arithmetic,
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT));
  }

  /** "cuBLAS 13.1.0 in fp32". */
  String description() {
    return description;
  }

  /** MiB that it takes. */
  long mebibytes() {
    return WORKSPACE;
  }

  @Override
  public void close() {
    JCublas2.cublasDestroy(handle);
    workspace.close();
  }
}
