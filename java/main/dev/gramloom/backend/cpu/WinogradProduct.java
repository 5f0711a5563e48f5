package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.MicroKernel.SPECIES;

import dev.gramloom.backend.cpu.WinogradInput.Layout;
import dev.gramloom.backend.cpu.WinogradWeights.View;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The multiplications of a Winograd convolution: for each frequency M[k][t] = Σ_c U[k][c] V[c][t].
 *
 * <p>Lanes are frequencies, so nothing is broadcast or shuffled: four filters' vectors meet the
 * vectors of several tiles, each product a sum of its own in a register.
 *
 * <pre>
 *   V  [slice][C/64][tiles/TILES][64 of C][TILES][LANES]
 *   M  [slice][tiles/TILES][K][TILES][LANES]
 * </pre>
 */
final class WinogradProduct {
  /** Tiles side by side in registers: 4 x 6 sums of 32 registers, or 4 x 3 of AVX2's 16. */
  static final int TILES = LANES == 8 ? 3 : 6;

  /** Channels whose weights and tiles stay in the first cache while they are summed over. */
  static final int CHANNELS = 128;

  /** Filters whose weights stay in the second cache while tiles pass by; one item of work. */
  static final int FILTERS = 64;

  private static final int BLOCK = WinogradWeights.BLOCK;

  private final WinogradWeights weights;
  private final View view;
  private final int tileBlocks;

  WinogradProduct(WinogradWeights weights, View view, int tiles) {
    this.weights = weights;
    this.view = view;
    this.tileBlocks = (tiles + TILES - 1) / TILES;
  }

  /** Floats of V. */
  long inputFloats() {
    return (long) slices() * channelBlocks() * tileBlocks * CHANNELS * TILES * LANES;
  }

  /** Floats of M. */
  long outputFloats() {
    return (long) slices() * tileBlocks * paddedRows() * TILES * LANES;
  }

  private int slices() {
    return WinogradWeights.slices(weights.transform);
  }

  private int channelBlocks() {
    return (view.inners() + CHANNELS - 1) / CHANNELS;
  }

  private int paddedRows() {
    return WinogradWeights.whole(view.rows());
  }

  /** Where in V a channel's tiles are. */
  Layout input(int channel) {
    int block = CHANNELS * TILES * LANES;
    int start = channel / CHANNELS * tileBlocks * block + channel % CHANNELS * TILES * LANES;
    return new Layout(start, channelBlocks() * tileBlocks * block, block);
  }

  /** Where in M a row's tiles are. */
  Layout output(int row) {
    int block = paddedRows() * TILES * LANES;
    return new Layout(row * TILES * LANES, tileBlocks * block, block);
  }

  /** How many items of work there are. */
  int items() {
    return slices() * rowGroups();
  }

  private int rowGroups() {
    return (view.rows() + FILTERS - 1) / FILTERS;
  }

  /** Does one: a slice of some filters, all channels, all tiles. */
  void run(int item, float[] v, float[] m) {
    int slice = item / rowGroups();
    int first = item % rowGroups() * FILTERS;
    int last = Math.min(paddedRows(), first + FILTERS);
    Layout output = output(first);
    for (int c = 0; c < view.inners(); c += CHANNELS) {
      Layout input = input(c);
      int blocks = (Math.min(CHANNELS, view.inners() - c) + BLOCK - 1) / BLOCK;
      for (int tiles = 0; tiles < tileBlocks; tiles++) {
        int from = input.start() + slice * input.slice() + tiles * input.block();
        int to = output.start() + slice * output.slice() + tiles * output.block();
        for (int row = first; row < last; row += BLOCK, to += BLOCK * TILES * LANES) {
          if (c == 0) {
            Arrays.fill(m, to, to + BLOCK * TILES * LANES, 0);
          }
          int u =
              slice * weights.slice + row / BLOCK * view.rowBlock() + c / BLOCK * view.innerBlock();
          if (TILES == 6) {
            multiply6(weights.values, u, view, blocks, v, from, m, to);
          } else {
            multiply3(weights.values, u, view, blocks, v, from, m, to);
          }
        }
      }
    }
  }

  /** m [4][6][LANES] += four filters' u times six tiles' v [4 · blocks][6][LANES]. */
  private static void multiply6(
      float[] u, int uo, View view, int blocks, float[] v, int vo, float[] m, int mo) {
    int row = view.row();
    int inner = view.inner();
    int block = view.innerBlock();
    FloatVector a0 = FloatVector.fromArray(SPECIES, m, mo);
    FloatVector a1 = FloatVector.fromArray(SPECIES, m, mo + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, m, mo + 2 * LANES);
    FloatVector a3 = FloatVector.fromArray(SPECIES, m, mo + 3 * LANES);
    FloatVector a4 = FloatVector.fromArray(SPECIES, m, mo + 4 * LANES);
    FloatVector a5 = FloatVector.fromArray(SPECIES, m, mo + 5 * LANES);
    FloatVector b0 = FloatVector.fromArray(SPECIES, m, mo + 6 * LANES);
    FloatVector b1 = FloatVector.fromArray(SPECIES, m, mo + 7 * LANES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, m, mo + 8 * LANES);
    FloatVector b3 = FloatVector.fromArray(SPECIES, m, mo + 9 * LANES);
    FloatVector b4 = FloatVector.fromArray(SPECIES, m, mo + 10 * LANES);
    FloatVector b5 = FloatVector.fromArray(SPECIES, m, mo + 11 * LANES);
    FloatVector c0 = FloatVector.fromArray(SPECIES, m, mo + 12 * LANES);
    FloatVector c1 = FloatVector.fromArray(SPECIES, m, mo + 13 * LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, m, mo + 14 * LANES);
    FloatVector c3 = FloatVector.fromArray(SPECIES, m, mo + 15 * LANES);
    FloatVector c4 = FloatVector.fromArray(SPECIES, m, mo + 16 * LANES);
    FloatVector c5 = FloatVector.fromArray(SPECIES, m, mo + 17 * LANES);
    FloatVector d0 = FloatVector.fromArray(SPECIES, m, mo + 18 * LANES);
    FloatVector d1 = FloatVector.fromArray(SPECIES, m, mo + 19 * LANES);
    FloatVector d2 = FloatVector.fromArray(SPECIES, m, mo + 20 * LANES);
    FloatVector d3 = FloatVector.fromArray(SPECIES, m, mo + 21 * LANES);
    FloatVector d4 = FloatVector.fromArray(SPECIES, m, mo + 22 * LANES);
    FloatVector d5 = FloatVector.fromArray(SPECIES, m, mo + 23 * LANES);
    for (int n = 0; n < BLOCK * blocks; n++, vo += 6 * LANES) { // nested loops would box
      int at = uo + n / BLOCK * block + n % BLOCK * inner;
      FloatVector p = FloatVector.fromArray(SPECIES, u, at);
      FloatVector q = FloatVector.fromArray(SPECIES, u, at + row);
      FloatVector r = FloatVector.fromArray(SPECIES, u, at + 2 * row);
      FloatVector s = FloatVector.fromArray(SPECIES, u, at + 3 * row);
      FloatVector x = FloatVector.fromArray(SPECIES, v, vo);
      a0 = p.fma(x, a0);
      b0 = q.fma(x, b0);
      c0 = r.fma(x, c0);
      d0 = s.fma(x, d0);
      x = FloatVector.fromArray(SPECIES, v, vo + LANES);
      a1 = p.fma(x, a1);
      b1 = q.fma(x, b1);
      c1 = r.fma(x, c1);
      d1 = s.fma(x, d1);
      x = FloatVector.fromArray(SPECIES, v, vo + 2 * LANES);
      a2 = p.fma(x, a2);
      b2 = q.fma(x, b2);
      c2 = r.fma(x, c2);
      d2 = s.fma(x, d2);
      x = FloatVector.fromArray(SPECIES, v, vo + 3 * LANES);
      a3 = p.fma(x, a3);
      b3 = q.fma(x, b3);
      c3 = r.fma(x, c3);
      d3 = s.fma(x, d3);
      x = FloatVector.fromArray(SPECIES, v, vo + 4 * LANES);
      a4 = p.fma(x, a4);
      b4 = q.fma(x, b4);
      c4 = r.fma(x, c4);
      d4 = s.fma(x, d4);
      x = FloatVector.fromArray(SPECIES, v, vo + 5 * LANES);
      a5 = p.fma(x, a5);
      b5 = q.fma(x, b5);
      c5 = r.fma(x, c5);
      d5 = s.fma(x, d5);
    }
    a0.intoArray(m, mo);
    a1.intoArray(m, mo + LANES);
    a2.intoArray(m, mo + 2 * LANES);
    a3.intoArray(m, mo + 3 * LANES);
    a4.intoArray(m, mo + 4 * LANES);
    a5.intoArray(m, mo + 5 * LANES);
    b0.intoArray(m, mo + 6 * LANES);
    b1.intoArray(m, mo + 7 * LANES);
    b2.intoArray(m, mo + 8 * LANES);
    b3.intoArray(m, mo + 9 * LANES);
    b4.intoArray(m, mo + 10 * LANES);
    b5.intoArray(m, mo + 11 * LANES);
    c0.intoArray(m, mo + 12 * LANES);
    c1.intoArray(m, mo + 13 * LANES);
    c2.intoArray(m, mo + 14 * LANES);
    c3.intoArray(m, mo + 15 * LANES);
    c4.intoArray(m, mo + 16 * LANES);
    c5.intoArray(m, mo + 17 * LANES);
    d0.intoArray(m, mo + 18 * LANES);
    d1.intoArray(m, mo + 19 * LANES);
    d2.intoArray(m, mo + 20 * LANES);
    d3.intoArray(m, mo + 21 * LANES);
    d4.intoArray(m, mo + 22 * LANES);
    d5.intoArray(m, mo + 23 * LANES);
  }

  /** The same for three tiles, m [4][3][LANES]. */
  private static void multiply3(
      float[] u, int uo, View view, int blocks, float[] v, int vo, float[] m, int mo) {
    int row = view.row();
    int inner = view.inner();
    int block = view.innerBlock();
    FloatVector a0 = FloatVector.fromArray(SPECIES, m, mo);
    FloatVector a1 = FloatVector.fromArray(SPECIES, m, mo + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, m, mo + 2 * LANES);
    FloatVector b0 = FloatVector.fromArray(SPECIES, m, mo + 3 * LANES);
    FloatVector b1 = FloatVector.fromArray(SPECIES, m, mo + 4 * LANES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, m, mo + 5 * LANES);
    FloatVector c0 = FloatVector.fromArray(SPECIES, m, mo + 6 * LANES);
    FloatVector c1 = FloatVector.fromArray(SPECIES, m, mo + 7 * LANES);
    FloatVector c2 = FloatVector.fromArray(SPECIES, m, mo + 8 * LANES);
    FloatVector d0 = FloatVector.fromArray(SPECIES, m, mo + 9 * LANES);
    FloatVector d1 = FloatVector.fromArray(SPECIES, m, mo + 10 * LANES);
    FloatVector d2 = FloatVector.fromArray(SPECIES, m, mo + 11 * LANES);
    for (int n = 0; n < BLOCK * blocks; n++, vo += 3 * LANES) { // nested loops would box
      int at = uo + n / BLOCK * block + n % BLOCK * inner;
      FloatVector x = FloatVector.fromArray(SPECIES, v, vo);
      FloatVector y = FloatVector.fromArray(SPECIES, v, vo + LANES);
      FloatVector z = FloatVector.fromArray(SPECIES, v, vo + 2 * LANES);
      FloatVector p = FloatVector.fromArray(SPECIES, u, at);
      a0 = p.fma(x, a0);
      a1 = p.fma(y, a1);
      a2 = p.fma(z, a2);
      p = FloatVector.fromArray(SPECIES, u, at + row);
      b0 = p.fma(x, b0);
      b1 = p.fma(y, b1);
      b2 = p.fma(z, b2);
      p = FloatVector.fromArray(SPECIES, u, at + 2 * row);
      c0 = p.fma(x, c0);
      c1 = p.fma(y, c1);
      c2 = p.fma(z, c2);
      p = FloatVector.fromArray(SPECIES, u, at + 3 * row);
      d0 = p.fma(x, d0);
      d1 = p.fma(y, d1);
      d2 = p.fma(z, d2);
    }
    a0.intoArray(m, mo);
    a1.intoArray(m, mo + LANES);
    a2.intoArray(m, mo + 2 * LANES);
    b0.intoArray(m, mo + 3 * LANES);
    b1.intoArray(m, mo + 4 * LANES);
    b2.intoArray(m, mo + 5 * LANES);
    c0.intoArray(m, mo + 6 * LANES);
    c1.intoArray(m, mo + 7 * LANES);
    c2.intoArray(m, mo + 8 * LANES);
    d0.intoArray(m, mo + 9 * LANES);
    d1.intoArray(m, mo + 10 * LANES);
    d2.intoArray(m, mo + 11 * LANES);
  }
}
