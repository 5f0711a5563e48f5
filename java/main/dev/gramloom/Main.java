package dev.gramloom;

import dev.gramloom.cli.GramloomCommand;
import java.util.Locale;

/** {@code gramloom COMMAND …}: arguments in, exit code out. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Numbers look the same everywhere: other programs, and this one's flags, could not read them
    // in another language's digits or with its decimal comma.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(GramloomCommand.run(arguments, System.out, System.err));
  }
}
