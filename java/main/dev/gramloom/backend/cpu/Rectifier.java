package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;

import dev.gramloom.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * An activation both ways, pixel by pixel: from sums to a convolution's output, and from the
 * output's gradient to the sums'.
 */
final class Rectifier {
  private final Activation activation;
  private final float[] bias;
  private final int count; // sums of a pixel, K
  private final float[] y; // of K or 2K channels
  private final int pitch;

  /**
   * @param bias [K]
   * @param y the convolution's output
   */
  Rectifier(Activation activation, float[] bias, CpuTensor y) {
    this.activation = activation;
    this.bias = bias;
    this.count = bias.length;
    this.y = y.values();
    this.pitch = y.pitch();
  }

  /**
   * y = activation(sums + bias), and zeros in the padding.
   *
   * @param step floats from a pixel's sums to the next's
   * @param first pixel of y
   */
  void write(float[] sums, int at, int step, int first, int pixels) {
    boolean rectifies = activation == Activation.RECTIFY;
    boolean padded = pitch > (rectifies ? 2 : 1) * count;
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int i = 0; i < pixels; i++) {
      int from = at + i * step;
      int to = (first + i) * pitch;
      for (int j = padded ? pitch - CpuTensor.LINE : pitch; j < pitch; j += LANES) {
        zero.intoArray(y, to + j); // channels that are among them come after
      }
      if (rectifies) {
        writeHalf(sums, from, 1, 0, to);
        writeHalf(sums, from, -1, 0, to + count);
      } else {
        float floor = activation == Activation.RELU ? 0 : Float.NEGATIVE_INFINITY;
        writeHalf(sums, from, 1, floor, to);
      }
    }
  }

  private void writeHalf(float[] sums, int from, float sign, float floor, int to) {
    if (count < LANES) {
      for (int i = 0; i < count; i++) {
        y[to + i] = Math.max(sign * (sums[from + i] + bias[i]), floor);
      }
      return;
    }
    for (int next = 0; next < count; next += LANES) {
      int i = Math.min(next, count - LANES); // the last vector may repeat some of the one before
      FloatVector sum = FloatVector.fromArray(SPECIES, sums, from + i);
      sum = sum.add(FloatVector.fromArray(SPECIES, bias, i)).mul(sign);
      sum.max(floor).intoArray(y, to + i);
    }
  }

  /**
   * The sums' slopes: dY where y is positive; of both halves of a wave the rising one's less the
   * falling one's.
   *
   * @param first pixel of y and dY
   * @param slopes [pixels][step]; only K of a pixel are written
   */
  void slopes(CpuTensor dY, int first, int pixels, float[] slopes, int step) {
    float[] d = dY.values();
    for (int i = 0; i < pixels; i++) {
      int from = (first + i) * pitch;
      int to = i * step;
      switch (activation) {
        case NONE -> System.arraycopy(d, from, slopes, to, count);
        case RELU -> passed(d, from, slopes, to);
        case RECTIFY -> passedBoth(d, from, slopes, to);
      }
    }
  }

  private void passed(float[] d, int from, float[] slopes, int to) {
    FloatVector zero = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      VectorMask<Float> positive = FloatVector.fromArray(SPECIES, y, from + i).compare(GT, 0);
      FloatVector slope = FloatVector.fromArray(SPECIES, d, from + i);
      zero.blend(slope, positive).intoArray(slopes, to + i);
    }
    for (; i < count; i++) {
      slopes[to + i] = y[from + i] > 0 ? d[from + i] : 0;
    }
  }

  private void passedBoth(float[] d, int from, float[] slopes, int to) {
    int down = from + count;
    if (count < LANES) {
      for (int i = 0; i < count; i++) {
        float rising = y[from + i] > 0 ? d[from + i] : 0;
        float falling = y[down + i] > 0 ? d[down + i] : 0;
        slopes[to + i] = rising - falling;
      }
      return;
    }
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int next = 0; next < count; next += LANES) {
      int i = Math.min(next, count - LANES);
      VectorMask<Float> rises = FloatVector.fromArray(SPECIES, y, from + i).compare(GT, 0);
      VectorMask<Float> falls = FloatVector.fromArray(SPECIES, y, down + i).compare(GT, 0);
      FloatVector rising = zero.blend(FloatVector.fromArray(SPECIES, d, from + i), rises);
      FloatVector falling = zero.blend(FloatVector.fromArray(SPECIES, d, down + i), falls);
      rising.sub(falling).intoArray(slopes, to + i);
    }
  }
}
