package dev.gramloom.backend.cpu;

import jdk.incubator.vector.FloatVector;

/**
 * The most multiply-adds that this machine's vector units do in a second: chains of them that wait
 * neither for memory nor for each other. What no real work reaches, so that real work has something
 * to be a share of.
 */
public final class PeakRate {
  /** Multiply-adds in a call of {@link #chains}, in vectors: some microseconds. */
  private static final int STEPS = 1024;

  /** More than two units of a latency of five keep busy, and they fit 16 registers. */
  private static final int CHAINS = 12;

  private static final int CALLS_PER_ITEM = 64;
  private static final int ITEMS_PER_THREAD = 16;
  private static final long DURATION = 300_000_000L; // nanoseconds, all batches together

  /** The first batches run before the compiler is done. */
  private static final int FEWEST_BATCHES = 8;

  private PeakRate() {}

  /**
   * Measures; takes about a third of a second.
   *
   * @param threads at least 1
   * @return floating-point operations in a second, a multiply-add counted as two
   */
  public static double measure(int threads) {
    double best = 0;
    try (Workers workers = new Workers(threads)) {
      int items = threads * ITEMS_PER_THREAD;
      float[] sink = new float[items]; // without a reader the chains would be optimised away
      double flop = 2.0 * Lanes.LANES * CHAINS * STEPS * CALLS_PER_ITEM * items;
      long begin = System.nanoTime();
      for (int batch = 0; batch < FEWEST_BATCHES || System.nanoTime() - begin < DURATION; batch++) {
        long start = System.nanoTime();
        workers.forEach(items, (index, scratch) -> sink[index] = item(index));
        best = Math.max(best, flop / (System.nanoTime() - start) * 1e9);
      }
    }
    return best;
  }

  private static float item(int index) {
    float sum = 0;
    for (int call = 0; call < CALLS_PER_ITEM; call++) {
      sum += chains(index + call);
    }
    return sum;
  }

  /** x = x / 2 + 1, over and over: stays near 2, never denormal. */
  private static float chains(float start) {
    FloatVector half = FloatVector.broadcast(Lanes.SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(Lanes.SPECIES, 1);
    FloatVector a = FloatVector.broadcast(Lanes.SPECIES, start);
    FloatVector b = a.add(one);
    FloatVector c = b.add(one);
    FloatVector d = c.add(one);
    FloatVector e = d.add(one);
    FloatVector f = e.add(one);
    FloatVector g = f.add(one);
    FloatVector h = g.add(one);
    FloatVector i = h.add(one);
    FloatVector j = i.add(one);
    FloatVector k = j.add(one);
    FloatVector l = k.add(one);
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(half, one);
      b = b.fma(half, one);
      c = c.fma(half, one);
      d = d.fma(half, one);
      e = e.fma(half, one);
      f = f.fma(half, one);
      g = g.fma(half, one);
      h = h.fma(half, one);
      i = i.fma(half, one);
      j = j.fma(half, one);
      k = k.fma(half, one);
      l = l.fma(half, one);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }
}
