package dev.gramloom;

import dev.gramloom.cli.GramloomCommand;

/** {@code gramloom COMMAND …}: arguments in, exit code out. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(GramloomCommand.run(arguments, System.out, System.err));
  }
}
