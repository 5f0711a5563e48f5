package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import dev.gramloom.tensor.Edges;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Squares of a picture that goes on beyond its borders: of a convolution's input, or of its
 * output's gradient as far as a ReLU lets it through.
 *
 * @param x the picture, of {@link CpuTensor#LINE} channels or more
 * @param output y of the forward walk: where it is not positive, {@code x} counts as zero; null
 *     where there is no ReLU
 * @param beyond how the picture goes on
 */
record Patches(CpuTensor x, CpuTensor output, Edges beyond) {
  int height() {
    return x.shape().height();
  }

  int width() {
    return x.shape().width();
  }

  /** Whether a square lies in memory as it is. */
  boolean plain(int y, int x, int size) {
    return output == null && y >= 0 && x >= 0 && y + size <= height() && x + size <= width();
  }

  /**
   * Copies some channels of a square: [size][size][group].
   *
   * @param y its first row, may lie outside
   * @param left its first column, may lie outside
   * @param count channels, whole vectors
   * @param group floats from a pixel of the copy to the next
   */
  void copy(int y, int left, int size, int channel, int count, float[] to, int group) {
    int first = Math.min(Math.max(0, left), left + size);
    int last = Math.max(first, Math.min(width(), left + size));
    for (int i = 0; i < size; i++) {
      int row = beyond.vertical().index(y + i, height());
      int at = i * size * group;
      if (row < 0) {
        Arrays.fill(to, at, at + size * group, 0);
        continue;
      }
      for (int j = left; j < first; j++) {
        pixel(row, j, channel, count, to, at + (j - left) * group);
      }
      if (first < last) {
        int from = (row * width() + first) * x.pitch() + channel;
        run(from, last - first, count / LANES, to, at + (first - left) * group, group);
      }
      for (int j = last; j < left + size; j++) {
        pixel(row, j, channel, count, to, at + (j - left) * group);
      }
    }
  }

  private void pixel(int row, int column, int channel, int count, float[] to, int at) {
    int inside = beyond.horizontal().index(column, width());
    if (inside < 0) {
      Arrays.fill(to, at, at + count, 0);
    } else {
      run((row * width() + inside) * x.pitch() + channel, 1, count / LANES, to, at, 0);
    }
  }

  private void run(int from, int pixels, int blocks, float[] to, int at, int group) {
    if (output != null) {
      passed(x.values(), output.values(), from, x.pitch(), pixels, blocks, to, at, group);
      return;
    }
    for (int i = 0; i < pixels; i++) {
      System.arraycopy(x.values(), from + i * x.pitch(), to, at + i * group, blocks * LANES);
    }
  }

  private static void passed(
      float[] dY,
      float[] y,
      int from,
      int pitch,
      int pixels,
      int blocks,
      float[] to,
      int at,
      int group) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int n = 0, block = 0, i = from, o = at; n < pixels * blocks; n++) {
      FloatVector slope = FloatVector.fromArray(SPECIES, dY, i + block);
      FloatVector value = FloatVector.fromArray(SPECIES, y, i + block);
      var passes = value.compare(VectorOperators.GT, zero);
      zero.blend(slope, passes).intoArray(to, o + block);
      block += LANES;
      if (block == blocks * LANES) {
        block = 0;
        i += pitch;
        o += group;
      }
    }
  }
}
