package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Grid.VECTORS;
import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Aᵀ M: one of the two passes of Aᵀ M A, along the columns of a tile and then along its rows. A
 * lane is a filter.
 */
final class WinogradOutput {
  private WinogradOutput() {}

  /**
   * Transforms lines of a tile: T of them in the first pass, m in the second.
   *
   * @param from where the tile is in {@code in}; vectors of filters in blocks
   * @param to where its sums go in {@code out}, likewise
   * @param lines how many
   * @param floor what is less becomes this: 0 for a ReLU, −∞ for nothing
   */
  static void pass(
      WinogradTransform transform,
      Grid in,
      int from,
      Grid out,
      int to,
      int lines,
      int vectors,
      float floor) {
    if (transform == WinogradTransform.F6) {
      pass6(in, from, out, to, lines, vectors, floor);
    } else {
      pass4(in, from, out, to, lines, vectors, floor);
    }
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static void pass6(
      Grid in, int from, Grid out, int to, int lines, int vectors, float floor) {
    float[] x = in.values();
    float[] y = out.values();
    int s = in.step();
    int p = out.step();
    int inLine = in.line();
    int outLine = out.line();
    int inBlock = in.block();
    int outBlock = out.block();
    FloatVector least = of(floor);
    for (int n = 0, line = 0, vector = 0; n < lines * vectors; n++) {
      int block = vector / VECTORS;
      int lane = vector % VECTORS * LANES;
      int i = from + line * inLine + block * inBlock + lane;
      FloatVector m0 = FloatVector.fromArray(SPECIES, x, i);
      FloatVector m1 = FloatVector.fromArray(SPECIES, x, i + s);
      FloatVector m2 = FloatVector.fromArray(SPECIES, x, i + 2 * s);
      FloatVector m3 = FloatVector.fromArray(SPECIES, x, i + 3 * s);
      FloatVector m4 = FloatVector.fromArray(SPECIES, x, i + 4 * s);
      FloatVector m5 = FloatVector.fromArray(SPECIES, x, i + 5 * s);
      FloatVector m6 = FloatVector.fromArray(SPECIES, x, i + 6 * s);
      FloatVector m7 = FloatVector.fromArray(SPECIES, x, i + 7 * s);
      int o = to + line * outLine + block * outBlock + lane;
      FloatVector a = m1.add(m2);
      FloatVector b = m3.add(m4);
      FloatVector c = m5.add(m6);
      m0.add(a).add(b.add(c)).max(least).intoArray(y, o);
      c.fma(of(0.25f), b.fma(of(4), a)).max(least).intoArray(y, o + 2 * p);
      c.fma(of(0.0625f), b.fma(of(16), a)).max(least).intoArray(y, o + 4 * p);
      a = m1.sub(m2);
      b = m3.sub(m4);
      c = m5.sub(m6);
      c.fma(of(0.5f), b.fma(of(2), a)).max(least).intoArray(y, o + p);
      c.fma(of(0.125f), b.fma(of(8), a)).max(least).intoArray(y, o + 3 * p);
      c.fma(of(0.03125f), b.fma(of(32), a)).add(m7).max(least).intoArray(y, o + 5 * p);
      if (++line == lines) {
        line = 0;
        vector++;
      }
    }
  }

  private static void pass4(
      Grid in, int from, Grid out, int to, int lines, int vectors, float floor) {
    float[] x = in.values();
    float[] y = out.values();
    int s = in.step();
    int p = out.step();
    int inLine = in.line();
    int outLine = out.line();
    int inBlock = in.block();
    int outBlock = out.block();
    FloatVector least = of(floor);
    for (int n = 0, line = 0, vector = 0; n < lines * vectors; n++) {
      int block = vector / VECTORS;
      int lane = vector % VECTORS * LANES;
      int i = from + line * inLine + block * inBlock + lane;
      FloatVector m0 = FloatVector.fromArray(SPECIES, x, i);
      FloatVector m1 = FloatVector.fromArray(SPECIES, x, i + s);
      FloatVector m2 = FloatVector.fromArray(SPECIES, x, i + 2 * s);
      FloatVector m3 = FloatVector.fromArray(SPECIES, x, i + 3 * s);
      FloatVector m4 = FloatVector.fromArray(SPECIES, x, i + 4 * s);
      FloatVector m5 = FloatVector.fromArray(SPECIES, x, i + 5 * s);
      int o = to + line * outLine + block * outBlock + lane;
      FloatVector a = m1.add(m2);
      FloatVector b = m3.add(m4);
      m0.add(a).add(b).max(least).intoArray(y, o);
      b.fma(of(4), a).max(least).intoArray(y, o + 2 * p);
      a = m1.sub(m2);
      b = m3.sub(m4);
      b.fma(of(2), a).max(least).intoArray(y, o + p);
      b.fma(of(8), a).add(m5).max(least).intoArray(y, o + 3 * p);
      if (++line == lines) {
        line = 0;
        vector++;
      }
    }
  }
}
