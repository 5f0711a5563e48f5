package dev.gramloom.backend.cuda;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jcuda.jcudnn.JCudnn;

/** NVIDIA's cuDNN 9: found, checked to be whole, and loaded, or why not. */
final class Cudnn {
  private static final String LIBRARY = "libcudnn.so.9";

  /** It loads these by itself, and ends the process where one of them is not there. */
  private static final List<String> PARTS =
      List.of(
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_cnn.so.9",
          "libcudnn_heuristic.so.9",
          "libcudnn_engines_precompiled.so.9",
          "libcudnn_engines_runtime_compiled.so.9");

  /** What its parts look for, in the order of their own needs. */
  private static final List<String> NEEDS =
      List.of("libcublasLt.so.", "libcublas.so.", "libnvrtc-builtins.so.", "libnvrtc.so.");

  private static final LoadedOnce LIBRARIES = new LoadedOnce(Cudnn::load);

  private Cudnn() {}

  /** Loads it once for this process; returns why it cannot work here, or empty. */
  static Optional<String> problem() {
    return LIBRARIES.problem();
  }

  private static String load(LibrarySearch search) {
    Optional<Path> library = search.find(LIBRARY);
    if (library.isEmpty()) {
      return "no %s; %s".formatted(LIBRARY, LibrarySearch.remedy("cuDNN 9"));
    }
    for (String part : PARTS) {
      if (!Files.isRegularFile(library.get().resolveSibling(part))) {
        return "no %s beside %s".formatted(part, library.get());
      }
    }
    try {
      for (String need : NEEDS) {
        Optional<Path> needed = search.findVersion(need);
        if (needed.isPresent()) {
          Binding.system(needed.get());
        }
      }
      Binding.system(library.get());
      Binding.load(JCudnn::initialize);
    } catch (LinkageError | IOException e) {
      return "%s does not load: %s".formatted(library.get(), Binding.reason(e));
    }
    return null;
  }

  /** "9.5.1". */
  static String version() {
    return Binding.version(JCudnn.cudnnGetVersion());
  }

  /**
   * Passes if the call succeeded. Status numbers changed with cuDNN 9, so only zero is compared.
   *
   * @throws Failure UNAVAILABLE, with the library's own words
   */
  static void check(String what, int result) {
    if (result != 0) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "backend cuda: cuDNN could not %s: %s"
              .formatted(what, JCudnn.cudnnGetErrorString(result)));
    }
  }
}
