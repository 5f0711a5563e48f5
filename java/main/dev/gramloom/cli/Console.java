package dev.gramloom.cli;

import java.io.PrintStream;

/**
 * Where words go: results to standard output, everything else to standard error, so that a pipe
 * gets results alone.
 */
final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private boolean quiet;
  private boolean lineOpen;

  Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** From now on {@link #say} and {@link #update} say nothing. */
  void beQuiet() {
    quiet = true;
  }

  /** A result. */
  void result(String line) {
    closeLine();
    out.println(line);
  }

  /** Something on the way. */
  void say(String line) {
    if (!quiet) {
      closeLine();
      err.println(line);
    }
  }

  /** Replaces the last update on a terminal. */
  void update(String line) {
    if (!quiet) {
      err.print("\r" + line + "\u001b[K");
      err.flush();
      lineOpen = true;
    }
  }

  /** What went wrong. */
  void error(String line) {
    closeLine();
    err.println("gramloom: " + line);
  }

  PrintStream err() {
    return err;
  }

  private void closeLine() {
    if (lineOpen) {
      err.println();
      lineOpen = false;
    }
  }
}
