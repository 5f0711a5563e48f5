package dev.gramloom.backend.cuda;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jcuda.driver.CUresult;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasStatus;

/**
 * NVIDIA's cuBLAS 12, or 13 behind a library of ours that has the former's name and passes calls on
 * to the latter: found and loaded, or why not.
 */
final class Cublas {
  private static final String LIBRARY = "libcublas.so.12";
  private static final String NEWER = "libcublas.so.13";

  private static final LoadedOnce LIBRARIES = new LoadedOnce(Cublas::load);

  private Cublas() {}

  /** Loads it once for this process; returns why it cannot work here, or empty. */
  static Optional<String> problem() {
    return LIBRARIES.problem();
  }

  private static String load(LibrarySearch search) {
    Optional<Path> found = search.find(LIBRARY, NEWER);
    if (found.isEmpty()) {
      return "no %s or %s; %s".formatted(LIBRARY, NEWER, LibrarySearch.remedy("cuBLAS 12 or 13"));
    }
    Path library = found.get();
    boolean newer = library.endsWith(NEWER);
    if (newer && Cublas.class.getResource(LIBRARY) == null) {
      return "%s needs a part that this jar was built without; build it where CMake and a C++ compiler are"
          .formatted(library);
    }
    try {
      String inner = library.getFileName().toString().replace("cublas", "cublasLt");
      Path needed = library.resolveSibling(inner);
      if (Files.isRegularFile(needed)) {
        Binding.system(needed);
      }
      Binding.system(library);
      if (newer) {
        Binding.packed(LIBRARY);
      }
      Binding.load(JCublas2::initialize);
    } catch (LinkageError | IOException e) {
      return "%s does not load: %s".formatted(library, Binding.reason(e));
    }
    return null;
  }

  /**
   * Passes if the call succeeded.
   *
   * @throws Failure OUT_OF_MEMORY, or UNAVAILABLE with the library's own words
   */
  static void check(String what, int result) {
    if (result == cublasStatus.CUBLAS_STATUS_ALLOC_FAILED) {
      Status.check(what, CUresult.CUDA_ERROR_OUT_OF_MEMORY);
    }
    if (result != 0) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "backend cuda: cuBLAS could not %s: %s"
              .formatted(what, JCublas2.cublasGetStatusString(result)));
    }
  }
}
