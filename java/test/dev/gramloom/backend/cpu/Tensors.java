package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Shape;
import java.util.Arrays;

/** Tensors of the CPU engine to test with. */
final class Tensors {
  private Tensors() {}

  /** Values between −1 and 1, zeros in the padding. */
  static CpuTensor random(Shape shape, long seed) {
    return CpuTensor.copyOf(shape, TestBackends.random(shape.size(), seed));
  }

  /** NaN everywhere, in the padding too. */
  static CpuTensor dirty(Shape shape) {
    CpuTensor tensor = CpuTensor.zeros(shape);
    Arrays.fill(tensor.values(), Float.NaN);
    return tensor;
  }

  /** Every verb leaves zeros behind the last channel of a pixel. */
  static void assertPaddingIsZero(CpuTensor x) {
    for (int i = 0; i < x.length(); i++) {
      assertTrue(i % x.pitch() < x.channels() || x.values()[i] == 0, "padding at " + i);
    }
  }

  /** Relative L2, which grows with the square root of the terms of a sum. */
  static void assertNear(float[] expected, float[] actual, double terms) {
    double error = TestBackends.relativeError(actual, expected);
    double allowed = 1e-6 * Math.max(1, Math.sqrt(terms));
    assertTrue(error <= allowed, () -> error + " > " + allowed);
  }
}
