package dev.gramloom.cli.batch;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Tells how far something is as farms expect it: at every whole tenth, and twice a minute. */
public final class PercentClock implements AutoCloseable {
  private static final int LONGEST_SILENCE = 30; // seconds
  private static final int STEP = 10; // percent

  private final IntConsumer tell;
  private final ScheduledExecutorService clock;
  private int percent;
  private int said = -1;

  /**
   * @param tell hears percents, from one thread at a time
   */
  public PercentClock(IntConsumer tell) {
    this.tell = tell;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(task -> {
          Thread thread = new Thread(task, "gramloom-progress");
          thread.setDaemon(true);
          return thread;
        });
    clock.scheduleAtFixedRate(this::tell, LONGEST_SILENCE, LONGEST_SILENCE, TimeUnit.SECONDS);
  }

  /** So far it is; never back, whatever is said. */
  public synchronized void at(int now) {
    percent = Math.max(percent, Math.min(now, 100));
    if (said < 0 || percent / STEP > said / STEP) {
      tell();
    }
  }

  /** The last that it was {@link #at}. */
  public synchronized int percent() {
    return percent;
  }

  private synchronized void tell() {
    said = percent;
    tell.accept(percent);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
