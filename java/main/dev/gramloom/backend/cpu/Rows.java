package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import dev.gramloom.backend.Activation;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Simple work on runs of floats. */
final class Rows {
  private Rows() {}

  /** y += s. */
  static void add(float[] s, int at, float[] y, int to, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) { // by hand: to the compiler the arrays may be one
      FloatVector sum = FloatVector.fromArray(SPECIES, y, to + i);
      sum.add(FloatVector.fromArray(SPECIES, s, at + i)).intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] += s[at + i];
    }
  }

  /** x *= scale, from {@code from} to {@code to}. */
  static void scale(float scale, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] *= scale;
    }
  }

  /** y += scale · x, from {@code from} to {@code to}. */
  static void addScaled(float scale, float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, y, i);
      sum.add(FloatVector.fromArray(SPECIES, x, i).mul(scale)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] += scale * x[i];
    }
  }

  /** Sets every number. */
  static void fill(Workers workers, float value, CpuTensor y) {
    if (value == 0) {
      workers.laterZeros(y);
      return;
    }
    int pitch = y.pitch();
    workers.later(
        y,
        deferred ->
            (from, to, scratch) -> Arrays.fill(y.values(), from * pitch, to * pitch, value));
    clearPadding(workers, y);
  }

  /** Zeroes what lies between the last channel of a pixel and the next pixel. */
  static void clearPadding(Workers workers, CpuTensor y) {
    int pitch = y.pitch();
    if (pitch == y.channels()) {
      return;
    }
    workers.later(
        y,
        deferred ->
            (from, to, scratch) -> {
              for (int i = from; i < to; i++) {
                Arrays.fill(y.values(), i * pitch + y.channels(), (i + 1) * pitch, 0);
              }
            });
  }

  /**
   * What a convolution does with a row of sums: one channel of a row of pixels.
   *
   * @param to where y's first pixel has this channel; of rectified sums the rising half
   */
  static void scatter(
      Activation activation, float[] s, int at, float bias, int n, CpuTensor y, int to) {
    float[] v = y.values();
    int pitch = y.pitch();
    switch (activation) {
      case NONE -> {
        for (int i = 0; i < n; i++) {
          v[to + i * pitch] = s[at + i] + bias;
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          v[to + i * pitch] = Math.max(s[at + i] + bias, 0);
        }
      }
      case RECTIFY -> {
        int down = to + y.channels() / 2;
        for (int i = 0; i < n; i++) {
          float sum = s[at + i] + bias;
          v[to + i * pitch] = Math.max(sum, 0);
          v[down + i * pitch] = Math.max(-sum, 0);
        }
      }
    }
  }

  /**
   * The lanes added in order. {@code reduceLanes} may add them in another order once it is
   * compiled, and two runs must give the same bits.
   */
  private static double sum(FloatVector x, float[] lanes) {
    x.intoArray(lanes, 0);
    double even = 0; // two chains, so that an addition need not wait for the last
    double odd = 0;
    for (int i = 0; i < LANES; i += 2) {
      even += lanes[i];
      odd += lanes[i + 1];
    }
    return even + odd;
  }

  /** Dot product of two parts of arrays. */
  static double dot(float[] a, float[] b, int from, int to) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    int i = from;
    for (; i + 2 * LANES <= to; i += 2 * LANES) {
      s0 = FloatVector.fromArray(SPECIES, a, i).fma(FloatVector.fromArray(SPECIES, b, i), s0);
      s1 =
          FloatVector.fromArray(SPECIES, a, i + LANES)
              .fma(FloatVector.fromArray(SPECIES, b, i + LANES), s1);
    }
    double sum = sum(s0.add(s1), new float[LANES]);
    for (; i < to; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
