package dev.gramloom.cli.batch;

import dev.gramloom.backend.Memory;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.Image;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Jobs on one machine: each worker takes the next one as soon as it is free. */
final class Batch {
  private final List<Job> jobs;
  private final Supplier<JobRunner> runners;
  private final Ledger ledger;
  private final boolean keepGoing;
  private final BatchListener listener;
  private final BooleanSupplier stop;
  private final AtomicInteger next = new AtomicInteger();
  private final MemoryGate gate = new MemoryGate();
  private volatile boolean stopped;
  private boolean interrupted;
  private int failedLine = Integer.MAX_VALUE;
  private int exitCode = ExitCode.DONE.code();

  /**
   * @param jobs in the order in which they are begun
   * @param runners makes a worker's runner
   * @param keepGoing whether a failure leaves the jobs after it alone; else none is begun
   * @param stop whether the batch was told to stop; jobs see it by themselves
   */
  Batch(
      List<Job> jobs,
      Supplier<JobRunner> runners,
      Ledger ledger,
      boolean keepGoing,
      BatchListener listener,
      BooleanSupplier stop) {
    this.jobs = jobs;
    this.runners = runners;
    this.ledger = ledger;
    this.keepGoing = keepGoing;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Runs the jobs.
   *
   * @param workers at least 1
   * @param benches makes a worker's bench, which tells the progress that it is given
   * @return 0; STOPPED if jobs are left for the next run; or what the failed job of the first line
   *     ended with
   */
  int run(int workers, Function<Progress, Workbench> benches) {
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try (BatchProgress progress = new BatchProgress(this::say, jobs.size(), workers)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        int worker = i;
        ends.add(threads.submit(() -> work(worker, benches, progress)));
      }
      for (Future<?> end : ends) {
        await(end);
      }
    } finally {
      threads.shutdownNow();
    }
    boolean left = stop.getAsBoolean() && next.get() < jobs.size();
    return interrupted || left ? ExitCode.STOPPED.code() : exitCode;
  }

  private static void await(Future<?> end) {
    try {
      end.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a batch", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  private void work(int worker, Function<Progress, Workbench> benches, BatchProgress progress) {
    Supplier<Workbench> open = () -> benches.apply(heard(worker, progress));
    JobRunner runner = runners.get();
    Workbench bench = open.get();
    try {
      for (Job job = nextJob(); job != null; job = nextJob()) {
        JobOutcome outcome = runner.run(job, bench);
        gate.leave(worker);
        note(job, outcome);
        progress.finished(worker);
        if (!outcome.succeeded()) { // whatever it left on the bench
          bench.close();
          bench = open.get();
        }
      }
    } catch (RuntimeException | Error e) {
      stopped = true;
      throw e;
    } finally {
      bench.close();
    }
  }

  private Job nextJob() {
    int index = stopped || stop.getAsBoolean() ? jobs.size() : next.getAndIncrement();
    return index < jobs.size() ? jobs.get(index) : null;
  }

  private Progress heard(int worker, BatchProgress progress) {
    return new Progress() {
      @Override
      public void begins(Memory memory) {
        gate.enter(worker, memory);
      }

      @Override
      public void iterated(
          double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
        progress.at(worker, done);
      }
    };
  }

  private synchronized void say(String line) {
    listener.say(line);
  }

  private synchronized void note(Job job, JobOutcome outcome) {
    ledger.put(job, outcome);
    listener.ended(job, outcome);
    if (outcome.stopped()) {
      interrupted = true;
    } else if (!outcome.succeeded()) {
      stopped |= !keepGoing;
      if (job.line() < failedLine) {
        failedLine = job.line();
        exitCode = outcome.exitCode();
      }
    }
  }
}
