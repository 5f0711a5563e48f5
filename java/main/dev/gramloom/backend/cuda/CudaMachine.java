package dev.gramloom.backend.cuda;

import java.util.Optional;

/** What this machine and this jar have for a GPU, before one is opened. */
public final class CudaMachine {
  private CudaMachine() {}

  /** Why no GPU can work here at all, and what would help; empty if one may. */
  public static Optional<String> problem() {
    return Kernels.problem().or(Driver::problem);
  }

  /** How many GPUs the driver sees, where it works. */
  public static int devices() {
    return Device.count();
  }

  /** Whether this machine has a driver, working or not: its owner will wonder about the GPU. */
  public static boolean hasDriver() {
    return Driver.isThere();
  }
}
