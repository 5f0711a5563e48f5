package dev.gramloom.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process has held so far. */
final class PeakMemory {
  private static final Path LINUX = Path.of("/proc/self/status");
  private static final Pattern HIGH_WATER = Pattern.compile("(?m)^VmHWM:\\s*(\\d+) kB");

  private PeakMemory() {}

  /** In MiB: what was resident at most; where the system does not tell, what Java has reserved. */
  static long mebibytes() {
    return mebibytes(LINUX);
  }

  /**
   * @param status a file of Linux's kind, or none
   */
  static long mebibytes(Path status) {
    try {
      Matcher matcher = HIGH_WATER.matcher(Files.readString(status));
      if (matcher.find()) {
        return Long.parseLong(matcher.group(1)) >> 10;
      }
    } catch (IOException e) {
      // another system, or a locked-down one: Java's own numbers
    }
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long heap = memory.getHeapMemoryUsage().getCommitted();
    return heap + memory.getNonHeapMemoryUsage().getCommitted() >> 20;
  }
}
