package dev.gramloom.backend.cuda;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The GPU driver's library, and JCuda's binding to it.
 *
 * <p>Both are loaded by absolute path, the driver first: it was looked for where machines keep it,
 * and nothing is loaded that was not seen to be there.
 */
final class Driver {
  private static final String LIBRARY = "libcuda.so.1";

  private static final LoadedOnce LIBRARIES = new LoadedOnce(Driver::load);

  private Driver() {}

  /**
   * Loads and initialises the driver once for this process.
   *
   * @return why it cannot work here, and what would help; empty if it does
   */
  static Optional<String> problem() {
    return LIBRARIES.problem();
  }

  /** Whether the driver's library lies where one was looked for. */
  static boolean isThere() {
    return new LibrarySearch(System.getenv()).find(LIBRARY).isPresent();
  }

  private static String load(LibrarySearch search) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return "needs Linux on x86-64, this is " + system;
    }
    Optional<Path> library = search.find(LIBRARY);
    if (library.isEmpty()) {
      return "no NVIDIA driver: %s not found; %s"
          .formatted(LIBRARY, LibrarySearch.remedy("the driver"));
    }
    try {
      Binding.system(library.get());
      Binding.load(() -> JCudaDriver.setExceptionsEnabled(false));
    } catch (LinkageError | IOException e) {
      return "%s does not load: %s".formatted(library.get(), Binding.reason(e));
    }
    int result = JCudaDriver.cuInit(0);
    if (result != CUresult.CUDA_SUCCESS) {
      return "the driver does not start: " + Status.name(result) + Status.remedy(result);
    }
    return null;
  }

  /** "13.0": the newest CUDA that the driver knows. */
  static String version() {
    int[] version = new int[1];
    Status.check("ask for the driver's version", JCudaDriver.cuDriverGetVersion(version));
    return version[0] / 1000 + "." + version[0] % 1000 / 10;
  }

  /**
   * @throws Failure UNAVAILABLE with {@link #problem}
   */
  static void require() {
    problem()
        .ifPresent(why -> {
          throw new Failure(ExitCode.UNAVAILABLE, "backend cuda: " + why);
        });
  }
}
