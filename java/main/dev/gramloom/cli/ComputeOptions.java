package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.backend.Precision;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import picocli.CommandLine.Option;

/** What computes: the options of every command that computes, on however many devices. */
class ComputeOptions {
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
      names = "--precision",
      paramLabel = "auto|fp32|tf32|bf16",
      defaultValue = "auto",
      description =
          "of convolutions on a GPU (default: auto, the fastest whose gradient is within 1e-2 of fp32: fp32)")
  private String precision;

  /** The precision that was asked for. */
  Precision precision() {
    for (Precision known : Precision.values()) {
      if (known.toString().equals(precision)) {
        return known;
      }
    }
    throw new Failure(
        ExitCode.USAGE,
        "--precision must be auto, fp32, tf32 or bf16, got '%s'".formatted(precision));
  }

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

  /** Says what "auto" chose. */
  void announce(Backends.Status status, Console console) {
    if (backend.equals(Backends.AUTO)) {
      console.say("Backend " + status.name() + ": " + status.description());
    }
  }
}
