package dev.gramloom.backend.cuda;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The GPU driver's library, and JCuda's binding to it.
 *
 * <p>Both are loaded by absolute path, the driver first: it was looked for where machines keep it,
 * and nothing is loaded that was not seen to be there. JCuda would unpack its binding into the
 * folder for temporary files and take what lies there under that name, whoever put it there; here
 * it gets a folder that nobody else can write to.
 */
final class Driver {
  private static final String LIBRARY = "libcuda.so.1";
  private static final String TEMPORARY = "java.io.tmpdir";

  /** What is wrong; null once it works. */
  private static String problem;

  private static boolean tried;

  private Driver() {}

  /**
   * Loads and initialises the driver once for this process.
   *
   * @return why it cannot work here, and what would help; empty if it does
   */
  static synchronized Optional<String> problem() {
    if (!tried) {
      tried = true;
      problem = load(new LibrarySearch(System.getenv()));
    }
    return Optional.ofNullable(problem);
  }

  private static String load(LibrarySearch search) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return "needs Linux on x86-64, this is " + system;
    }
    Optional<Path> library = search.find(LIBRARY);
    if (library.isEmpty()) {
      return "no NVIDIA driver: "
          + LIBRARY
          + " not found; install the driver, or name its folder in "
          + LibrarySearch.VARIABLE;
    }
    try {
      System.load(library.get().toString());
      bind();
    } catch (UnsatisfiedLinkError | IOException e) {
      return "%s does not load: %s".formatted(library.get(), firstLine(e));
    }
    int result = JCudaDriver.cuInit(0);
    if (result != CUresult.CUDA_SUCCESS) {
      return "the driver does not start: " + Status.name(result) + Status.remedy(result);
    }
    return null;
  }

  /** Initialises JCuda's class while the folder for temporary files is one of our own. */
  private static void bind() throws IOException {
    Path folder = Files.createTempDirectory("gramloom-cuda");
    String before = System.setProperty(TEMPORARY, folder.toString());
    try {
      JCudaDriver.setExceptionsEnabled(false);
    } finally {
      System.setProperty(TEMPORARY, before);
      delete(folder.toFile());
    }
  }

  /** A loaded library stays where it is in memory when its file goes. */
  private static void delete(File folder) throws IOException {
    File[] files = folder.listFiles();
    for (File file : files == null ? new File[0] : files) {
      Files.deleteIfExists(file.toPath());
    }
    Files.deleteIfExists(folder.toPath());
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
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
