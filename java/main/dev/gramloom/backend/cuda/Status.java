package dev.gramloom.backend.cuda;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import jcuda.driver.CUresult;

/** What the driver's answers mean for the user. */
final class Status {
  private Status() {}

  /**
   * Passes if the call succeeded.
   *
   * @param what the program was doing, as words that follow "CUDA could not"
   * @param result a {@link CUresult}
   * @throws Failure OUT_OF_MEMORY or UNAVAILABLE, with the driver's own name for it
   */
  static void check(String what, int result) {
    if (result == CUresult.CUDA_SUCCESS) {
      return;
    }
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new Failure(
          ExitCode.OUT_OF_MEMORY,
          "out of device memory: CUDA could not %s; use a smaller --size, or --backend cpu"
              .formatted(what));
    }
    throw new Failure(
        ExitCode.UNAVAILABLE,
        "backend cuda: could not %s: %s%s".formatted(what, name(result), remedy(result)));
  }

  /** The driver's name for a result. */
  static String name(int result) {
    return CUresult.stringFor(result);
  }

  /** What would help, led in by a semicolon; empty where nothing is known. */
  static String remedy(int result) {
    return switch (result) {
      case CUresult.CUDA_ERROR_NO_DEVICE ->
          "; the driver sees no GPU: is one there, and not hidden by CUDA_VISIBLE_DEVICES?";
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH,
          CUresult.CUDA_ERROR_SYSTEM_NOT_READY,
          CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
          "; the driver and its libraries do not fit each other: restart after its update";
      case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE ->
          "; another process holds the GPU alone: wait for it, or take another with --device";
      case CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
          CUresult.CUDA_ERROR_INVALID_PTX ->
          "; the driver is too old for the compiled kernels: install a newer one (580 for CUDA 13), or build with an older nvcc";
      case CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE ->
          "; the device was lost during the run: start again, or use --backend cpu";
      default -> "";
    };
  }
}
