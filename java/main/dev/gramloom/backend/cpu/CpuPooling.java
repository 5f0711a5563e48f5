package dev.gramloom.backend.cpu;

import dev.gramloom.backend.PoolAxis;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;

/** 2:1 pooling, one output row an item going forward, one channel an item going back. */
final class CpuPooling {
  private final Workers workers;
  private final int channels;
  private final int height;
  private final int width;
  private final PoolAxis rows;
  private final PoolAxis columns;
  private final int h;
  private final int w;

  CpuPooling(Workers workers, Shape shape, Edges edges) {
    this.workers = workers;
    this.channels = shape.channels();
    this.height = shape.height();
    this.width = shape.width();
    this.rows = PoolAxis.of(height, edges.vertical());
    this.columns = PoolAxis.of(width, edges.horizontal());
    this.h = rows.first().length;
    this.w = columns.first().length;
  }

  /** y [C][h][w] = weighted mean of each window. */
  void average(float[] x, float[] y) {
    boolean pairs = rows.pairs() && columns.pairs();
    workers.forEach(
        channels * h,
        (item, scratch) -> {
          int top = (item / h * height + rows.first()[item % h]) * width;
          if (pairs) {
            averagePairs(x, top, y, item * w, scratch.output(width));
          } else {
            averageWindows(x, top, rows.weights()[item % h], y, item * w);
          }
        });
  }

  /** Both rows are added up first, which vectorises; then neighbours. */
  private void averagePairs(float[] x, int top, float[] y, int to, float[] rowSum) {
    for (int i = 0; i < width; i++) {
      rowSum[i] = x[top + i] + x[top + width + i];
    }
    for (int i = 0; i < w; i++) {
      y[to + i] = 0.25f * (rowSum[2 * i] + rowSum[2 * i + 1]);
    }
  }

  private void averageWindows(float[] x, int top, float[] down, float[] y, int to) {
    for (int i = 0; i < w; i++) {
      float[] right = columns.weights()[i];
      float sum = 0;
      for (int r = 0; r < down.length; r++) {
        int from = top + r * width + columns.first()[i];
        for (int c = 0; c < right.length; c++) {
          sum += down[r] * right[c] * x[from + c];
        }
      }
      y[to + i] = sum;
    }
  }

  /** dX [C][H][W] += adjoint of {@link #average}. */
  void averageAdjoint(float[] dY, float[] dX) {
    boolean pairs = rows.pairs() && columns.pairs();
    workers.forEach(
        channels,
        (c, scratch) -> {
          for (int row = 0; row < h; row++) {
            int top = (c * height + rows.first()[row]) * width;
            int from = (c * h + row) * w;
            if (pairs) {
              spreadPairs(dY, from, dX, top, scratch.output(width));
            } else {
              spreadWindows(dY, from, rows.weights()[row], dX, top);
            }
          }
        });
  }

  private void spreadPairs(float[] dY, int from, float[] dX, int top, float[] shares) {
    for (int i = 0; i < w; i++) {
      float share = 0.25f * dY[from + i];
      shares[2 * i] = share;
      shares[2 * i + 1] = share;
    }
    for (int i = 0; i < 2 * w; i++) {
      dX[top + i] += shares[i];
    }
    for (int i = 0; i < 2 * w; i++) {
      dX[top + width + i] += shares[i];
    }
  }

  private void spreadWindows(float[] dY, int from, float[] down, float[] dX, int top) {
    for (int i = 0; i < w; i++) {
      float[] right = columns.weights()[i];
      for (int r = 0; r < down.length; r++) {
        int to = top + r * width + columns.first()[i];
        for (int c = 0; c < right.length; c++) {
          dX[to + c] += down[r] * right[c] * dY[from + i];
        }
      }
    }
  }

  /** y [C][h][w] = maximum of each window. */
  void maximum(float[] x, float[] y) {
    workers.forEach(
        channels * h,
        (item, scratch) -> {
          for (int i = 0; i < w; i++) {
            y[item * w + i] = x[argmax(x, item / h, item % h, i)];
          }
        });
  }

  /** dX [C][H][W] += adjoint of {@link #maximum}. */
  void maximumAdjoint(float[] x, float[] dY, float[] dX) {
    workers.forEach(
        channels,
        (c, scratch) -> {
          for (int row = 0; row < h; row++) {
            for (int i = 0; i < w; i++) {
              dX[argmax(x, c, row, i)] += dY[(c * h + row) * w + i];
            }
          }
        });
  }

  /** The first pixel, in reading order, that is the largest of its window. */
  private int argmax(float[] x, int c, int row, int column) {
    int start = (c * height + rows.first()[row]) * width + columns.first()[column];
    int best = start;
    for (int r = 0; r < rows.weights()[row].length; r++) {
      for (int i = 0; i < columns.weights()[column].length; i++) {
        int at = start + r * width + i;
        if (x[at] > x[best]) {
          best = at;
        }
      }
    }
    return best;
  }
}
