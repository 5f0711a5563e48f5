package dev.gramloom.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Tensor;
import java.util.function.ToDoubleFunction;

/** Holds a gradient against central differences. */
public final class Slopes {
  private Slopes() {}

  /**
   * The slope along random directions, and along the gradient itself, is what differences say.
   *
   * @param x left as it was
   * @param gradient at x, as claimed
   * @param step longest change of a single value
   * @param tolerance relative to the steepest slope there is
   */
  public static void assertGradient(
      Backend backend,
      ToDoubleFunction<Tensor> function,
      Tensor x,
      Tensor gradient,
      double step,
      double tolerance) {
    assertTrue(backend.dot(gradient, gradient) > 0, "the gradient is zero");
    Tensor unit = backend.zeros(x.shape());
    backend.copy(gradient, unit);
    float longest = 0;
    for (float value : gradient.toArray()) {
      longest = Math.max(longest, Math.abs(value));
    }
    backend.scale(1 / longest, unit);
    assertSlope(backend, function, x, gradient, unit, step, tolerance);
    for (int seed = 1; seed <= 2; seed++) {
      Tensor random = TestBackends.random(backend, x.shape(), 1000 + seed);
      assertSlope(backend, function, x, gradient, random, step, tolerance);
    }
  }

  private static void assertSlope(
      Backend backend,
      ToDoubleFunction<Tensor> function,
      Tensor x,
      Tensor gradient,
      Tensor direction,
      double step,
      double tolerance) {
    Tensor moved = backend.zeros(x.shape());
    backend.copy(x, moved);
    backend.addScaled((float) step, direction, moved);
    double ahead = function.applyAsDouble(moved);
    backend.copy(x, moved);
    backend.addScaled((float) -step, direction, moved);
    double behind = function.applyAsDouble(moved);
    double slope = (ahead - behind) / (2 * step);
    double length = Math.sqrt(backend.dot(direction, direction));
    double steepest = length * Math.sqrt(backend.dot(gradient, gradient));
    assertEquals(slope, backend.dot(gradient, direction), tolerance * steepest);
  }
}
