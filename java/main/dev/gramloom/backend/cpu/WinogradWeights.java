package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.MOST_VECTORS;
import static dev.gramloom.backend.cpu.Gemm.PANEL;
import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * A layer's 3x3 filters side by side in panels, [K/PANEL][C][PANEL/LANES][9][LANES], to be taken
 * among the frequencies when they are needed, G g Gᵀ, in one walk through memory.
 *
 * <p>A layer of VGG has up to 64 MiB of frequencies; to read them from memory takes longer than to
 * make them anew from a seventh of that in the cache.
 */
final class WinogradWeights {
  /** Weight of output k for input c at row i, column j of the filter. */
  interface Source {
    float at(int k, int c, int i, int j);
  }

  /** Floats of a vector of filters. */
  private static final int VECTOR = 9 * LANES;

  /** Floats of a panel of filters. */
  private static final int CHANNEL = MOST_VECTORS * VECTOR;

  /** G, [T][3]. */
  private static final float[][] G4 = {
    {1 / 4f, 0, 0},
    {-1 / 6f, -1 / 6f, -1 / 6f},
    {-1 / 6f, 1 / 6f, -1 / 6f},
    {1 / 24f, 1 / 12f, 1 / 6f},
    {1 / 24f, -1 / 12f, 1 / 6f},
    {0, 0, 1}
  };

  private static final float[][] G6 = {
    {1, 0, 0},
    {-2 / 9f, -2 / 9f, -2 / 9f},
    {-2 / 9f, 2 / 9f, -2 / 9f},
    {2 / 45f, 4 / 45f, 8 / 45f},
    {2 / 45f, -4 / 45f, 8 / 45f},
    {8 / 45f, 4 / 45f, 2 / 45f},
    {8 / 45f, -4 / 45f, 2 / 45f},
    {0, 0, 1}
  };

  private final int rows;
  private final int inners;
  private final float[] values;

  /**
   * @param rows outputs, K
   * @param inners channels that are summed over, C
   */
  WinogradWeights(Workers workers, int rows, int inners, Source source) {
    this.rows = rows;
    this.inners = inners;
    this.values = new float[Math.toIntExact(floats(rows, inners))];
    workers.forEach(panels(), (panel, scratch) -> fill(panel, source));
  }

  /** Floats of so many filters for so many channels. */
  static long floats(int rows, int inners) {
    return (long) (rows + PANEL - 1) / PANEL * CHANNEL * inners;
  }

  private void fill(int panel, Source source) {
    int first = panel * PANEL;
    int last = Math.min(rows, first + PANEL);
    for (int k = first; k < last; k++) {
      for (int c = 0; c < inners; c++) {
        int at =
            (panel * inners + c) * CHANNEL + (k - first) / LANES * VECTOR + (k - first) % LANES;
        for (int i = 0; i < 9; i++) {
          values[at + i * LANES] = source.at(k, c, i / 3, i % 3);
        }
      }
    }
  }

  /** Floats held. */
  int length() {
    return values.length;
  }

  /** K. */
  int rows() {
    return rows;
  }

  /** C. */
  int inners() {
    return inners;
  }

  /** Panels of {@link Gemm#PANEL} filters; the last is filled up with zeros. */
  int panels() {
    return (rows + PANEL - 1) / PANEL;
  }

  /**
   * One row of frequencies of a panel's filters, as {@link Gemm} wants them.
   *
   * @param row 0 … T−1
   * @param first channel
   * @param count channels
   * @param to [T][count][PANEL], {@code plane} floats from one of the row's T frequencies to the
   *     next
   */
  void transform(
      WinogradTransform transform,
      int panel,
      int row,
      int first,
      int count,
      float[] to,
      int at,
      int plane) {
    int from = (panel * inners + first) * CHANNEL;
    if (transform == WinogradTransform.F6) {
      row6(values, from, G6[row], count * MOST_VECTORS, to, at, plane);
    } else {
      row4(values, from, G4[row], count * MOST_VECTORS, to, at, plane);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  private static FloatVector of(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  private static void row6(
      float[] g, int from, float[] row, int vectors, float[] u, int to, int p) {
    FloatVector r0 = of(row[0]);
    FloatVector r1 = of(row[1]);
    FloatVector r2 = of(row[2]);
    for (int n = 0; n < vectors; n++) {
      int i = from + n * VECTOR;
      FloatVector t0 = load(g, i).mul(r0);
      FloatVector t1 = load(g, i + LANES).mul(r0);
      FloatVector t2 = load(g, i + 2 * LANES).mul(r0);
      t0 = load(g, i + 3 * LANES).fma(r1, t0);
      t1 = load(g, i + 4 * LANES).fma(r1, t1);
      t2 = load(g, i + 5 * LANES).fma(r1, t2);
      t0 = load(g, i + 6 * LANES).fma(r2, t0);
      t1 = load(g, i + 7 * LANES).fma(r2, t1);
      t2 = load(g, i + 8 * LANES).fma(r2, t2);
      int o = to + n * LANES;
      t0.intoArray(u, o);
      t2.intoArray(u, o + 7 * p);
      FloatVector even = t0.add(t2).mul(-2 / 9f);
      FloatVector odd = t1.mul(-2 / 9f);
      even.add(odd).intoArray(u, o + p);
      even.sub(odd).intoArray(u, o + 2 * p);
      odd = t1.mul(4 / 45f);
      even = t2.fma(of(8 / 45f), t0.mul(2 / 45f));
      even.add(odd).intoArray(u, o + 3 * p);
      even.sub(odd).intoArray(u, o + 4 * p);
      even = t2.fma(of(2 / 45f), t0.mul(8 / 45f));
      even.add(odd).intoArray(u, o + 5 * p);
      even.sub(odd).intoArray(u, o + 6 * p);
    }
  }

  private static void row4(
      float[] g, int from, float[] row, int vectors, float[] u, int to, int p) {
    FloatVector r0 = of(row[0]);
    FloatVector r1 = of(row[1]);
    FloatVector r2 = of(row[2]);
    for (int n = 0; n < vectors; n++) {
      int i = from + n * VECTOR;
      FloatVector t0 = load(g, i).mul(r0);
      FloatVector t1 = load(g, i + LANES).mul(r0);
      FloatVector t2 = load(g, i + 2 * LANES).mul(r0);
      t0 = load(g, i + 3 * LANES).fma(r1, t0);
      t1 = load(g, i + 4 * LANES).fma(r1, t1);
      t2 = load(g, i + 5 * LANES).fma(r1, t2);
      t0 = load(g, i + 6 * LANES).fma(r2, t0);
      t1 = load(g, i + 7 * LANES).fma(r2, t1);
      t2 = load(g, i + 8 * LANES).fma(r2, t2);
      int o = to + n * LANES;
      t0.mul(1 / 4f).intoArray(u, o);
      t2.intoArray(u, o + 5 * p);
      FloatVector even = t0.add(t2).mul(-1 / 6f);
      FloatVector odd = t1.mul(-1 / 6f);
      even.add(odd).intoArray(u, o + p);
      even.sub(odd).intoArray(u, o + 2 * p);
      even = t2.fma(of(1 / 6f), t0.mul(1 / 24f));
      odd = t1.mul(1 / 12f);
      even.add(odd).intoArray(u, o + 3 * p);
      even.sub(odd).intoArray(u, o + 4 * p);
    }
  }
}
