package dev.gramloom.cli;

import picocli.CommandLine.Option;

/** What becomes of a run that is stopped, and of one that was. */
final class ResumeOptions {
  private static final double LONGEST = 1e6; // seconds

  @Option(
      names = "--checkpoint-every",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "keep what is needed to go on, beside the output; 0: only when told to stop (default: 60)")
  double every;

  @Option(
      names = "--no-resume",
      negatable = true,
      description = "start anew, or go on from a checkpoint that lies there (default)")
  boolean noResume;

  @Option(
      names = "--force",
      description = "start anew whatever lies there, a finished picture of this very run included")
  boolean force;

  /** Refuses what cannot be. */
  void check() {
    Numbers.within("--checkpoint-every", every, 0, LONGEST);
  }
}
