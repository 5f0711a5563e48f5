package dev.gramloom.cli;

import dev.gramloom.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program, which leaves behind how long it took and what memory it held. */
final class WatchedMain {
  /** Names the file that gets milliseconds since the JVM's start, and MiB. */
  static final String FILE = "gramloom.watched";

  private WatchedMain() {}

  public static void main(String[] arguments) {
    Path file = Path.of(System.getProperty(FILE));
    Thread last =
        new Thread(() -> {
          long time = ManagementFactory.getRuntimeMXBean().getUptime();
          try {
            Files.writeString(file, time + " " + PeakMemory.mebibytes());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Runtime.getRuntime().addShutdownHook(last);
    Main.main(arguments);
  }
}
