package dev.gramloom.cli;

import dev.gramloom.cli.batch.JobFile.BadLine;
import java.nio.file.Path;
import java.util.List;

/** Says which lines of a job file are bad, and why. */
final class BadLines {
  private static final int MOST = 100;

  private BadLines() {}

  /**
   * Names them all, or so many that nobody reads further.
   *
   * @param bad at least one
   * @return the first one's exit code
   */
  static int say(Console console, Path jobFile, List<BadLine> bad) {
    for (BadLine line : bad.subList(0, Math.min(MOST, bad.size()))) {
      console.error("%s line %d: %s".formatted(jobFile, line.line(), line.failure().line()));
    }
    if (bad.size() > MOST) {
      console.error("%s: and %d bad lines more".formatted(jobFile, bad.size() - MOST));
    }
    return bad.get(0).failure().exitCode().code();
  }
}
