package dev.gramloom.cli;

import dev.gramloom.weights.download.Progress;
import java.util.Locale;

/** How far a download is: one line that updates on a terminal, else one at each tenth. */
final class DownloadLine implements Progress {
  private static final double MEBIBYTE = 1 << 20;
  private static final int STEP = 10; // percent
  private static final long STEP_UNKNOWN = 64 << 20; // bytes, where the total is not known

  private final Console console;
  private final String name;
  private final long start = System.nanoTime();
  private long first = -1; // bytes that were there already
  private long lastStep = -1;

  DownloadLine(Console console, String name) {
    this.console = console;
    this.name = name;
  }

  @Override
  public void at(long received, long total) {
    first = first < 0 ? received : first;
    double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
    double rate = (received - first) / MEBIBYTE / seconds;
    String done =
        total > 0
            ? "%3.0f%% of %.0f MiB".formatted(100.0 * received / total, total / MEBIBYTE)
            : "%.0f MiB".formatted(received / MEBIBYTE);
    String line = String.format(Locale.ROOT, "%s: %s, %.1f MiB/s", name, done, rate);
    long step = total > 0 ? 100 * received / total / STEP : received / STEP_UNKNOWN;
    if (console.onTerminal()) {
      console.update(line);
    } else if (step != lastStep) {
      lastStep = step;
      console.say(line);
    }
  }

  @Override
  public void says(String line) {
    console.say(line);
  }
}
