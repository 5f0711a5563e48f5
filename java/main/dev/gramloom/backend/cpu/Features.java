package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.CpuTensor.values;
import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import dev.gramloom.backend.Masked;
import dev.gramloom.backend.Shapes;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntFunction;
import jdk.incubator.vector.FloatVector;

/**
 * Features as they enter a product: less their centre, where they have one, times their mask.
 *
 * @param x [M][C]
 * @param centre [C], or null for zero
 * @param mask [M], or null for one
 */
record Features(CpuTensor x, float[] centre, float[] mask) {
  /** The whole picture's. */
  Features(CpuTensor x, float[] centre) {
    this(x, centre, null);
  }

  static Features of(Tensor x, Tensor centre) {
    return new Features(CpuTensor.of(x), centre == null ? null : values(centre));
  }

  static Features of(Masked masked) {
    Shapes.expect("mask", masked.x().shape().withChannels(1), masked.mask());
    Features whole = of(masked.x(), masked.centre());
    return new Features(whole.x, whole.centre, values(masked.mask()));
  }

  /**
   * Some pixels as a matrix, [pixels][pitch], C filled up with zeros.
   *
   * @param at where the first pixel is
   */
  record Run(float[] values, int at) {}

  int channels() {
    return x.channels();
  }

  /** Floats from a pixel of a {@link Run} to the next: whole lines of the cache, at least one. */
  int pitch() {
    return Math.max(CpuTensor.LINE, x.pitch());
  }

  boolean sameAs(Features other) {
    return other.x.values() == x.values()
        && other.centre == centre
        && other.mask == mask
        && other.channels() == channels();
  }

  /**
   * Pixels {@code from} to {@code from + length}: where they lie, or copied.
   *
   * @param memory an array of at least so many floats
   */
  Run run(int from, int length, IntFunction<float[]> memory) {
    if (centre == null && mask == null && x.pitch() == pitch()) {
      return new Run(x.values(), from * x.pitch());
    }
    int pitch = pitch();
    float[] to = memory.apply((length + 1) * pitch);
    if (x.pitch() == pitch && mask != null) {
      masked(from, length, to);
      return new Run(to, 0);
    }
    if (x.pitch() == pitch) {
      float[] less = centred(to, length * pitch);
      subtract(x.values(), from * pitch, less, length * pitch, to, pitch);
      return new Run(to, 0);
    }
    Arrays.fill(to, 0, length * pitch, 0);
    for (int i = 0; i < length; i++) {
      float factor = mask == null ? 1 : mask[from + i];
      for (int c = 0; c < channels(); c++) {
        float less = centre == null ? 0 : centre[c];
        to[i * pitch + c] = (x.values()[(from + i) * x.pitch() + c] - less) * factor;
      }
    }
    return new Run(to, 0);
  }

  /** Pixels, [length][pitch], with room for the centre behind them. */
  private void masked(int from, int length, float[] to) {
    int pitch = pitch();
    float[] less = centre == null ? null : centred(to, length * pitch);
    for (int i = 0; i < length; i++) {
      float factor = mask[from + i];
      for (int c = 0; c < pitch; c += LANES) {
        FloatVector value = FloatVector.fromArray(SPECIES, x.values(), (from + i) * pitch + c);
        if (less != null) {
          value = value.sub(FloatVector.fromArray(SPECIES, less, length * pitch + c));
        }
        value.mul(factor).intoArray(to, i * pitch + c);
      }
    }
  }

  /** Puts the centre, filled up with zeros, behind a run. */
  private float[] centred(float[] to, int at) {
    System.arraycopy(centre, 0, to, at, channels());
    Arrays.fill(to, at + channels(), at + pitch(), 0);
    return to;
  }

  private static void subtract(float[] x, int from, float[] less, int at, float[] to, int pitch) {
    int length = at;
    for (int i = 0, c = 0; i < length; i += LANES) {
      FloatVector value = FloatVector.fromArray(SPECIES, x, from + i);
      value.sub(FloatVector.fromArray(SPECIES, less, at + c)).intoArray(to, i);
      c += LANES;
      if (c == pitch) {
        c = 0;
      }
    }
  }
}
