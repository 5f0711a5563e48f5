package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import picocli.CommandLine.Option;

/** What computes: the options of every command that computes on one device. */
final class EngineOptions extends ComputeOptions {
  @Option(
      names = "--device",
      paramLabel = "N",
      defaultValue = "0",
      description = "which GPU, from 0 (default: ${DEFAULT-VALUE})")
  int device;

  /** What of the machine may be used. */
  Backends.Resources resources() {
    if (device < 0) {
      throw new Failure(ExitCode.USAGE, "--device must be 0 or more, got " + device);
    }
    return new Backends.Resources(threadCount(), device);
  }

  /** What computes, checked but not opened. */
  Backends.Status chooseBackend() {
    return Backends.choose(backend, resources());
  }
}
