package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Frequencies.PARTS;
import static dev.gramloom.backend.cpu.Frequencies.spread;
import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.MicroKernel.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Bᵀ d B for a row of tiles: down the columns along whole rows of pixels, then across, two rows of
 * frequencies at a time.
 */
final class WinogradInput {
  private final WinogradTransform transform;
  private final int[] order; // place of each frequency
  private final float[] across; // [PARTS][T][LANES]: columns of Bᵀ, in the places' order

  /**
   * @param order place of each frequency, [T]
   */
  WinogradInput(WinogradTransform transform, int[] order) {
    this.transform = transform;
    this.order = order;
    int size = transform.size();
    this.across = new float[PARTS * size * LANES];
    for (int j = 0; j < size; j++) {
      double[] column = new double[size];
      for (int f = 0; f < size; f++) {
        column[order[f]] = transform.input()[f][j];
      }
      for (int part = 0; part < PARTS; part++) {
        float[] lanes = Frequencies.doubled(column, part);
        System.arraycopy(lanes, 0, across, (part * size + j) * LANES, LANES);
      }
    }
  }

  /** Pixels of a row that so many tiles read; neighbours share the last two of theirs. */
  int columns(int tiles) {
    return tiles * transform.outputs() + 2;
  }

  /** Floats from one row of a strip to the next, for so many tiles. */
  int pitch(int tiles) {
    return (columns(tiles) + LANES - 1) / LANES * LANES;
  }

  /** Doubles for what is in between. */
  int between(int tiles) {
    return transform.size() / 2 * pitch(tiles);
  }

  /**
   * Transforms a strip.
   *
   * @param rows [2 T][pitch]: T rows of pixels, from one left of the first tile's outputs on, and
   *     as many of any content
   * @param pairs {@link #between} of any content
   * @param v frequencies of tiles {@code first} to {@code first + tiles} of a chunk
   */
  void run(float[] rows, double[] pairs, int tiles, float[] v, Layout at, int first) {
    int pitch = pitch(tiles);
    boolean six = transform.outputs() == 6;
    int size = transform.size();
    if (six) {
      down6(rows, pitch, size * pitch);
    } else {
      down4(rows, pitch, size * pitch);
    }
    for (int pair = 0; pair < size / 2; pair++) {
      int even = order[Frequencies.firstRow(pair)]; // an order is its own inverse
      int odd = order[Frequencies.secondRow(pair, size)];
      Frequencies.interleave(
          rows, (size + even) * pitch, (size + odd) * pitch, pitch, pairs, pair * pitch);
    }
    for (int pair = 0; pair < size / 2; pair++) {
      for (int part = 0; part < PARTS; part++) {
        int to = at.start() + (pair * PARTS + part) * at.slice();
        if (six) {
          across6(pairs, pair * pitch, across, part, tiles, v, to, at.blockStep(), first);
        } else {
          across4(pairs, pair * pitch, across, part, tiles, v, to, at.blockStep(), first);
        }
      }
    }
  }

  /**
   * How a channel's tiles lie among frequencies.
   *
   * @param start of the chunk's first tile
   * @param slice floats from a slice to the next
   * @param block floats from {@link WinogradProduct#TILES} tiles to the next as many
   */
  record Layout(int start, int slice, int block) {
    /** What the step from block to block is above that of its tiles. */
    int blockStep() {
      return block - WinogradProduct.TILES * LANES;
    }
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static void down6(float[] rows, int p, int to) {
    for (int x = 0; x < p; x += LANES) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, rows, x);
      FloatVector d1 = FloatVector.fromArray(SPECIES, rows, x + p);
      FloatVector d2 = FloatVector.fromArray(SPECIES, rows, x + 2 * p);
      FloatVector d3 = FloatVector.fromArray(SPECIES, rows, x + 3 * p);
      FloatVector d4 = FloatVector.fromArray(SPECIES, rows, x + 4 * p);
      FloatVector d5 = FloatVector.fromArray(SPECIES, rows, x + 5 * p);
      FloatVector d6 = FloatVector.fromArray(SPECIES, rows, x + 6 * p);
      FloatVector d7 = FloatVector.fromArray(SPECIES, rows, x + 7 * p);
      int at = to + x;
      d4.sub(d2).fma(of(5.25f), d0.sub(d6)).intoArray(rows, at);
      d3.sub(d5).fma(of(5.25f), d7.sub(d1)).intoArray(rows, at + 7 * p);
      FloatVector even = d4.fma(of(-4.25f), d2.add(d6));
      FloatVector odd = d3.fma(of(-4.25f), d1.add(d5));
      even.add(odd).intoArray(rows, at + p);
      even.sub(odd).intoArray(rows, at + 2 * p);
      even = d4.fma(of(-0.3125f), d2.fma(of(0.0625f), d6.mul(0.25f)));
      odd = d5.fma(of(0.5f), d3.fma(of(-0.625f), d1.mul(0.125f)));
      even.add(odd).intoArray(rows, at + 3 * p);
      even.sub(odd).intoArray(rows, at + 4 * p);
      even = d4.fma(of(-20), d2.fma(of(16), d6.mul(4)));
      odd = d5.fma(of(2), d3.fma(of(-10), d1.mul(8)));
      even.add(odd).intoArray(rows, at + 5 * p);
      even.sub(odd).intoArray(rows, at + 6 * p);
    }
  }

  private static void down4(float[] rows, int p, int to) {
    for (int x = 0; x < p; x += LANES) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, rows, x);
      FloatVector d1 = FloatVector.fromArray(SPECIES, rows, x + p);
      FloatVector d2 = FloatVector.fromArray(SPECIES, rows, x + 2 * p);
      FloatVector d3 = FloatVector.fromArray(SPECIES, rows, x + 3 * p);
      FloatVector d4 = FloatVector.fromArray(SPECIES, rows, x + 4 * p);
      FloatVector d5 = FloatVector.fromArray(SPECIES, rows, x + 5 * p);
      int at = to + x;
      d0.fma(of(4), d2.fma(of(-5), d4)).intoArray(rows, at);
      d1.fma(of(4), d3.fma(of(-5), d5)).intoArray(rows, at + 5 * p);
      FloatVector even = d2.fma(of(-4), d4);
      FloatVector odd = d1.fma(of(-4), d3);
      even.add(odd).intoArray(rows, at + p);
      even.sub(odd).intoArray(rows, at + 2 * p);
      even = d4.sub(d2);
      odd = d3.sub(d1).mul(2);
      even.add(odd).intoArray(rows, at + 3 * p);
      even.sub(odd).intoArray(rows, at + 4 * p);
    }
  }

  /** Two rows of each tile: sums of Bᵀ's columns, each times a pixel of the two rows. */
  private static void across6(
      double[] in,
      int from,
      float[] columns,
      int part,
      int tiles,
      float[] v,
      int to,
      int blockStep,
      int first) {
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
      int at = from + 6 * tile;
      FloatVector sum = c0.mul(spread(in[at]));
      sum = c1.fma(spread(in[at + 1]), sum);
      sum = c2.fma(spread(in[at + 2]), sum);
      sum = c3.fma(spread(in[at + 3]), sum);
      sum = c4.fma(spread(in[at + 4]), sum);
      sum = c5.fma(spread(in[at + 5]), sum);
      sum = c6.fma(spread(in[at + 6]), sum);
      sum = c7.fma(spread(in[at + 7]), sum);
      int number = first + tile;
      sum.intoArray(v, to + number * LANES + number / WinogradProduct.TILES * blockStep);
    }
  }

  /** Two rows of each tile: sums of Bᵀ's columns, each times a pixel of the two rows. */
  private static void across4(
      double[] in,
      int from,
      float[] columns,
      int part,
      int tiles,
      float[] v,
      int to,
      int blockStep,
      int first) {
    int c = part * 6 * LANES;
    FloatVector c0 = FloatVector.fromArray(SPECIES, columns, c);
    FloatVector c1 = FloatVector.fromArray(SPECIES, columns, c + LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, columns, c + 2 * LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, columns, c + 3 * LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, columns, c + 4 * LANES);
    FloatVector c5 = FloatVector.fromArray(SPECIES, columns, c + 5 * LANES);
    for (int tile = 0; tile < tiles; tile++) {
      int at = from + 4 * tile;
      FloatVector sum = c0.mul(spread(in[at]));
      sum = c1.fma(spread(in[at + 1]), sum);
      sum = c2.fma(spread(in[at + 2]), sum);
      sum = c3.fma(spread(in[at + 3]), sum);
      sum = c4.fma(spread(in[at + 4]), sum);
      sum = c5.fma(spread(in[at + 5]), sum);
      int number = first + tile;
      sum.intoArray(v, to + number * LANES + number / WinogradProduct.TILES * blockStep);
    }
  }
}
