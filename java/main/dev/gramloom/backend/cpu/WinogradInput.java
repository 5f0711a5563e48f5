package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Grid.VECTORS;
import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Bᵀ d: one of the two passes of Bᵀ d B, along the columns of a tile and then along its rows. A
 * lane is a channel.
 */
final class WinogradInput {
  private WinogradInput() {}

  /**
   * Transforms the T lines of a tile.
   *
   * @param from where the tile is in {@code in}; vectors of channels in blocks
   * @param to where its frequencies go in {@code out}, likewise
   */
  static void pass(WinogradTransform transform, Grid in, int from, Grid out, int to, int vectors) {
    if (transform == WinogradTransform.F6) {
      pass6(in, from, out, to, vectors);
    } else {
      pass4(in, from, out, to, vectors);
    }
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static void pass6(Grid in, int from, Grid out, int to, int vectors) {
    float[] x = in.values();
    float[] y = out.values();
    int s = in.step();
    int p = out.step();
    int inLine = in.line();
    int outLine = out.line();
    int inBlock = in.block();
    int outBlock = out.block();
    for (int n = 0; n < 8 * vectors; n++) {
      int vector = n / 8;
      int block = vector / VECTORS;
      int lane = vector % VECTORS * LANES;
      int i = from + n % 8 * inLine + block * inBlock + lane;
      FloatVector d0 = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d1 = FloatVector.fromArray(SPECIES, x, i + s);
      FloatVector d2 = FloatVector.fromArray(SPECIES, x, i + 2 * s);
      FloatVector d3 = FloatVector.fromArray(SPECIES, x, i + 3 * s);
      FloatVector d4 = FloatVector.fromArray(SPECIES, x, i + 4 * s);
      FloatVector d5 = FloatVector.fromArray(SPECIES, x, i + 5 * s);
      FloatVector d6 = FloatVector.fromArray(SPECIES, x, i + 6 * s);
      FloatVector d7 = FloatVector.fromArray(SPECIES, x, i + 7 * s);
      int o = to + n % 8 * outLine + block * outBlock + lane;
      d4.sub(d2).fma(of(5.25f), d0.sub(d6)).intoArray(y, o);
      d3.sub(d5).fma(of(5.25f), d7.sub(d1)).intoArray(y, o + 7 * p);
      FloatVector even = d4.fma(of(-4.25f), d2.add(d6));
      FloatVector odd = d3.fma(of(-4.25f), d1.add(d5));
      even.add(odd).intoArray(y, o + p);
      even.sub(odd).intoArray(y, o + 2 * p);
      even = d4.fma(of(-0.3125f), d2.fma(of(0.0625f), d6.mul(0.25f)));
      odd = d5.fma(of(0.5f), d3.fma(of(-0.625f), d1.mul(0.125f)));
      even.add(odd).intoArray(y, o + 3 * p);
      even.sub(odd).intoArray(y, o + 4 * p);
      even = d4.fma(of(-20), d2.fma(of(16), d6.mul(4)));
      odd = d5.fma(of(2), d3.fma(of(-10), d1.mul(8)));
      even.add(odd).intoArray(y, o + 5 * p);
      even.sub(odd).intoArray(y, o + 6 * p);
    }
  }

  private static void pass4(Grid in, int from, Grid out, int to, int vectors) {
    float[] x = in.values();
    float[] y = out.values();
    int s = in.step();
    int p = out.step();
    int inLine = in.line();
    int outLine = out.line();
    int inBlock = in.block();
    int outBlock = out.block();
    for (int n = 0; n < 6 * vectors; n++) {
      int vector = n / 6;
      int block = vector / VECTORS;
      int lane = vector % VECTORS * LANES;
      int i = from + n % 6 * inLine + block * inBlock + lane;
      FloatVector d0 = FloatVector.fromArray(SPECIES, x, i);
      FloatVector d1 = FloatVector.fromArray(SPECIES, x, i + s);
      FloatVector d2 = FloatVector.fromArray(SPECIES, x, i + 2 * s);
      FloatVector d3 = FloatVector.fromArray(SPECIES, x, i + 3 * s);
      FloatVector d4 = FloatVector.fromArray(SPECIES, x, i + 4 * s);
      FloatVector d5 = FloatVector.fromArray(SPECIES, x, i + 5 * s);
      int o = to + n % 6 * outLine + block * outBlock + lane;
      d0.fma(of(4), d2.fma(of(-5), d4)).intoArray(y, o);
      d1.fma(of(4), d3.fma(of(-5), d5)).intoArray(y, o + 5 * p);
      FloatVector even = d2.fma(of(-4), d4);
      FloatVector odd = d1.fma(of(-4), d3);
      even.add(odd).intoArray(y, o + p);
      even.sub(odd).intoArray(y, o + 2 * p);
      even = d4.sub(d2);
      odd = d3.sub(d1).mul(2);
      even.add(odd).intoArray(y, o + 3 * p);
      even.sub(odd).intoArray(y, o + 4 * p);
    }
  }
}
