package dev.gramloom.backend.cpu;

import java.util.Arrays;

/** An optimiser's work on whole tensors, several at a time: each is read once. */
final class CpuVectors {
  /** Floats of an item of work. */
  private static final int BLOCK = 1 << 14;

  /** Floats that stay in the first cache; of a dot product the terms that are summed in float32. */
  private static final int PART = 1 << 11;

  private CpuVectors() {}

  /** out = Σ factor_i · term_i, in order, in double. */
  static void combine(Workers workers, double[] factors, float[][] terms, float[] out, int length) {
    workers.forEach(
        items(length),
        (item, scratch) -> {
          double[] sums = new double[PART];
          int end = end(item, length);
          for (int from = item * BLOCK; from < end; from += PART) {
            int count = Math.min(end - from, PART);
            Arrays.fill(sums, 0);
            for (int i = 0; i < factors.length; i++) {
              addScaled(factors[i], terms[i], from, sums, count);
            }
            for (int i = 0; i < count; i++) {
              out[from + i] = (float) sums[i];
            }
          }
        });
  }

  private static void addScaled(double factor, float[] x, int from, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += factor * x[from + i];
    }
  }

  /** Sums of products, [a][b]; fixed blocks, each in double, added in order. */
  static double[][] dots(Workers workers, float[][] a, float[][] b, int length) {
    double[][][] sums = new double[items(length)][a.length][b.length];
    workers.forEach(
        sums.length,
        (item, scratch) -> {
          int end = end(item, length);
          for (int from = item * BLOCK; from < end; from += PART) {
            int to = Math.min(end, from + PART);
            for (int j = 0; j < b.length; j++) {
              for (int i = 0; i < a.length; i++) {
                sums[item][i][j] += Rows.dot(a[i], b[j], from, to);
              }
            }
          }
        });
    double[][] dots = new double[a.length][b.length];
    for (double[][] block : sums) {
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j < b.length; j++) {
          dots[i][j] += block[i][j];
        }
      }
    }
    return dots;
  }

  private static int items(int length) {
    return (length + BLOCK - 1) / BLOCK;
  }

  private static int end(int item, int length) {
    return (int) Math.min(length, (item + 1L) * BLOCK);
  }
}
