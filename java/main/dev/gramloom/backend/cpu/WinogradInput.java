package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.MicroKernel.SPECIES;
import static dev.gramloom.backend.cpu.WinogradTransform.ROW;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bᵀ d B for a row of tiles: down the columns along whole rows of pixels, then across, each result
 * a row of frequencies.
 */
final class WinogradInput {
  /** Half a row of frequencies where vectors are that short, else a row. */
  static final VectorSpecies<Float> LINE = LANES < ROW ? SPECIES : FloatVector.SPECIES_256;

  static final int LINE_LANES = LINE.length();

  private final boolean six;
  private final int size; // T
  private final int step; // m
  private final int[] order; // place of each frequency
  private final float[] across; // [ROW][ROW]: columns of Bᵀ, in the places' order

  WinogradInput(WinogradTransform transform, int[] order) {
    this.six = transform.outputs() == 6;
    this.size = transform.size();
    this.step = transform.outputs();
    this.order = order;
    this.across = new float[ROW * ROW];
    for (int j = 0; j < size; j++) {
      for (int f = 0; f < size; f++) {
        across[j * ROW + order[f]] = (float) transform.input()[f][j];
      }
    }
  }

  /** Pixels of a row that so many tiles read; neighbours share the last two of theirs. */
  int columns(int tiles) {
    return tiles * step + size - step;
  }

  /** Floats from one row of a strip to the next, for so many tiles. */
  int pitch(int tiles) {
    return (columns(tiles) + LANES - 1) / LANES * LANES;
  }

  /**
   * Transforms a strip.
   *
   * @param rows [T][pitch] pixels, from one left of the first tile's outputs on, and from {@code
   *     down} on as much again for what is in between
   * @param v rows of frequencies, the strip's first tile's where {@code at} says
   * @param first number of that tile in its chunk
   */
  void run(float[] rows, int down, int pitch, int tiles, float[] v, Layout at, int first) {
    for (int x = 0; x < pitch; x += LANES) {
      if (six) {
        down6(rows, x, down + x, pitch, order);
      } else {
        down4(rows, x, down + x, pitch);
      }
    }
    for (int i = 0; i < size; i++) {
      int from = down + i * pitch;
      for (int part = 0; part < ROW; part += LINE_LANES) {
        int to = at.start() + at.frequency(i * ROW + part);
        if (six) {
          across6(rows, from, across, part, tiles, v, to, at.blockStep(), first);
        } else {
          across4(rows, from, across, part, tiles, v, to, at.blockStep(), first);
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
    /** Where a frequency of a tile is. */
    int frequency(int f) {
      return f / LANES * slice + f % LANES;
    }

    /** What the step from block to block is above that of its tiles. */
    int blockStep() {
      return block - WinogradProduct.TILES * LANES;
    }
  }

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static void down6(float[] rows, int x, int to, int p, int[] order) {
    FloatVector d0 = load(rows, x);
    FloatVector d1 = load(rows, x + p);
    FloatVector d2 = load(rows, x + 2 * p);
    FloatVector d3 = load(rows, x + 3 * p);
    FloatVector d4 = load(rows, x + 4 * p);
    FloatVector d5 = load(rows, x + 5 * p);
    FloatVector d6 = load(rows, x + 6 * p);
    FloatVector d7 = load(rows, x + 7 * p);
    d4.sub(d2).fma(of(5.25f), d0.sub(d6)).intoArray(rows, to + order[0] * p);
    d3.sub(d5).fma(of(5.25f), d7.sub(d1)).intoArray(rows, to + order[7] * p);
    FloatVector even = d4.fma(of(-4.25f), d2.add(d6));
    FloatVector odd = d3.fma(of(-4.25f), d1.add(d5));
    even.add(odd).intoArray(rows, to + order[1] * p);
    even.sub(odd).intoArray(rows, to + order[2] * p);
    even = d4.fma(of(-0.3125f), d2.fma(of(0.0625f), d6.mul(0.25f)));
    odd = d5.fma(of(0.5f), d3.fma(of(-0.625f), d1.mul(0.125f)));
    even.add(odd).intoArray(rows, to + order[3] * p);
    even.sub(odd).intoArray(rows, to + order[4] * p);
    even = d4.fma(of(-20), d2.fma(of(16), d6.mul(4)));
    odd = d5.fma(of(2), d3.fma(of(-10), d1.mul(8)));
    even.add(odd).intoArray(rows, to + order[5] * p);
    even.sub(odd).intoArray(rows, to + order[6] * p);
  }

  private static void down4(float[] rows, int x, int to, int p) {
    FloatVector d0 = load(rows, x);
    FloatVector d1 = load(rows, x + p);
    FloatVector d2 = load(rows, x + 2 * p);
    FloatVector d3 = load(rows, x + 3 * p);
    FloatVector d4 = load(rows, x + 4 * p);
    FloatVector d5 = load(rows, x + 5 * p);
    d0.fma(of(4), d2.fma(of(-5), d4)).intoArray(rows, to);
    FloatVector even = d2.fma(of(-4), d4);
    FloatVector odd = d1.fma(of(-4), d3);
    even.add(odd).intoArray(rows, to + p);
    even.sub(odd).intoArray(rows, to + 2 * p);
    even = d4.sub(d2);
    odd = d3.sub(d1).mul(2);
    even.add(odd).intoArray(rows, to + 3 * p);
    even.sub(odd).intoArray(rows, to + 4 * p);
    d1.fma(of(4), d3.fma(of(-5), d5)).intoArray(rows, to + 5 * p);
  }

  /** A row of each tile: sums of Bᵀ's columns, each times one pixel. */
  private static void across6(
      float[] in,
      int from,
      float[] columns,
      int part,
      int tiles,
      float[] v,
      int to,
      int blockStep,
      int first) {
    FloatVector c0 = FloatVector.fromArray(LINE, columns, part + 0 * ROW);
    FloatVector c1 = FloatVector.fromArray(LINE, columns, part + 1 * ROW);
    FloatVector c2 = FloatVector.fromArray(LINE, columns, part + 2 * ROW);
    FloatVector c3 = FloatVector.fromArray(LINE, columns, part + 3 * ROW);
    FloatVector c4 = FloatVector.fromArray(LINE, columns, part + 4 * ROW);
    FloatVector c5 = FloatVector.fromArray(LINE, columns, part + 5 * ROW);
    FloatVector c6 = FloatVector.fromArray(LINE, columns, part + 6 * ROW);
    FloatVector c7 = FloatVector.fromArray(LINE, columns, part + 7 * ROW);
    for (int tile = 0; tile < tiles; tile++) {
      int at = from + 6 * tile;
      FloatVector sum = c0.mul(in[at]);
      sum = c1.fma(FloatVector.broadcast(LINE, in[at + 1]), sum);
      sum = c2.fma(FloatVector.broadcast(LINE, in[at + 2]), sum);
      sum = c3.fma(FloatVector.broadcast(LINE, in[at + 3]), sum);
      sum = c4.fma(FloatVector.broadcast(LINE, in[at + 4]), sum);
      sum = c5.fma(FloatVector.broadcast(LINE, in[at + 5]), sum);
      sum = c6.fma(FloatVector.broadcast(LINE, in[at + 6]), sum);
      sum = c7.fma(FloatVector.broadcast(LINE, in[at + 7]), sum);
      int number = first + tile;
      sum.intoArray(v, to + number * LANES + number / WinogradProduct.TILES * blockStep);
    }
  }

  /** A row of each tile: sums of Bᵀ's columns, each times one pixel. */
  private static void across4(
      float[] in,
      int from,
      float[] columns,
      int part,
      int tiles,
      float[] v,
      int to,
      int blockStep,
      int first) {
    FloatVector c0 = FloatVector.fromArray(LINE, columns, part + 0 * ROW);
    FloatVector c1 = FloatVector.fromArray(LINE, columns, part + 1 * ROW);
    FloatVector c2 = FloatVector.fromArray(LINE, columns, part + 2 * ROW);
    FloatVector c3 = FloatVector.fromArray(LINE, columns, part + 3 * ROW);
    FloatVector c4 = FloatVector.fromArray(LINE, columns, part + 4 * ROW);
    FloatVector c5 = FloatVector.fromArray(LINE, columns, part + 5 * ROW);
    for (int tile = 0; tile < tiles; tile++) {
      int at = from + 4 * tile;
      FloatVector sum = c0.mul(in[at]);
      sum = c1.fma(FloatVector.broadcast(LINE, in[at + 1]), sum);
      sum = c2.fma(FloatVector.broadcast(LINE, in[at + 2]), sum);
      sum = c3.fma(FloatVector.broadcast(LINE, in[at + 3]), sum);
      sum = c4.fma(FloatVector.broadcast(LINE, in[at + 4]), sum);
      sum = c5.fma(FloatVector.broadcast(LINE, in[at + 5]), sum);
      int number = first + tile;
      sum.intoArray(v, to + number * LANES + number / WinogradProduct.TILES * blockStep);
    }
  }
}
