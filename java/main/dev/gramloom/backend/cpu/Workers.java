package dev.gramloom.backend.cpu;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads of the CPU engine.
 *
 * <p>Work is cut into items by size alone, never by the number of threads, and an item's result
 * does not depend on who computes it; so results are the same bits for any thread count.
 */
final class Workers implements AutoCloseable {
  /** Floats an element-wise item covers; a few hundred microseconds of work at most. */
  private static final int GRAIN = 1 << 15;

  /** One item of work. */
  interface Item {
    /** Does item {@code index} with a scratch that nobody else uses meanwhile. */
    void run(int index, Scratch scratch);
  }

  /** A contiguous part of an array. */
  interface Range {
    void run(int from, int to);
  }

  private final Scratch[] scratches;
  private final Scratch shared = new Scratch();
  private final ExecutorService others;

  /**
   * @param threads at least 1; the caller is one of them
   */
  Workers(int threads) {
    scratches = new Scratch[threads];
    for (int i = 0; i < threads; i++) {
      scratches[i] = new Scratch();
    }
    others =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            task -> {
              Thread thread = new Thread(task, "gramloom-cpu");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A scratch for what all threads work on together. */
  Scratch shared() {
    return shared;
  }

  int count() {
    return scratches.length;
  }

  /** Does items 0 … count−1 and returns when all are done. */
  void forEach(int count, Item item) {
    AtomicInteger next = new AtomicInteger();
    int helpers = Math.min(scratches.length, count) - 1;
    CountDownLatch done = new CountDownLatch(Math.max(0, helpers));
    AtomicReference<Throwable> error = new AtomicReference<>();
    for (int i = 0; i < helpers; i++) {
      Scratch scratch = scratches[i + 1];
      others.execute(() -> {
        drain(next, count, item, scratch, error);
        done.countDown();
      });
    }
    drain(next, count, item, scratches[0], error);
    await(done);
    rethrow(error.get());
  }

  /** Covers 0 … length−1 with ranges whose borders are multiples of a fixed grain. */
  void forRanges(int length, Range range) {
    int count = (length + GRAIN - 1) / GRAIN;
    forEach(count, (i, scratch) -> range.run(i * GRAIN, (int) Math.min(length, (i + 1L) * GRAIN)));
  }

  private static void drain(
      AtomicInteger next, int count, Item item, Scratch scratch, AtomicReference<Throwable> error) {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        item.run(i, scratch);
      }
    } catch (Throwable thrown) {
      error.compareAndSet(null, thrown);
      next.set(count);
    }
  }

  private static void await(CountDownLatch done) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // the arrays are still being written: wait, then pass it on
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
