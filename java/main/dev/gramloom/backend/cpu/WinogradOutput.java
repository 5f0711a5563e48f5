package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Frequencies.COLUMNS;
import static dev.gramloom.backend.cpu.Frequencies.PARTS;
import static dev.gramloom.backend.cpu.Frequencies.PART_COLUMNS;
import static dev.gramloom.backend.cpu.Frequencies.SWAP;
import static dev.gramloom.backend.cpu.Frequencies.spread;
import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.MicroKernel.SPECIES;

import dev.gramloom.backend.cpu.WinogradInput.Layout;
import jdk.incubator.vector.FloatVector;

/** Aᵀ M A for a row of tiles: from frequencies to rows of sums, two at a time. */
final class WinogradOutput {
  private final WinogradTransform transform;
  private final int step; // m
  private final float[] across; // [PARTS][T][LANES]: columns of Aᵀ, in the places' order

  /**
   * What two rows of sums take from each pair of rows of frequencies, [m/2][T/2][LANES], in the
   * order of the pairs in memory; and for the pair of the first and the last row, [2][LANES], what
   * it takes of itself and of its lanes exchanged.
   */
  private final float[] down;

  private final float[] ends;

  /** 1 and −1: a pair's sum and difference is this times the pair, plus its lanes exchanged. */
  private final float[] signs;

  /**
   * @param order place of each frequency, [T]
   */
  WinogradOutput(WinogradTransform transform, int[] order) {
    this.transform = transform;
    this.step = transform.outputs();
    int size = transform.size();
    this.across = new float[PARTS * size * LANES];
    for (int f = 0; f < size; f++) {
      double[] column = new double[step];
      for (int x = 0; x < step; x++) {
        column[x] = transform.output()[x][f];
      }
      for (int part = 0; part < PARTS; part++) {
        float[] lanes = Frequencies.doubled(column, part);
        System.arraycopy(lanes, 0, across, (part * size + order[f]) * LANES, LANES);
      }
    }
    this.down = new float[step / 2 * size / 2 * LANES];
    this.ends = new float[2 * LANES];
    this.signs = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      signs[i] = 1 - i % 2 * 2;
      ends[order[0] == 0 ? i : LANES + i] = 1;
      for (int rows = 0; rows < step / 2; rows++) {
        double[] taken = transform.output()[2 * rows + i % 2];
        for (int pair = 0; pair < size / 2; pair++) {
          int f = Frequencies.firstRow(pair);
          int place = Frequencies.pair(order[f], size);
          double coefficient = pair > 0 ? taken[f] : taken[i % 2 == 0 ? 0 : size - 1];
          down[(rows * size / 2 + place) * LANES + i] = (float) coefficient;
        }
      }
    }
  }

  /** Floats from one row of a strip to the next, for so many tiles. */
  int pitch(int tiles) {
    return (tiles * step + COLUMNS + LANES - 1) / LANES * LANES;
  }

  /** Doubles for what is in between: pairs of rows of frequencies, then of sums. */
  int between(int tiles) {
    return step / 2 * (tiles * COLUMNS + pitch(tiles));
  }

  /**
   * Transforms a strip.
   *
   * @param m frequencies of tiles {@code first} to {@code first + tiles} of a chunk
   * @param pairs {@link #between} of any content
   * @param sums [m][pitch]
   */
  void run(float[] m, Layout at, int first, int tiles, double[] pairs, float[] sums) {
    boolean six = step == 6;
    for (int part = 0; part < PARTS; part++) {
      if (six) {
        down6(m, at, part, first, tiles, pairs);
      } else {
        down4(m, at, part, first, tiles, pairs);
      }
    }
    int pitch = pitch(tiles);
    int start = step / 2 * tiles * COLUMNS;
    for (int rows = 0; rows < step / 2; rows++) {
      for (int part = PARTS - 1; part >= 0; part--) { // the last part's excess is overwritten
        int to = start + part * PART_COLUMNS;
        if (six) {
          across6(pairs, rows * tiles * COLUMNS, across, part, tiles, to);
        } else {
          across4(pairs, rows * tiles * COLUMNS, across, part, tiles, to);
        }
      }
      int even = 2 * rows * pitch;
      Frequencies.separate(pairs, start, tiles * step, sums, even, even + pitch);
    }
  }

  private static void store(FloatVector x, double[] to, int at) {
    x.reinterpretAsDoubles().intoArray(to, at);
  }

  /** A part of each tile's frequencies: three pairs of rows of sums. */
  private void down6(float[] m, Layout at, int part, int first, int tiles, double[] out) {
    float[] k = down;
    FloatVector sign = FloatVector.fromArray(SPECIES, signs, 0);
    FloatVector own = FloatVector.fromArray(SPECIES, ends, 0);
    FloatVector other = FloatVector.fromArray(SPECIES, ends, LANES);
    FloatVector k00 = FloatVector.fromArray(SPECIES, k, 0);
    FloatVector k02 = FloatVector.fromArray(SPECIES, k, 2 * LANES);
    FloatVector k03 = FloatVector.fromArray(SPECIES, k, 3 * LANES);
    FloatVector k12 = FloatVector.fromArray(SPECIES, k, 6 * LANES);
    FloatVector k13 = FloatVector.fromArray(SPECIES, k, 7 * LANES);
    FloatVector k20 = FloatVector.fromArray(SPECIES, k, 8 * LANES);
    FloatVector k22 = FloatVector.fromArray(SPECIES, k, 10 * LANES);
    FloatVector k23 = FloatVector.fromArray(SPECIES, k, 11 * LANES);
    int slice = PARTS * at.slice();
    int start = at.start() + part * at.slice();
    int blockStep = at.blockStep();
    int p = tiles * COLUMNS;
    for (int tile = 0; tile < tiles; tile++) {
      int number = first + tile;
      int from = start + number * LANES + number / WinogradProduct.TILES * blockStep;
      int to = tile * COLUMNS + part * PART_COLUMNS;
      FloatVector z = FloatVector.fromArray(SPECIES, m, from);
      FloatVector z0 = z.rearrange(SWAP).fma(other, z.mul(own));
      z = FloatVector.fromArray(SPECIES, m, from + slice);
      FloatVector z1 = z.fma(sign, z.rearrange(SWAP));
      z = FloatVector.fromArray(SPECIES, m, from + 2 * slice);
      FloatVector z2 = z.fma(sign, z.rearrange(SWAP));
      z = FloatVector.fromArray(SPECIES, m, from + 3 * slice);
      FloatVector z3 = z.fma(sign, z.rearrange(SWAP));
      store(z3.fma(k03, z2.fma(k02, z0.fma(k00, z1))), out, to);
      store(z3.fma(k13, z2.fma(k12, z1)), out, to + p);
      store(z3.fma(k23, z2.fma(k22, z0.fma(k20, z1))), out, to + 2 * p);
    }
  }

  private void down4(float[] m, Layout at, int part, int first, int tiles, double[] out) {
    float[] k = down;
    FloatVector sign = FloatVector.fromArray(SPECIES, signs, 0);
    FloatVector k00 = FloatVector.fromArray(SPECIES, k, 0);
    FloatVector k02 = FloatVector.fromArray(SPECIES, k, 2 * LANES);
    FloatVector k10 = FloatVector.fromArray(SPECIES, k, 3 * LANES);
    FloatVector k12 = FloatVector.fromArray(SPECIES, k, 5 * LANES);
    int slice = PARTS * at.slice();
    int start = at.start() + part * at.slice();
    int blockStep = at.blockStep();
    for (int tile = 0; tile < tiles; tile++) {
      int number = first + tile;
      int from = start + number * LANES + number / WinogradProduct.TILES * blockStep;
      int to = tile * COLUMNS + part * PART_COLUMNS;
      FloatVector z0 = FloatVector.fromArray(SPECIES, m, from);
      FloatVector z = FloatVector.fromArray(SPECIES, m, from + slice);
      FloatVector z1 = z.fma(sign, z.rearrange(SWAP));
      z = FloatVector.fromArray(SPECIES, m, from + 2 * slice);
      FloatVector z2 = z.fma(sign, z.rearrange(SWAP));
      store(z2.fma(k02, z0.fma(k00, z1)), out, to);
      store(z2.fma(k12, z0.fma(k10, z1)), out, to + tiles * COLUMNS);
    }
  }

  /** Two rows of each tile; what lies beyond its m sums is overwritten by the next tile's. */
  private static void across6(
      double[] pairs, int from, float[] columns, int part, int tiles, int to) {
    int c = part * 8 * LANES;
    FloatVector c0 = FloatVector.fromArray(SPECIES, columns, c);
    FloatVector c1 = FloatVector.fromArray(SPECIES, columns, c + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, columns, c + 2 * LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, columns, c + 3 * LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, columns, c + 4 * LANES);
    FloatVector c5 = FloatVector.fromArray(SPECIES, columns, c + 5 * LANES);
    FloatVector c6 = FloatVector.fromArray(SPECIES, columns, c + 6 * LANES);
    FloatVector c7 = FloatVector.fromArray(SPECIES, columns, c + 7 * LANES);
    for (int tile = 0; tile < tiles; tile++) {
      int at = from + COLUMNS * tile;
      FloatVector sum = c0.mul(spread(pairs[at]));
      sum = c1.fma(spread(pairs[at + 1]), sum);
      sum = c2.fma(spread(pairs[at + 2]), sum);
      sum = c3.fma(spread(pairs[at + 3]), sum);
      sum = c4.fma(spread(pairs[at + 4]), sum);
      sum = c5.fma(spread(pairs[at + 5]), sum);
      sum = c6.fma(spread(pairs[at + 6]), sum);
      sum = c7.fma(spread(pairs[at + 7]), sum);
      sum.reinterpretAsDoubles().intoArray(pairs, to + 6 * tile);
    }
  }

  private static void across4(
      double[] pairs, int from, float[] columns, int part, int tiles, int to) {
    int c = part * 6 * LANES;
    FloatVector c0 = FloatVector.fromArray(SPECIES, columns, c);
    FloatVector c1 = FloatVector.fromArray(SPECIES, columns, c + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, columns, c + 2 * LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, columns, c + 3 * LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, columns, c + 4 * LANES);
    FloatVector c5 = FloatVector.fromArray(SPECIES, columns, c + 5 * LANES);
    for (int tile = 0; tile < tiles; tile++) {
      int at = from + COLUMNS * tile;
      FloatVector sum = c0.mul(spread(pairs[at]));
      sum = c1.fma(spread(pairs[at + 1]), sum);
      sum = c2.fma(spread(pairs[at + 2]), sum);
      sum = c3.fma(spread(pairs[at + 3]), sum);
      sum = c4.fma(spread(pairs[at + 4]), sum);
      sum = c5.fma(spread(pairs[at + 5]), sum);
      sum.reinterpretAsDoubles().intoArray(pairs, to + 4 * tile);
    }
  }
}
