package dev.gramloom.backend.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The threads of the CPU engine.
 *
 * <p>Work is cut into items by size alone, never by the number of threads, and an item's result
 * does not depend on who computes it; so results are the same bits for any thread count.
 *
 * <p>A walk through a network is hundreds of rounds of work, some of less than a tenth of a
 * millisecond. So whoever has to wait first looks around for a while, and only then sleeps: to be
 * woken takes as long as such a round.
 */
final class Workers implements AutoCloseable {
  /** Floats an element-wise item covers; a few hundred microseconds of work at most. */
  private static final int GRAIN = 1 << 15;

  /** Nanoseconds of looking around before sleep. */
  private static final long PATIENCE = 50_000;

  /** One item of work. */
  interface Item {
    /** Does item {@code index} with a scratch that nobody else uses meanwhile. */
    void run(int index, Scratch scratch);
  }

  /** A contiguous part of an array. */
  interface Range {
    void run(int from, int to);
  }

  /** Items that all threads do together. */
  private static final class Round {
    private final int count;
    private final Item item;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger helping; // helpers that are not through
    private volatile Throwable error;

    Round(int count, Item item, int helpers) {
      this.count = count;
      this.item = item;
      this.caller = Thread.currentThread();
      this.helping = new AtomicInteger(helpers);
    }

    void drain(Scratch scratch) {
      try {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
          item.run(i, scratch);
        }
      } catch (Throwable thrown) {
        error = thrown;
        next.set(count);
      }
    }
  }

  /** A thread that waits for rounds. */
  private final class Helper extends Thread {
    private final Scratch scratch;
    private volatile boolean asleep;

    Helper(Scratch scratch) {
      super("gramloom-cpu");
      this.scratch = scratch;
      setDaemon(true);
    }

    @Override
    public void run() {
      for (Round last = null; !closed; ) {
        Round now = round;
        if (now == last) {
          now = awaited(last);
        }
        if (now != null && now != last) {
          now.drain(scratch);
          if (now.helping.decrementAndGet() == 0) {
            LockSupport.unpark(now.caller);
          }
        }
        last = now;
      }
    }

    private Round awaited(Round last) {
      long start = System.nanoTime();
      while (round == last && !closed) {
        if (System.nanoTime() - start < PATIENCE) {
          Thread.onSpinWait();
          continue;
        }
        asleep = true; // before the last look: who starts a round looks at this after it
        if (round == last && !closed) {
          LockSupport.park(Workers.this);
        }
        asleep = false;
      }
      return round;
    }
  }

  private final Scratch own = new Scratch();
  private final Scratch shared = new Scratch();
  private final Deferred deferred = new Deferred();
  private final Helper[] helpers;
  private volatile Round round;
  private volatile boolean closed;

  /**
   * @param threads at least 1; the caller is one of them
   */
  Workers(int threads) {
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(new Scratch());
      helpers[i].start();
    }
  }

  /** A scratch for what all threads work on together. */
  Scratch shared() {
    return shared;
  }

  int count() {
    return helpers.length + 1;
  }

  /**
   * Puts off what changes a tensor pixel by pixel, until anything else is done. What was put off
   * for another tensor is done first.
   *
   * @param verb makes the step, and may ask {@link Deferred#memory} for what the step needs
   */
  void later(CpuTensor x, Function<Deferred, Deferred.Step> verb) {
    if (!deferred.takes(x)) {
      settle();
    }
    deferred.add(x, verb.apply(deferred));
  }

  /** Puts off that a tensor becomes zero. */
  void laterZeros(CpuTensor x) {
    if (!deferred.takes(x)) {
      settle();
    }
    deferred.addZeros(x);
  }

  /** {@link Deferred#dropZeros}. */
  boolean dropZeros(CpuTensor x) {
    return deferred.dropZeros(x);
  }

  /** Does what was put off. */
  void settle() {
    deferred.settle(this);
  }

  /** Does what was put off, then items 0 … count−1, and returns when all are done. */
  void forEach(int count, Item item) {
    settle();
    beside(count, item);
  }

  /** Does items 0 … count−1 and returns when all are done; what was put off may wait. */
  void beside(int count, Item item) {
    boolean alone = helpers.length == 0 || count < 2;
    Round now = new Round(count, item, alone ? 0 : helpers.length);
    if (!alone) {
      round = now;
      for (Helper helper : helpers) {
        if (helper.asleep) {
          LockSupport.unpark(helper);
        }
      }
    }
    now.drain(own);
    await(now);
    rethrow(now.error);
  }

  /** Covers 0 … length−1 with ranges whose borders are multiples of a fixed grain. */
  void forRanges(int length, Range range) {
    int count = (length + GRAIN - 1) / GRAIN;
    forEach(count, (i, scratch) -> range.run(i * GRAIN, (int) Math.min(length, (i + 1L) * GRAIN)));
  }

  private static void await(Round round) {
    boolean interrupted = false;
    long start = System.nanoTime();
    while (round.helping.get() > 0) {
      if (System.nanoTime() - start < PATIENCE) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(round);
        interrupted |= Thread.interrupted(); // the arrays are still being written: wait on
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
    closed = true;
    for (Helper helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
