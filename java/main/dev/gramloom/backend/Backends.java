package dev.gramloom.backend;

import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.backend.cpu.PeakRate;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.List;
import java.util.OptionalDouble;

/** The backends there are, which of them can work here, and why not. */
public final class Backends {
  /** What chooses the fastest that works. */
  public static final String AUTO = "auto";

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private Backends() {}

  /**
   * A backend as this machine sees it.
   *
   * @param name for {@code --backend}
   * @param available whether it can work here
   * @param description what it runs on, or why it cannot and what would help
   */
  public record Status(String name, boolean available, String description) {}

  /** All backends, fastest first. */
  public static List<Status> list(int threads) {
    return List.of(
        cpuStatus(threads),
        new Status("reference", true, "1 thread, plain loops: slow, the judge of the others"));
  }

  private static Status cpuStatus(int threads) {
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      return new Status(
          "cpu",
          false,
          "needs Java's Vector API: start with ./gramloom, or java --add-modules " + VECTOR_MODULE);
    }
    try (CpuBackend cpu = new CpuBackend(threads)) {
      return new Status("cpu", true, cpu.description());
    }
  }

  /**
   * What {@code name} stands for here: itself, or for "auto" the fastest that works.
   *
   * @throws Failure if there is no such backend, or it cannot work here
   */
  public static Status choose(String name, int threads) {
    for (Status status : list(threads)) {
      if (status.name.equals(name) && !status.available) {
        throw new Failure(ExitCode.UNAVAILABLE, "backend " + name + ": " + status.description);
      }
      if (status.available && (name.equals(AUTO) || status.name.equals(name))) {
        return status;
      }
    }
    throw new Failure(
        ExitCode.USAGE, "--backend must be auto, cpu or reference, got '%s'".formatted(name));
  }

  /** Opens what {@link #choose} chose. */
  public static Backend open(Status status, int threads) {
    return isCpu(status) ? new CpuBackend(threads) : new ReferenceBackend();
  }

  /** How many threads a backend computes with, where it may have so many. */
  public static int threads(Status status, int threads) {
    return isCpu(status) ? threads : 1;
  }

  /**
   * What a backend's hardware could do at most: floating-point operations in a second, a
   * multiply-add counted as two. Measured, which takes about 0.3 s; empty for the reference, whose
   * speed is of no interest.
   */
  public static OptionalDouble peakRate(Status status, int threads) {
    return isCpu(status) ? OptionalDouble.of(PeakRate.measure(threads)) : OptionalDouble.empty();
  }

  private static boolean isCpu(Status status) {
    return status.name.equals("cpu");
  }
}
