package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.ROWS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Verbs that each pixel of a tensor goes through by itself, put off and then done together: some
 * pixels go through all of them while they stay in the second cache, so memory is read and written
 * once. A pixel meets the same numbers in the same order as by one verb after the other, so results
 * are the same bits.
 *
 * <p>Not thread-safe.
 */
final class Deferred {
  /** What a verb does to some pixels. */
  interface Step {
    /**
     * @param from the first pixel, a multiple of {@link Gemm#ROWS}
     * @param to beyond the last
     * @param scratch nobody else's meanwhile
     */
    void run(int from, int to, Scratch scratch);
  }

  /** Most floats of the pixels of an item of work: a part of the second cache. */
  private static final int FLOATS = 1 << 16;

  /** Items that keep several threads busy to the end. */
  private static final int ITEMS = 24;

  private final List<Step> steps = new ArrayList<>();
  private final List<float[]> memories = new ArrayList<>(); // of the steps; they stay
  private CpuTensor target;
  private boolean zeros; // the only step makes the target zero

  /** Whether a verb that changes this tensor can wait with those that are here. */
  boolean takes(CpuTensor x) {
    return steps.isEmpty() || target.values() == x.values() && target.shape().equals(x.shape());
  }

  /** At least {@code size} floats of any content for the next step, until it is done. */
  float[] memory(int size) {
    int index = steps.size();
    while (memories.size() <= index) {
      memories.add(new float[0]);
    }
    if (memories.get(index).length < size) {
      memories.set(index, new float[size]);
    }
    return memories.get(index);
  }

  /**
   * Puts a step off.
   *
   * @param x what it changes; {@link #takes} it
   */
  void add(CpuTensor x, Step step) {
    target = x;
    steps.add(step);
    zeros = false;
  }

  /** Puts off that a tensor becomes zero; {@link #takes} it. */
  void addZeros(CpuTensor x) {
    boolean first = steps.isEmpty();
    int pitch = x.pitch();
    add(x, (from, to, scratch) -> Arrays.fill(x.values(), from * pitch, to * pitch, 0));
    zeros = first;
  }

  /**
   * Whether all that was put off is that this tensor becomes zero. Then it is put off no longer:
   * the caller sets each of its numbers, and need not add to them.
   */
  boolean dropZeros(CpuTensor x) {
    if (steps.isEmpty() || !zeros || !takes(x)) {
      return false;
    }
    steps.clear();
    return true;
  }

  /** Does what was put off, and has nothing more. */
  void settle(Workers workers) {
    if (steps.isEmpty()) {
      return;
    }
    Step[] all = steps.toArray(Step[]::new);
    steps.clear();
    int pixels = target.pixels();
    int most = Math.min(FLOATS / target.pitch(), pixels / ITEMS);
    int run = Math.max(1, most / ROWS) * ROWS;
    workers.forEach(
        (pixels + run - 1) / run,
        (item, scratch) -> {
          int from = item * run;
          int to = Math.min(pixels, from + run);
          for (Step step : all) {
            step.run(from, to, scratch);
          }
        });
  }
}
