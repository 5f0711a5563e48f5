package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import java.util.Arrays;

/**
 * Rows of a picture that goes on beyond its borders: of a convolution's input, or of its output's
 * gradient as far as the activation lets it through.
 *
 * @param values x or dY, [C or 2C][H][W]
 * @param output y of the forward walk, as {@code values}; null where there is no activation
 * @param activation which of {@code values} count
 * @param edges how the picture goes on
 * @param shape [C][H][W], C as the convolution sees it
 */
record Planes(float[] values, float[] output, Activation activation, Edges edges, Shape shape) {
  /** A convolution's input. */
  static Planes of(float[] x, Edges edges, Shape shape) {
    return new Planes(x, null, Activation.NONE, edges, shape);
  }

  /**
   * Copies a part of a row, any part of any row: [count] to {@code to}.
   *
   * @param row may lie outside
   * @param from column, may lie outside
   */
  void read(int channel, int row, int from, int count, float[] to, int at) {
    int width = shape.width();
    int y = edges.vertical().index(row, shape.height());
    if (y < 0) {
      Arrays.fill(to, at, at + count, 0);
      return;
    }
    int start = channel * shape.pixels() + y * width;
    int first = Math.max(0, from);
    int last = Math.min(width, from + count);
    if (first < last) {
      copy(start + first, to, at + first - from, last - first);
    }
    for (int x = from; x < Math.min(0, from + count); x++) {
      outside(start, x, to, at + x - from);
    }
    for (int x = Math.max(width, from); x < from + count; x++) {
      outside(start, x, to, at + x - from);
    }
  }

  private void outside(int start, int x, float[] to, int at) {
    int inside = edges.horizontal().index(x, shape.width());
    if (inside < 0) {
      to[at] = 0;
    } else {
      copy(start + inside, to, at, 1);
    }
  }

  private void copy(int from, float[] to, int at, int count) {
    switch (activation) {
      case NONE -> System.arraycopy(values, from, to, at, count);
      case RELU -> Rows.readPositive(output, values, from, to, at, count);
      case RECTIFY -> {
        int negative = from + Math.toIntExact(shape.size());
        Rows.readRectified(output, values, from, negative, to, at, count);
      }
    }
  }

  /** Beyond an edge that mirrors, the adjoint reads nothing and folds its own border back. */
  static Edge adjoint(Edge edge) {
    return edge == Edge.WRAP ? Edge.WRAP : Edge.ZERO;
  }
}
