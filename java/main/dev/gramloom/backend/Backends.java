package dev.gramloom.backend;

import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.backend.cpu.PeakRate;
import dev.gramloom.backend.cuda.CudaBackend;
import dev.gramloom.backend.cuda.CudaMachine;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.List;
import java.util.Optional;
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

  /**
   * What of the machine may be used.
   *
   * @param threads of the CPU, at least 1
   * @param device which GPU, from 0
   * @param precision of a GPU's convolutions; the others have float32 only
   */
  public record Resources(int threads, int device, Precision precision) {
    /** With the best precision. */
    public Resources(int threads, int device) {
      this(threads, device, Precision.AUTO);
    }
  }

  /** All backends, fastest first. */
  public static List<Status> list(Resources resources) {
    return List.of(
        cudaStatus(resources),
        cpuStatus(resources.threads),
        new Status("reference", true, "1 thread, plain loops: slow, the judge of the others"));
  }

  private static Status cudaStatus(Resources resources) {
    Optional<String> problem = CudaMachine.problem();
    if (problem.isPresent()) {
      return new Status("cuda", false, problem.get());
    }
    try (CudaBackend cuda = new CudaBackend(resources.device, resources.precision)) {
      return new Status("cuda", true, cuda.description());
    } catch (Failure failure) {
      return new Status("cuda", false, failure.getMessage().replaceFirst("^backend cuda: ", ""));
    }
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
  public static Status choose(String name, Resources resources) {
    requireName(name);
    List<Status> all = list(resources);
    for (Status status : all) {
      if (status.name.equals(name) && !status.available) {
        throw new Failure(ExitCode.UNAVAILABLE, "backend " + name + ": " + status.description);
      }
      if (status.available && (name.equals(AUTO) || status.name.equals(name))) {
        requirePrecision(status, resources.precision);
        return name.equals(AUTO) ? withReason(status, all.get(0)) : status;
      }
    }
    throw new IllegalStateException("the reference works everywhere");
  }

  private static void requirePrecision(Status status, Precision precision) {
    boolean rounds = precision == Precision.TF32 || precision == Precision.BF16;
    if (rounds && !status.name.equals("cuda")) {
      throw new Failure(
          ExitCode.USAGE,
          "--precision %s needs the cuda backend, the %s backend computes in fp32"
              .formatted(precision, status.name));
    }
  }

  /**
   * Refuses what no machine has.
   *
   * @throws Failure USAGE
   */
  public static void requireName(String name) {
    if (!List.of(AUTO, "cuda", "cpu", "reference").contains(name)) {
      throw new Failure(
          ExitCode.USAGE,
          "--backend must be auto, cuda, cpu or reference, got '%s'".formatted(name));
    }
  }

  /** How many devices a backend tells apart by number; none where it computes on the processor. */
  public static int devices(Status status) {
    return status.name.equals("cuda") ? CudaMachine.devices() : 0;
  }

  /** Says why a GPU that seems to be there was not taken. */
  private static Status withReason(Status chosen, Status cuda) {
    if (cuda.available || !CudaMachine.hasDriver()) {
      return chosen;
    }
    return new Status(
        chosen.name, true, "%s (not cuda: %s)".formatted(chosen.description, cuda.description));
  }

  /** Opens what {@link #choose} chose. */
  public static Backend open(Status status, Resources resources) {
    return switch (status.name) {
      case "cuda" -> new CudaBackend(resources.device, resources.precision);
      case "cpu" -> new CpuBackend(resources.threads);
      default -> new ReferenceBackend();
    };
  }

  /** How many threads a backend computes with, where it may have so many. */
  public static int threads(Status status, int threads) {
    return isCpu(status) ? threads : 1;
  }

  /**
   * What a backend's hardware could do at most: floating-point operations in a second, a
   * multiply-add counted as two. Measured, which takes about 0.3 s; empty for the reference, whose
   * speed is of no interest, and for a GPU, which has no such measurement yet.
   */
  public static OptionalDouble peakRate(Status status, int threads) {
    return isCpu(status) ? OptionalDouble.of(PeakRate.measure(threads)) : OptionalDouble.empty();
  }

  private static boolean isCpu(Status status) {
    return status.name.equals("cpu");
  }
}
