package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import picocli.CommandLine.Option;

/** What computes: the options that every measuring command shares. */
final class EngineOptions {
  @Option(
      names = "--backend",
      paramLabel = "auto|cuda|cpu|reference",
      defaultValue = Backends.AUTO,
      description = "what computes (default: ${DEFAULT-VALUE})")
  String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of the CPU backend (default: all cores); results do not depend on it")
  Integer threads;

  @Option(
      names = "--device",
      paramLabel = "N",
      defaultValue = "0",
      description = "which GPU, from 0 (default: ${DEFAULT-VALUE})")
  int device;

  /** Threads to use, at least 1. */
  int threadCount() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1 || threads > 1024) {
      throw new Failure(ExitCode.USAGE, "--threads must be from 1 to 1024, got " + threads);
    }
    return threads;
  }

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

  /** Says what "auto" chose. */
  void announce(Backends.Status status, Console console) {
    if (backend.equals(Backends.AUTO)) {
      console.say("Backend " + status.name() + ": " + status.description());
    }
  }
}
