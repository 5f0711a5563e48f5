package dev.gramloom.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Memory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MemoryGateTest {
  private final MemoryGate gate = new MemoryGate();
  private final CountDownLatch entered = new CountDownLatch(1);

  private Thread entering(int worker, Memory memory) {
    Thread thread =
        new Thread(() -> {
          gate.enter(worker, memory);
          entered.countDown();
        });
    thread.start();
    return thread;
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
  }

  @Test
  void aJobThatDoesNotFitBesideAnotherWaitsForItsEnd() throws InterruptedException {
    gate.enter(0, new Memory(60, 100));
    awaitWaiting(entering(1, new Memory(50, 100)));
    assertEquals(1, entered.getCount());
    gate.leave(0);
    assertTrue(entered.await(5, TimeUnit.SECONDS));
  }

  @Test
  void jobsThatFitTogetherDoNotWait() throws InterruptedException {
    gate.enter(0, new Memory(50, 100));
    entering(1, new Memory(50, 100));
    assertTrue(entered.await(5, TimeUnit.SECONDS));
  }

  @Test
  void aJobAloneNeverWaits() {
    gate.enter(0, new Memory(200, 100));
    gate.leave(0);
    gate.enter(1, new Memory(200, 100));
  }
}
