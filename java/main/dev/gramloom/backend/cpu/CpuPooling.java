package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import dev.gramloom.backend.PoolAxis;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * 2:1 pooling. Going forward an item is a row of windows; going back too, where windows do not
 * share rows, and else one thread does all.
 */
final class CpuPooling {
  private final Workers workers;
  private final CpuTensor large;
  private final CpuTensor small;
  private final int pitch;
  private final PoolAxis rows;
  private final PoolAxis columns;
  private final int h;
  private final int w;

  /**
   * @param large x or dX
   * @param small y or dY
   */
  CpuPooling(Workers workers, CpuTensor large, CpuTensor small, Edges edges) {
    this.workers = workers;
    this.large = large;
    this.small = small;
    this.pitch = large.pitch();
    this.rows = PoolAxis.of(large.shape().height(), edges.vertical());
    this.columns = PoolAxis.of(large.shape().width(), edges.horizontal());
    this.h = rows.first().length;
    this.w = columns.first().length;
  }

  private boolean pairs() {
    return rows.pairs() && columns.pairs();
  }

  private int row() {
    return large.shape().width() * pitch;
  }

  /** Where window {@code column} of row {@code row} begins in the large picture. */
  private int start(int row, int column) {
    return rows.first()[row] * row() + columns.first()[column] * pitch;
  }

  /** y [h][w][C] = weighted mean of each window. */
  void average() {
    workers.forEach(
        h,
        (row, scratch) -> {
          for (int i = 0; i < w; i++) {
            int from = start(row, i);
            int to = (row * w + i) * pitch;
            if (pairs()) {
              averagePair(large.values(), from, row(), pitch, small.values(), to);
            } else {
              averageWindow(from, rows.weights()[row], columns.weights()[i], to);
            }
          }
        });
  }

  private static void averagePair(float[] x, int at, int row, int pitch, float[] y, int to) {
    int i = 0;
    for (; i + LANES <= pitch; i += LANES) {
      FloatVector left = FloatVector.fromArray(SPECIES, x, at + i);
      FloatVector right = FloatVector.fromArray(SPECIES, x, at + i + pitch);
      left = left.add(FloatVector.fromArray(SPECIES, x, at + i + row));
      right = right.add(FloatVector.fromArray(SPECIES, x, at + i + row + pitch));
      left.add(right).mul(0.25f).intoArray(y, to + i);
    }
    for (; i < pitch; i++) {
      float left = x[at + i] + x[at + i + row];
      y[to + i] = 0.25f * (left + (x[at + i + pitch] + x[at + i + row + pitch]));
    }
  }

  private void averageWindow(int from, float[] down, float[] right, int to) {
    float[] y = small.values();
    Arrays.fill(y, to, to + pitch, 0);
    for (int r = 0; r < down.length; r++) {
      for (int c = 0; c < right.length; c++) {
        float weight = down[r] * right[c];
        int at = from + r * row() + c * pitch;
        for (int i = 0; i < pitch; i++) {
          y[to + i] += weight * large.values()[at + i];
        }
      }
    }
  }

  /** dX [H][W][C] += adjoint of {@link #average}. */
  void averageAdjoint() {
    if (pairs()) {
      workers.later(large, deferred -> (from, to, scratch) -> spreadPairs(from, to));
      return;
    }
    workers.settle();
    for (int row = 0; row < h; row++) {
      for (int i = 0; i < w; i++) {
        spreadWindow(
            (row * w + i) * pitch, rows.weights()[row], columns.weights()[i], start(row, i));
      }
    }
  }

  /** A quarter of its window's slope to each of some pixels. */
  private void spreadPairs(int first, int last) {
    int width = large.shape().width();
    float[] dY = small.values();
    float[] dX = large.values();
    for (int pixel = first; pixel < last; pixel++) {
      int row = pixel / width / 2;
      int column = pixel % width / 2;
      if (row == h || column == w) {
        continue; // a last odd pixel feeds no window
      }
      int from = (row * w + column) * pitch;
      int to = pixel * pitch;
      int i = 0;
      for (; i + LANES <= pitch; i += LANES) {
        FloatVector share = FloatVector.fromArray(SPECIES, dY, from + i).mul(0.25f);
        FloatVector.fromArray(SPECIES, dX, to + i).add(share).intoArray(dX, to + i);
      }
      for (; i < pitch; i++) {
        dX[to + i] += 0.25f * dY[from + i];
      }
    }
  }

  private void spreadWindow(int from, float[] down, float[] right, int to) {
    float[] dX = large.values();
    for (int r = 0; r < down.length; r++) {
      for (int c = 0; c < right.length; c++) {
        float weight = down[r] * right[c];
        int at = to + r * row() + c * pitch;
        for (int i = 0; i < pitch; i++) {
          dX[at + i] += weight * small.values()[from + i];
        }
      }
    }
  }

  /** y [h][w][C] = maximum of each window. */
  void maximum() {
    workers.forEach(
        h,
        (row, scratch) -> {
          for (int i = 0; i < w; i++) {
            int from = start(row, i);
            int to = (row * w + i) * pitch;
            if (pairs()) {
              maximumPair(large.values(), from, row(), pitch, small.values(), to);
            } else {
              for (int c = 0; c < pitch; c++) {
                small.values()[to + c] = large.values()[argmax(large.values(), from + c, row, i)];
              }
            }
          }
        });
  }

  private static void maximumPair(float[] x, int at, int row, int pitch, float[] y, int to) {
    int i = 0;
    for (; i + LANES <= pitch; i += LANES) {
      FloatVector left = FloatVector.fromArray(SPECIES, x, at + i);
      FloatVector right = FloatVector.fromArray(SPECIES, x, at + i + pitch);
      left = left.max(FloatVector.fromArray(SPECIES, x, at + i + row));
      right = right.max(FloatVector.fromArray(SPECIES, x, at + i + row + pitch));
      left.max(right).intoArray(y, to + i);
    }
    for (; i < pitch; i++) {
      float left = Math.max(x[at + i], x[at + i + row]);
      y[to + i] = Math.max(left, Math.max(x[at + i + pitch], x[at + i + row + pitch]));
    }
  }

  /** dX [H][W][C] += adjoint of {@link #maximum}, at the first pixel that is the largest. */
  void maximumAdjoint(CpuTensor x) {
    if (pairs()) {
      workers.forEach(
          h,
          (row, scratch) -> {
            for (int i = 0; i < w; i++) {
              int from = (row * w + i) * pitch;
              int to = start(row, i);
              givePair(x.values(), small.values(), from, row(), pitch, large.values(), to);
            }
          });
      return;
    }
    workers.settle();
    for (int row = 0; row < h; row++) {
      for (int i = 0; i < w; i++) {
        for (int c = 0; c < pitch; c++) {
          int largest = argmax(x.values(), start(row, i) + c, row, i);
          large.values()[largest] += small.values()[(row * w + i) * pitch + c];
        }
      }
    }
  }

  private static void givePair(
      float[] x, float[] dY, int from, int row, int pitch, float[] dX, int to) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i + LANES <= pitch; i += LANES) {
      int at = to + i;
      FloatVector first = FloatVector.fromArray(SPECIES, x, at);
      FloatVector second = FloatVector.fromArray(SPECIES, x, at + pitch);
      FloatVector third = FloatVector.fromArray(SPECIES, x, at + row);
      FloatVector fourth = FloatVector.fromArray(SPECIES, x, at + row + pitch);
      FloatVector most = first.max(second).max(third.max(fourth));
      FloatVector share = FloatVector.fromArray(SPECIES, dY, from + i);
      VectorMask<Float> here = first.compare(VectorOperators.EQ, most);
      VectorMask<Float> taken = here;
      give(zero.blend(share, here), dX, at);
      here = second.compare(VectorOperators.EQ, most).andNot(taken);
      taken = taken.or(here);
      give(zero.blend(share, here), dX, at + pitch);
      here = third.compare(VectorOperators.EQ, most).andNot(taken);
      taken = taken.or(here);
      give(zero.blend(share, here), dX, at + row);
      give(share.blend(zero, taken), dX, at + row + pitch);
    }
    for (; i < pitch; i++) {
      int best = to + i;
      best = x[to + i + pitch] > x[best] ? to + i + pitch : best;
      best = x[to + i + row] > x[best] ? to + i + row : best;
      best = x[to + i + row + pitch] > x[best] ? to + i + row + pitch : best;
      dX[best] += dY[from + i];
    }
  }

  private static void give(FloatVector share, float[] dX, int at) {
    FloatVector.fromArray(SPECIES, dX, at).add(share).intoArray(dX, at);
  }

  /** The first element, in reading order, that is the largest of its window. */
  private int argmax(float[] x, int start, int row, int column) {
    int best = start;
    for (int r = 0; r < rows.weights()[row].length; r++) {
      for (int i = 0; i < columns.weights()[column].length; i++) {
        int at = start + r * row() + i * pitch;
        if (x[at] > x[best]) {
          best = at;
        }
      }
    }
    return best;
  }
}
