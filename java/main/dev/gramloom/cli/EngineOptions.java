package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.cli.batch.JobCommand;
import dev.gramloom.cli.batch.Workbench;
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
    return new Backends.Resources(threadCount(), device, precision());
  }

  /** What computes, checked but not opened. */
  Backends.Status chooseBackend() {
    return Backends.choose(backend, resources());
  }

  /**
   * Checks a command and does its work on a bench of its own. A stop is noticed from the beginning:
   * weights take their time to be read, too.
   *
   * @return the exit code
   */
  int runAlone(JobCommand command) {
    try (StopSignal stop = StopSignal.open()) {
      command.check();
      stop.requireGoingOn();
      try (Workbench bench = Workbench.open(chooseBackend(), resources())) {
        command.run(bench);
      }
    }
    return ExitCode.DONE.code();
  }
}
