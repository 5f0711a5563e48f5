package dev.gramloom.cli;

import dev.gramloom.backend.Memory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where words go: results to standard output, everything else to standard error, so that a pipe
 * gets results alone.
 */
final class Console {
  private static final String CLEARED = "\r\u001b[K";

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

  /** What a run will need. */
  void say(Memory memory) {
    say("Memory %d MiB needed, %d MiB allowed".formatted(memory.needed(), memory.allowed()));
  }

  /** Replaces the last update on a terminal; whatever comes next clears it. */
  void update(String line) {
    if (!quiet) {
      err.print(CLEARED + line);
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

  /** Whether {@link #update} has a line to replace: not in a file, a pipe or a test. */
  boolean onTerminal() {
    return err == System.err && !"dumb".equals(System.getenv("TERM")) && errorsAreOnTerminal();
  }

  /** Java tells of standard input and output only; Linux tells of standard error itself. */
  private static boolean errorsAreOnTerminal() {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return hasConsole();
    }
  }

  /** From JDK 22 on there is a console without a terminal too, and a method that tells. */
  private static boolean hasConsole() {
    java.io.Console console = System.console();
    try {
      return console != null
          && (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private void closeLine() {
    if (lineOpen) {
      err.print(CLEARED);
      err.flush();
      lineOpen = false;
    }
  }
}
