package dev.gramloom.cli;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobFile;
import dev.gramloom.cli.batch.JobFile.BadLine;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;

/** Says which lines of a job file are bad, and why. */
final class BadLines {
  private static final int MOST = 100;

  private BadLines() {}

  /**
   * Does something with the jobs where no line is bad; else names those that are.
   *
   * @return what it returned, or the first bad line's exit code
   */
  static int orElse(Console console, Path jobFile, JobFile file, ToIntFunction<List<Job>> task) {
    return file.bad().isEmpty() ? task.applyAsInt(file.jobs()) : say(console, jobFile, file.bad());
  }

  /** Names them all, or so many that nobody reads further. */
  private static int say(Console console, Path jobFile, List<BadLine> bad) {
    for (BadLine line : bad.subList(0, Math.min(MOST, bad.size()))) {
      console.error("%s line %d: %s".formatted(jobFile, line.line(), line.failure().line()));
    }
    if (bad.size() > MOST) {
      console.error("%s: and %d bad lines more".formatted(jobFile, bad.size() - MOST));
    }
    return bad.get(0).failure().exitCode().code();
  }
}
