package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link DirectConvolution}: out[r][i] += Σ_t w[t][r] · in[offset_t + i], where
 * the offsets are shifts within a picture. Twelve accumulators, three loads and a broadcast fill
 * the sixteen registers of AVX2; each output is summed in the order of t whatever the width of a
 * vector.
 */
final class DirectKernel {
  /** Outputs that {@link #multiply4} computes side by side. */
  static final int ROWS = 4;

  private DirectKernel() {}

  /**
   * What to sum.
   *
   * @param offsets [taps], added to the position
   * @param count how many of the offsets count
   * @param weights for each tap one weight a row, side by side, from {@code start}
   * @param start of this tile's weights
   * @param stride from one tap's weights to the next's
   */
  record Taps(int[] offsets, int count, float[] weights, int start, int stride) {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  private static FloatVector zero() {
    return FloatVector.zero(SPECIES);
  }

  /** out[r · pitch + i] += Σ_t w[t][r] · in[at + offset_t + i] for r = 0 … 3, i = 0 … length−1. */
  static void multiply4(Taps taps, float[] in, int at, float[] out, int to, int pitch, int length) {
    int i = 0;
    for (; i + 3 * LANES <= length; i += 3 * LANES) {
      block4x3(taps, in, at + i, out, to + i, pitch);
    }
    for (; i + 2 * LANES <= length; i += 2 * LANES) {
      block4x2(taps, in, at + i, out, to + i, pitch);
    }
    for (; i + LANES <= length; i += LANES) {
      block4x1(taps, in, at + i, out, to + i, pitch);
    }
    for (int row = 0; i < length && row < ROWS; row++) {
      scalar(taps, row, in, at + i, out, to + row * pitch + i, length - i);
    }
  }

  private static void block4x3(Taps taps, float[] in, int at, float[] out, int to, int pitch) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a0 = zero, a1 = zero, a2 = zero;
    FloatVector b0 = zero, b1 = zero, b2 = zero;
    FloatVector c0 = zero, c1 = zero, c2 = zero;
    FloatVector d0 = zero, d1 = zero, d2 = zero;
    int[] offsets = taps.offsets;
    float[] weights = taps.weights;
    int w = taps.start;
    int count = taps.count;
    int stride = taps.stride;
    for (int t = 0; t < count; t++, w += stride) {
      int from = at + offsets[t];
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, from);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, from + LANES);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, from + 2 * LANES);
      FloatVector k = FloatVector.broadcast(SPECIES, weights[w]);
      a0 = x0.fma(k, a0);
      a1 = x1.fma(k, a1);
      a2 = x2.fma(k, a2);
      k = FloatVector.broadcast(SPECIES, weights[w + 1]);
      b0 = x0.fma(k, b0);
      b1 = x1.fma(k, b1);
      b2 = x2.fma(k, b2);
      k = FloatVector.broadcast(SPECIES, weights[w + 2]);
      c0 = x0.fma(k, c0);
      c1 = x1.fma(k, c1);
      c2 = x2.fma(k, c2);
      k = FloatVector.broadcast(SPECIES, weights[w + 3]);
      d0 = x0.fma(k, d0);
      d1 = x1.fma(k, d1);
      d2 = x2.fma(k, d2);
    }
    a0.add(FloatVector.fromArray(SPECIES, out, to)).intoArray(out, to);
    a1.add(FloatVector.fromArray(SPECIES, out, to + LANES)).intoArray(out, to + LANES);
    a2.add(FloatVector.fromArray(SPECIES, out, to + 2 * LANES)).intoArray(out, to + 2 * LANES);
    b0.add(FloatVector.fromArray(SPECIES, out, to + pitch)).intoArray(out, to + pitch);
    b1.add(FloatVector.fromArray(SPECIES, out, to + pitch + LANES))
        .intoArray(out, to + pitch + LANES);
    b2.add(FloatVector.fromArray(SPECIES, out, to + pitch + 2 * LANES))
        .intoArray(out, to + pitch + 2 * LANES);
    c0.add(FloatVector.fromArray(SPECIES, out, to + 2 * pitch)).intoArray(out, to + 2 * pitch);
    c1.add(FloatVector.fromArray(SPECIES, out, to + 2 * pitch + LANES))
        .intoArray(out, to + 2 * pitch + LANES);
    c2.add(FloatVector.fromArray(SPECIES, out, to + 2 * pitch + 2 * LANES))
        .intoArray(out, to + 2 * pitch + 2 * LANES);
    d0.add(FloatVector.fromArray(SPECIES, out, to + 3 * pitch)).intoArray(out, to + 3 * pitch);
    d1.add(FloatVector.fromArray(SPECIES, out, to + 3 * pitch + LANES))
        .intoArray(out, to + 3 * pitch + LANES);
    d2.add(FloatVector.fromArray(SPECIES, out, to + 3 * pitch + 2 * LANES))
        .intoArray(out, to + 3 * pitch + 2 * LANES);
  }

  private static void add(FloatVector x, float[] out, int to) {
    load(out, to).add(x).intoArray(out, to);
  }

  private static void block4x2(Taps taps, float[] in, int at, float[] out, int to, int pitch) {
    FloatVector a0 = zero(), a1 = zero();
    FloatVector b0 = zero(), b1 = zero();
    FloatVector c0 = zero(), c1 = zero();
    FloatVector d0 = zero(), d1 = zero();
    int[] offsets = taps.offsets;
    float[] weights = taps.weights;
    int w = taps.start;
    int count = taps.count;
    int stride = taps.stride;
    for (int t = 0; t < count; t++, w += stride) {
      int from = at + offsets[t];
      FloatVector x0 = load(in, from);
      FloatVector x1 = load(in, from + LANES);
      FloatVector k = FloatVector.broadcast(SPECIES, weights[w]);
      a0 = x0.fma(k, a0);
      a1 = x1.fma(k, a1);
      k = FloatVector.broadcast(SPECIES, weights[w + 1]);
      b0 = x0.fma(k, b0);
      b1 = x1.fma(k, b1);
      k = FloatVector.broadcast(SPECIES, weights[w + 2]);
      c0 = x0.fma(k, c0);
      c1 = x1.fma(k, c1);
      k = FloatVector.broadcast(SPECIES, weights[w + 3]);
      d0 = x0.fma(k, d0);
      d1 = x1.fma(k, d1);
    }
    add(a0, out, to);
    add(a1, out, to + LANES);
    add(b0, out, to + pitch);
    add(b1, out, to + pitch + LANES);
    add(c0, out, to + 2 * pitch);
    add(c1, out, to + 2 * pitch + LANES);
    add(d0, out, to + 3 * pitch);
    add(d1, out, to + 3 * pitch + LANES);
  }

  private static void block4x1(Taps taps, float[] in, int at, float[] out, int to, int pitch) {
    FloatVector a = zero(), b = zero(), c = zero(), d = zero();
    int w = taps.start;
    for (int t = 0; t < taps.count; t++, w += taps.stride) {
      FloatVector x = load(in, at + taps.offsets[t]);
      a = x.fma(FloatVector.broadcast(SPECIES, taps.weights[w]), a);
      b = x.fma(FloatVector.broadcast(SPECIES, taps.weights[w + 1]), b);
      c = x.fma(FloatVector.broadcast(SPECIES, taps.weights[w + 2]), c);
      d = x.fma(FloatVector.broadcast(SPECIES, taps.weights[w + 3]), d);
    }
    add(a, out, to);
    add(b, out, to + pitch);
    add(c, out, to + 2 * pitch);
    add(d, out, to + 3 * pitch);
  }

  /** One row of {@link #multiply4}, for outputs that share few taps with their neighbours. */
  static void multiply1(Taps taps, float[] in, int at, float[] out, int to, int length) {
    int i = 0;
    for (; i + 8 * LANES <= length; i += 8 * LANES) {
      block1x8(taps, in, at + i, out, to + i);
    }
    for (; i + LANES <= length; i += LANES) {
      FloatVector sum = zero();
      for (int t = 0; t < taps.count; t++) {
        FloatVector k = FloatVector.broadcast(SPECIES, taps.weights[taps.start + t]);
        sum = load(in, at + i + taps.offsets[t]).fma(k, sum);
      }
      add(sum, out, to + i);
    }
    scalar(taps, 0, in, at + i, out, to + i, length - i);
  }

  private static void block1x8(Taps taps, float[] in, int at, float[] out, int to) {
    FloatVector a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
    FloatVector a4 = zero(), a5 = zero(), a6 = zero(), a7 = zero();
    int[] offsets = taps.offsets;
    float[] weights = taps.weights;
    int w = taps.start;
    int count = taps.count;
    for (int t = 0; t < count; t++, w++) {
      int from = at + offsets[t];
      FloatVector k = FloatVector.broadcast(SPECIES, weights[w]);
      a0 = load(in, from).fma(k, a0);
      a1 = load(in, from + LANES).fma(k, a1);
      a2 = load(in, from + 2 * LANES).fma(k, a2);
      a3 = load(in, from + 3 * LANES).fma(k, a3);
      a4 = load(in, from + 4 * LANES).fma(k, a4);
      a5 = load(in, from + 5 * LANES).fma(k, a5);
      a6 = load(in, from + 6 * LANES).fma(k, a6);
      a7 = load(in, from + 7 * LANES).fma(k, a7);
    }
    add(a0, out, to);
    add(a1, out, to + LANES);
    add(a2, out, to + 2 * LANES);
    add(a3, out, to + 3 * LANES);
    add(a4, out, to + 4 * LANES);
    add(a5, out, to + 5 * LANES);
    add(a6, out, to + 6 * LANES);
    add(a7, out, to + 7 * LANES);
  }

  private static void scalar(
      Taps taps, int row, float[] in, int at, float[] out, int to, int length) {
    for (int i = 0; i < length; i++) {
      float sum = 0;
      for (int t = 0; t < taps.count; t++) {
        float weight = taps.weights[taps.start + t * taps.stride + row];
        sum = Math.fma(in[at + i + taps.offsets[t]], weight, sum);
      }
      out[to + i] += sum;
    }
  }
}
