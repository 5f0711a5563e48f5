package dev.gramloom.backend.reference;

import dev.gramloom.backend.PoolAxis;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import java.util.Arrays;

/** What 2:1 pooling means, in plain loops. */
final class ReferencePooling {
  private final Shape shape;
  private final PoolAxis rows;
  private final PoolAxis columns;

  /**
   * @param shape of the picture before pooling, [C][H][W]
   */
  ReferencePooling(Shape shape, Edges edges) {
    this.shape = shape;
    this.rows = PoolAxis.of(shape.height(), edges.vertical());
    this.columns = PoolAxis.of(shape.width(), edges.horizontal());
  }

  private interface Window {
    /** One pixel of the window of output {@code out}. */
    void pixel(int out, int in, double weight);
  }

  private int outputs() {
    return shape.channels() * rows.first().length * columns.first().length;
  }

  private void forEach(Window window) {
    int h = rows.first().length;
    int w = columns.first().length;
    for (int out = 0; out < shape.channels() * h * w; out++) {
      int row = out / w % h;
      int column = out % w;
      float[] down = rows.weights()[row];
      float[] right = columns.weights()[column];
      for (int i = 0; i < down.length; i++) {
        for (int j = 0; j < right.length; j++) {
          int y = out / (h * w) * shape.height() + rows.first()[row] + i;
          int in = y * shape.width() + columns.first()[column] + j;
          window.pixel(out, in, (double) down[i] * right[j]);
        }
      }
    }
  }

  void average(float[] x, float[] y) {
    double[] sums = new double[outputs()];
    forEach((out, in, weight) -> sums[out] += weight * x[in]);
    for (int i = 0; i < sums.length; i++) {
      y[i] = (float) sums[i];
    }
  }

  void averageAdjoint(float[] dY, float[] dX) {
    forEach((out, in, weight) -> dX[in] += (float) (weight * dY[out]));
  }

  void maximum(float[] x, float[] y) {
    Arrays.fill(y, 0, outputs(), Float.NEGATIVE_INFINITY);
    forEach((out, in, weight) -> y[out] = Math.max(y[out], x[in]));
  }

  void maximumAdjoint(float[] x, float[] y, float[] dY, float[] dX) {
    boolean[] given = new boolean[outputs()];
    forEach((out, in, weight) -> {
      if (!given[out] && x[in] == y[out]) {
        given[out] = true;
        dX[in] += dY[out];
      }
    });
  }
}
