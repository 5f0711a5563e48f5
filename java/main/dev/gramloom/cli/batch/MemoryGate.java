package dev.gramloom.cli.batch;

import dev.gramloom.backend.Memory;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets no more jobs work at the same time than the memory allows: each was counted as if it were
 * alone. A job that waits has read its exemplar and no more.
 */
final class MemoryGate {
  private final Map<Integer, Long> held = new HashMap<>();

  /** Waits until a worker's job fits beside the others, or is alone. */
  synchronized void enter(int worker, Memory memory) {
    while (!held.isEmpty() && sum() + memory.needed() > memory.allowed()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    held.put(worker, memory.needed());
  }

  /** A worker's job has ended; it may not have begun. */
  synchronized void leave(int worker) {
    held.remove(worker);
    notifyAll();
  }

  private long sum() {
    return held.values().stream().mapToLong(Long::longValue).sum();
  }
}
