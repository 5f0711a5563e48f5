package dev.gramloom.backend.cpu;

import dev.gramloom.tensor.AxisTaps;
import dev.gramloom.tensor.Resampling;
import java.util.Arrays;

/** A picture's size changed, columns first, in {@link Resampling}'s order of sums. */
final class CpuResampling {
  private CpuResampling() {}

  static void resample(Workers workers, CpuTensor x, Resampling axes, CpuTensor y) {
    int pitch = x.pitch();
    int line = axes.columns().index().length * pitch; // floats of a row of the new width
    float[] wide = new float[axes.height() * line];
    workers.forEach(
        axes.height(),
        (row, scratch) ->
            widen(x.values(), row * axes.width(), axes.columns(), pitch, wide, row * line));
    AxisTaps rows = axes.rows();
    workers.forEach(
        rows.index().length,
        (row, scratch) -> {
          float[] out = y.values();
          int to = row * line;
          Arrays.fill(out, to, to + line, 0);
          for (int k = 0; k < rows.index()[row].length; k++) {
            add(rows.weight()[row][k], wide, rows.index()[row][k] * line, out, to, line);
          }
        });
  }

  /**
   * One row at the new width.
   *
   * @param first pixel of the row
   * @param to float where the new one begins
   */
  private static void widen(
      float[] source, int first, AxisTaps columns, int pitch, float[] wide, int to) {
    for (int x = 0; x < columns.index().length; x++) {
      int[] index = columns.index()[x];
      float[] weight = columns.weight()[x];
      for (int c = 0; c < pitch; c++) {
        float sum = 0;
        for (int k = 0; k < index.length; k++) {
          sum += weight[k] * source[(first + index[k]) * pitch + c];
        }
        wide[to + x * pitch + c] = sum;
      }
    }
  }

  private static void add(float weight, float[] x, int from, float[] sum, int to, int count) {
    for (int i = 0; i < count; i++) {
      sum[to + i] += weight * x[from + i];
    }
  }
}
