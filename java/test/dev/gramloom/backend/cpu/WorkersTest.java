package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads do all items once, report what goes wrong, and end. */
@Timeout(30)
class WorkersTest {
  private static final int ITEMS = 40;

  /** How often each item was done. */
  private static void assertEachOnce(Workers workers, int count) {
    AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, count));
    workers.forEach(count, (i, scratch) -> done.incrementAndGet(i));
    for (int i = 0; i < count; i++) {
      assertEquals(1, done.get(i), "item " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void doEachItemOnce(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int count : new int[] {0, 1, 2, ITEMS, 1000}) {
        assertEachOnce(workers, count);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, (1 << 15) - 1, 1 << 15, (1 << 15) + 1, 100_000})
  void coverAnArrayWithoutGapsAndOverlaps(int length) {
    AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, length));
    try (Workers workers = new Workers(3)) {
      workers.forRanges(
          length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              done.incrementAndGet(i);
            }
          });
    }
    for (int i = 0; i < length; i++) {
      assertEquals(1, done.get(i), "element " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void anItemsFailureReachesTheCallerAndTheNextRoundWorks(int threads) {
    var expected = new IllegalStateException("item 7");
    var worse = new StackOverflowError("item 9");
    try (Workers workers = new Workers(threads)) {
      for (int round = 0; round < 100; round++) {
        assertSame(
            expected, assertThrows(RuntimeException.class, () -> fail(workers, 7, expected)));
        assertEachOnce(workers, ITEMS);
      }
      assertSame(worse, assertThrows(StackOverflowError.class, () -> fail(workers, 9, worse)));
      assertEachOnce(workers, ITEMS);
    }
  }

  private static <T extends Throwable> void fail(Workers workers, int item, T thrown) throws T {
    workers.forEach(
        ITEMS,
        (i, scratch) -> {
          if (i == item && thrown instanceof RuntimeException e) {
            throw e;
          }
          if (i == item && thrown instanceof Error e) {
            throw e;
          }
        });
  }

  @Test
  void whatAnotherThreadThrowsReachesTheCaller() {
    Thread caller = Thread.currentThread();
    CountDownLatch thrown = new CountDownLatch(1);
    try (Workers workers = new Workers(2)) {
      assertThrows(
          ArithmeticException.class,
          () ->
              workers.forEach(
                  2, // one waits for the other, so that each has one
                  (i, scratch) -> {
                    if (Thread.currentThread() != caller) {
                      thrown.countDown();
                      throw new ArithmeticException("elsewhere");
                    }
                    awaitCalmly(thrown);
                  }));
      assertEachOnce(workers, ITEMS);
    }
  }

  private static void awaitCalmly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A caller that is interrupted while others still work waits for them and stays interrupted. */
  @Test
  void anInterruptionWhileWaitingIsKept() {
    Thread caller = Thread.currentThread();
    AtomicInteger done = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    try (Workers workers = new Workers(2)) {
      workers.forEach(
          2, // one each
          (i, scratch) -> {
            if (Thread.currentThread() == caller) {
              awaitCalmly(begun);
            } else {
              begun.countDown();
              sleepBriefly(); // by then the caller waits
              caller.interrupt();
              sleepBriefly();
            }
            done.incrementAndGet();
          });
      assertEquals(2, done.get(), "it waited to the end");
      assertTrue(Thread.interrupted(), "and knows that it was interrupted");
      assertEachOnce(workers, ITEMS);
    }
  }

  private static void sleepBriefly() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void manyTinyRoundsFinish(int threads) {
    AtomicLong sum = new AtomicLong();
    try (Workers workers = new Workers(threads)) {
      for (int round = 0; round < 10_000; round++) {
        workers.forEach(3, (i, scratch) -> sum.addAndGet(i));
      }
    }
    assertEquals(30_000, sum.get());
  }

  @Test
  void roundsAfterAPauseFindTheSleepers() throws InterruptedException {
    try (Workers workers = new Workers(3)) {
      for (int round = 0; round < 20; round++) {
        assertEachOnce(workers, ITEMS);
        Thread.sleep(2); // longer than anyone looks around
      }
    }
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    try (Workers workers = new Workers(3)) {
      workers.forEach(
          3, // none is done before all have begun
          (i, scratch) -> {
            threads.add(Thread.currentThread());
            all.countDown();
            awaitCalmly(all);
          });
    }
    threads.remove(Thread.currentThread());
    assertEquals(2, threads.size());
    for (Thread thread : threads) {
      thread.join(10_000);
      assertFalse(thread.isAlive());
      assertTrue(thread.isDaemon());
    }
  }
}
