package dev.gramloom.cli.batch;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How far a batch is: "Progress: 42%" as render farms expect it, at every whole tenth and at least
 * twice a minute. Every job counts the same.
 */
final class BatchProgress implements AutoCloseable {
  private static final int LONGEST_SILENCE = 30; // seconds
  private static final int STEP = 10; // percent

  private final Consumer<String> say;
  private final int jobs;
  private final double[] running;
  private final ScheduledExecutorService clock;
  private int finished;
  private int said = -1;

  /**
   * @param say prints a line
   * @param jobs how many there are
   * @param workers how many run at the same time
   */
  BatchProgress(Consumer<String> say, int jobs, int workers) {
    this.say = say;
    this.jobs = jobs;
    this.running = new double[workers];
    this.clock =
        Executors.newSingleThreadScheduledExecutor(task -> {
          Thread thread = new Thread(task, "gramloom-progress");
          thread.setDaemon(true);
          return thread;
        });
    clock.scheduleAtFixedRate(this::tell, LONGEST_SILENCE, LONGEST_SILENCE, TimeUnit.SECONDS);
  }

  /**
   * A worker's job goes on.
   *
   * @param done share of it that is behind us, 0..1
   */
  synchronized void at(int worker, double done) {
    running[worker] = done;
    tellSteps();
  }

  /** A worker's job has ended, somehow. */
  synchronized void finished(int worker) {
    running[worker] = 0;
    finished++;
    tellSteps();
  }

  private int percent() {
    double done = finished;
    for (double job : running) {
      done += job;
    }
    return (int) (100 * done / jobs + 1e-9);
  }

  private void tellSteps() {
    int percent = percent();
    if (said < 0 || percent / STEP > said / STEP) {
      tell();
    }
  }

  private synchronized void tell() {
    said = Math.max(said, percent()); // never back, though a failed job is done at once
    say.accept("Progress: %d%%".formatted(said));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
