package dev.gramloom.weights.download;

import java.time.Duration;

/**
 * How long a download waits, and how much it takes.
 *
 * @param connect the longest wait for a connection
 * @param read the longest silence of a server
 * @param leastBytes fewer than these within one {@code read} are no progress, as silence is not
 * @param mostBytes the most taken of a file whose length is not known
 * @param backOff when to try a source again
 */
public record Limits(
    Duration connect, Duration read, long leastBytes, long mostBytes, BackOff backOff) {

  /**
   * Pauses that double from the first to the longest.
   *
   * @param attempts without progress, until a source is given up; at least 1
   * @param longest also of the pauses that a server asks for
   * @param sleep how to pause
   */
  public record BackOff(int attempts, Duration first, Duration longest, Sleep sleep) {
    private static final int MOST_DOUBLINGS = 20;

    /** The pause after so many failed attempts in a row, 1 or more, none of them with progress. */
    Duration pause(int failures, Duration asked) {
      Duration pause = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
      pause = pause.compareTo(asked) < 0 ? asked : pause;
      return pause.compareTo(longest) < 0 ? pause : longest;
    }
  }

  /** Something that pauses the thread. */
  @FunctionalInterface
  public interface Sleep {
    void sleep(Duration pause) throws InterruptedException;
  }

  /**
   * @throws IllegalArgumentException if a timeout is not positive: to Java, 0 ms means for ever
   */
  public Limits {
    if (connect.toMillis() <= 0 || read.toMillis() <= 0 || backOff.attempts() < 1) {
      throw new IllegalArgumentException("a timeout of 0 ms, or no attempt");
    }
  }

  /** For a person who waits: 30 s of silence, four attempts, files up to 2 GiB, 1 KiB a second. */
  public static Limits standard() {
    Duration patience = Duration.ofSeconds(30);
    return new Limits(
        patience,
        patience,
        30L << 10,
        2L << 30,
        new BackOff(
            4,
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            pause -> Thread.sleep(pause.toMillis())));
  }
}
