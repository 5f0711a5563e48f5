package dev.gramloom.cli.farm;

import dev.gramloom.cli.batch.PercentClock;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Progress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How far a task is: in lines that farms' managers read, twice a minute and at every tenth, and in
 * the task's own record, whose changes tell other nodes that this start lives. Stops the run when
 * another start has taken its place.
 */
final class TaskProgress implements Progress, AutoCloseable {
  private final TaskFolder task;
  private final int number;
  private final Consumer<String> out;
  private final PercentClock percent;
  private final ScheduledExecutorService clock;
  private Start start;
  private boolean closed;
  private volatile boolean taken;

  /**
   * @param number of the start
   * @param beat between two changes of the record
   * @param out prints a line
   */
  TaskProgress(TaskFolder task, int number, Start start, Duration beat, Consumer<String> out) {
    this.task = task;
    this.number = number;
    this.start = start;
    this.out = out;
    this.percent = new PercentClock(this::tell);
    this.clock =
        Executors.newSingleThreadScheduledExecutor(job -> {
          Thread thread = new Thread(job, "gramloom-task");
          thread.setDaemon(true);
          return thread;
        });
    clock.scheduleAtFixedRate(this::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    percent.at(0);
  }

  @Override
  public void iterated(
      double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
    if (taken) {
      throw new Failure(
          ExitCode.STOPPED,
          "start %d of this task was taken for dead, and another has its place".formatted(number));
    }
    percent.at((int) (100 * done));
  }

  /** {@code openjd_progress} as in Open Job Description, How Jobs Are Run, "Stdout/Stderr". */
  private void tell(int now) {
    out.accept("Progress: %d%%".formatted(now));
    out.accept("openjd_progress: %d".formatted(now));
  }

  private synchronized void beat() {
    if (closed) {
      return;
    }
    try {
      taken = task.isTakenFrom(number);
      start = start.at(start.beat() + 1, percent.percent());
      task.update(number, start);
    } catch (Failure e) {
      out.accept("gramloom: " + e.line()); // the run may go on; the next beat may succeed
    }
  }

  /** Notes in the record how the start ended; no beat follows. */
  synchronized void ended(int exitCode, String reason) {
    closed = true;
    start = start.ending(exitCode, reason);
    task.update(number, start);
  }

  /** The work is done. */
  void finished() {
    percent.at(100);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    percent.close();
  }
}
