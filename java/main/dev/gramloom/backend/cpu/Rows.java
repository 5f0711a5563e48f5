package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.MicroKernel.SPECIES;

import dev.gramloom.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Steps on a row of n pixels: activations on the way out, their slopes on the way back. */
final class Rows {
  private Rows() {}

  /** to = x − centre. */
  static void subtract(float[] x, int from, float centre, float[] to, int at, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      FloatVector.fromArray(SPECIES, x, from + i).sub(centre).intoArray(to, at + i);
    }
    for (; i < n; i++) {
      to[at + i] = x[from + i] - centre;
    }
  }

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

  /**
   * What a convolution does with its sums.
   *
   * @param to where y begins, of rectified sums the rising half
   * @param down where the falling half of rectified sums begins
   */
  static void write(
      Activation activation, float[] s, int at, float bias, float[] y, int to, int down, int n) {
    switch (activation) {
      case NONE -> writeSums(s, at, bias, y, to, n);
      case RELU -> writePositive(s, at, bias, y, to, n);
      case RECTIFY -> writeRectified(s, at, bias, y, to, down, n);
    }
  }

  /** y = s + bias. */
  private static void writeSums(float[] s, int at, float bias, float[] y, int to, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      FloatVector.fromArray(SPECIES, s, at + i).add(bias).intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] = s[at + i] + bias;
    }
  }

  /** y = max(s + bias, 0). */
  private static void writePositive(float[] s, int at, float bias, float[] y, int to, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      FloatVector.fromArray(SPECIES, s, at + i).add(bias).max(0).intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] = Math.max(s[at + i] + bias, 0);
    }
  }

  /** y at {@code up} = max(s + bias, 0), y at {@code down} = max(−s − bias, 0). */
  private static void writeRectified(
      float[] s, int at, float bias, float[] y, int up, int down, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, s, at + i).add(bias);
      sum.max(0).intoArray(y, up + i);
      sum.neg().max(0).intoArray(y, down + i);
    }
    for (; i < n; i++) {
      float value = s[at + i] + bias;
      y[up + i] = Math.max(value, 0);
      y[down + i] = Math.max(-value, 0);
    }
  }

  /** to = dY where y is positive, else 0. */
  static void readPositive(float[] y, float[] dY, int from, float[] to, int at, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      passed(y, dY, from + i).intoArray(to, at + i);
    }
    for (; i < n; i++) {
      to[at + i] = y[from + i] > 0 ? dY[from + i] : 0;
    }
  }

  /** to = the slope of the rising half less that of the falling half. */
  static void readRectified(float[] y, float[] dY, int up, int down, float[] to, int at, int n) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      passed(y, dY, up + i).sub(passed(y, dY, down + i)).intoArray(to, at + i);
    }
    for (; i < n; i++) {
      float rising = y[up + i] > 0 ? dY[up + i] : 0;
      float falling = y[down + i] > 0 ? dY[down + i] : 0;
      to[at + i] = rising - falling;
    }
  }

  private static FloatVector passed(float[] y, float[] dY, int from) {
    var positive = FloatVector.fromArray(SPECIES, y, from).compare(VectorOperators.GT, 0);
    return FloatVector.zero(SPECIES).blend(FloatVector.fromArray(SPECIES, dY, from), positive);
  }
}
