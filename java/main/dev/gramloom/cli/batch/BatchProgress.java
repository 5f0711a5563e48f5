package dev.gramloom.cli.batch;

import java.util.function.Consumer;

/** How far a batch is: "Progress: 42%" as render farms expect it. Every job counts the same. */
final class BatchProgress implements AutoCloseable {
  private final int jobs;
  private final double[] running;
  private final PercentClock clock;
  private int finished;

  /**
   * @param say prints a line
   * @param jobs how many there are
   * @param workers how many run at the same time
   */
  BatchProgress(Consumer<String> say, int jobs, int workers) {
    this.jobs = jobs;
    this.running = new double[workers];
    this.clock = new PercentClock(percent -> say.accept("Progress: %d%%".formatted(percent)));
  }

  /**
   * A worker's job goes on.
   *
   * @param done share of it that is behind us, 0..1
   */
  synchronized void at(int worker, double done) {
    running[worker] = done;
    clock.at(percent());
  }

  /** A worker's job has ended, somehow. */
  synchronized void finished(int worker) {
    running[worker] = 0;
    finished++;
    clock.at(percent());
  }

  private int percent() {
    double done = finished;
    for (double job : running) {
      done += job;
    }
    return (int) (100 * done / jobs + 1e-9);
  }

  @Override
  public void close() {
    clock.close();
  }
}
