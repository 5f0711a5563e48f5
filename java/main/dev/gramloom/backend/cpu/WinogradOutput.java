package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.WinogradInput.LINE;
import static dev.gramloom.backend.cpu.WinogradInput.LINE_LANES;
import static dev.gramloom.backend.cpu.WinogradTransform.ROW;

import dev.gramloom.backend.cpu.WinogradInput.Layout;
import jdk.incubator.vector.FloatVector;

/** Aᵀ M A for a row of tiles: from frequencies to rows of sums. */
final class WinogradOutput {
  private final boolean six;
  private final int size; // T
  private final int step; // m
  private final int[] order;
  private final float[] across; // [ROW][ROW]: columns of Aᵀ, in the places' order

  WinogradOutput(WinogradTransform transform, int[] order) {
    this.six = transform.outputs() == 6;
    this.size = transform.size();
    this.step = transform.outputs();
    this.order = order;
    this.across = new float[ROW * ROW];
    for (int f = 0; f < size; f++) {
      for (int x = 0; x < step; x++) {
        across[order[f] * ROW + x] = (float) transform.output()[x][f];
      }
    }
  }

  /** Floats from one row of a strip to the next, for so many tiles; the last are not sums. */
  int pitch(int tiles) {
    return tiles * step + ROW;
  }

  /** Floats before the sums for what is in between. */
  int between(int tiles) {
    return tiles * step * ROW;
  }

  /**
   * Transforms a strip.
   *
   * @param m rows of frequencies, the strip's first tile's where {@code at} says
   * @param first number of that tile in its chunk
   * @param sums {@link #between}, then [m][pitch]
   */
  void run(float[] m, Layout at, int first, int tiles, float[] sums, int pitch) {
    for (int tile = 0; tile < tiles; tile++) {
      int number = first + tile;
      int from = at.start() + number * LANES + number / WinogradProduct.TILES * at.blockStep();
      for (int part = 0; part < ROW; part += LINE_LANES) {
        if (six) {
          down6(m, from + at.frequency(part), at, order, sums, tile * 6 * ROW + part);
        } else {
          down4(m, from + at.frequency(part), at, sums, tile * 4 * ROW + part);
        }
      }
    }
    int to = between(tiles);
    for (int r = 0; r < step; r++) {
      for (int part = 0; part < ROW; part += LINE_LANES) {
        if (six) {
          across6(sums, r * ROW, across, part, tiles, to + r * pitch + part);
        } else {
          across4(sums, r * ROW, across, part, tiles, to + r * pitch + part);
        }
      }
    }
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(LINE, value);
  }

  private static void down6(float[] m, int from, Layout at, int[] order, float[] out, int to) {
    FloatVector m0 = FloatVector.fromArray(LINE, m, from + at.frequency(order[0] * ROW));
    FloatVector m1 = FloatVector.fromArray(LINE, m, from + at.frequency(order[1] * ROW));
    FloatVector m2 = FloatVector.fromArray(LINE, m, from + at.frequency(order[2] * ROW));
    FloatVector m3 = FloatVector.fromArray(LINE, m, from + at.frequency(order[3] * ROW));
    FloatVector m4 = FloatVector.fromArray(LINE, m, from + at.frequency(order[4] * ROW));
    FloatVector m5 = FloatVector.fromArray(LINE, m, from + at.frequency(order[5] * ROW));
    FloatVector m6 = FloatVector.fromArray(LINE, m, from + at.frequency(order[6] * ROW));
    FloatVector m7 = FloatVector.fromArray(LINE, m, from + at.frequency(order[7] * ROW));
    FloatVector a = m1.add(m2);
    FloatVector b = m1.sub(m2);
    FloatVector c = m3.add(m4);
    FloatVector d = m3.sub(m4);
    FloatVector e = m5.add(m6);
    FloatVector f = m5.sub(m6);
    m0.add(a).add(c.add(e)).intoArray(out, to);
    f.fma(of(0.5f), d.fma(of(2), b)).intoArray(out, to + ROW);
    e.fma(of(0.25f), c.fma(of(4), a)).intoArray(out, to + 2 * ROW);
    f.fma(of(0.125f), d.fma(of(8), b)).intoArray(out, to + 3 * ROW);
    e.fma(of(0.0625f), c.fma(of(16), a)).intoArray(out, to + 4 * ROW);
    m7.add(f.fma(of(0.03125f), d.fma(of(32), b))).intoArray(out, to + 5 * ROW);
  }

  private static void down4(float[] m, int from, Layout at, float[] out, int to) {
    FloatVector m0 = FloatVector.fromArray(LINE, m, from + at.frequency(0 * ROW));
    FloatVector m1 = FloatVector.fromArray(LINE, m, from + at.frequency(1 * ROW));
    FloatVector m2 = FloatVector.fromArray(LINE, m, from + at.frequency(2 * ROW));
    FloatVector m3 = FloatVector.fromArray(LINE, m, from + at.frequency(3 * ROW));
    FloatVector m4 = FloatVector.fromArray(LINE, m, from + at.frequency(4 * ROW));
    FloatVector m5 = FloatVector.fromArray(LINE, m, from + at.frequency(5 * ROW));
    FloatVector a = m1.add(m2);
    FloatVector b = m1.sub(m2);
    FloatVector c = m3.add(m4);
    FloatVector d = m3.sub(m4);
    m0.add(a).add(c).intoArray(out, to);
    d.fma(of(2), b).intoArray(out, to + ROW);
    c.fma(of(4), a).intoArray(out, to + 2 * ROW);
    d.fma(of(8), b).add(m5).intoArray(out, to + 3 * ROW);
  }

  /** A row of each tile; what lies beyond its m sums is overwritten by the next tile's. */
  private static void across6(
      float[] sums, int from, float[] columns, int part, int tiles, int to) {
    FloatVector c0 = FloatVector.fromArray(LINE, columns, part + 0 * ROW);
    FloatVector c1 = FloatVector.fromArray(LINE, columns, part + 1 * ROW);
    FloatVector c2 = FloatVector.fromArray(LINE, columns, part + 2 * ROW);
    FloatVector c3 = FloatVector.fromArray(LINE, columns, part + 3 * ROW);
    FloatVector c4 = FloatVector.fromArray(LINE, columns, part + 4 * ROW);
    FloatVector c5 = FloatVector.fromArray(LINE, columns, part + 5 * ROW);
    FloatVector c6 = FloatVector.fromArray(LINE, columns, part + 6 * ROW);
    FloatVector c7 = FloatVector.fromArray(LINE, columns, part + 7 * ROW);
    for (int tile = 0; tile < tiles; tile++) {
      int at = from + 6 * ROW * tile;
      FloatVector sum = c0.mul(sums[at]);
      sum = c1.fma(FloatVector.broadcast(LINE, sums[at + 1]), sum);
      sum = c2.fma(FloatVector.broadcast(LINE, sums[at + 2]), sum);
      sum = c3.fma(FloatVector.broadcast(LINE, sums[at + 3]), sum);
      sum = c4.fma(FloatVector.broadcast(LINE, sums[at + 4]), sum);
      sum = c5.fma(FloatVector.broadcast(LINE, sums[at + 5]), sum);
      sum = c6.fma(FloatVector.broadcast(LINE, sums[at + 6]), sum);
      sum = c7.fma(FloatVector.broadcast(LINE, sums[at + 7]), sum);
      sum.intoArray(sums, to + 6 * tile);
    }
  }

  /** A row of each tile; what lies beyond its m sums is overwritten by the next tile's. */
  private static void across4(
      float[] sums, int from, float[] columns, int part, int tiles, int to) {
    FloatVector c0 = FloatVector.fromArray(LINE, columns, part + 0 * ROW);
    FloatVector c1 = FloatVector.fromArray(LINE, columns, part + 1 * ROW);
    FloatVector c2 = FloatVector.fromArray(LINE, columns, part + 2 * ROW);
    FloatVector c3 = FloatVector.fromArray(LINE, columns, part + 3 * ROW);
    FloatVector c4 = FloatVector.fromArray(LINE, columns, part + 4 * ROW);
    FloatVector c5 = FloatVector.fromArray(LINE, columns, part + 5 * ROW);
    for (int tile = 0; tile < tiles; tile++) {
      int at = from + 4 * ROW * tile;
      FloatVector sum = c0.mul(sums[at]);
      sum = c1.fma(FloatVector.broadcast(LINE, sums[at + 1]), sum);
      sum = c2.fma(FloatVector.broadcast(LINE, sums[at + 2]), sum);
      sum = c3.fma(FloatVector.broadcast(LINE, sums[at + 3]), sum);
      sum = c4.fma(FloatVector.broadcast(LINE, sums[at + 4]), sum);
      sum = c5.fma(FloatVector.broadcast(LINE, sums[at + 5]), sum);
      sum.intoArray(sums, to + 4 * tile);
    }
  }
}
