package dev.gramloom.optimize;

import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Tensor;

/**
 * Adam (Kingma and Ba, arXiv:1412.6980), with a rate that falls to a tenth along a cosine.
 *
 * <p>It may climb on its way; the best point seen is what x holds at the end.
 */
public final class Adam implements Optimizer {
  private static final double LAST_SHARE = 0.1;

  private final Backend backend;
  private final double rate;

  /**
   * @param rate the first steps' length, in the unit of x
   */
  public Adam(Backend backend, double rate) {
    this.backend = backend;
    this.rate = rate;
  }

  @Override
  public double minimize(Objective objective, Tensor x, int iterations, Listener listener) {
    try (Tensor gradient = backend.zeros(x.shape());
        Tensor m = backend.zeros(x.shape());
        Tensor v = backend.zeros(x.shape());
        Tensor best = backend.zeros(x.shape())) {
      double value = objective.evaluate(x, gradient);
      double bestValue = value;
      backend.copy(x, best);
      for (int i = 1; i <= iterations; i++) {
        backend.adamStep(AdamRates.pixels(rate(i, iterations)), i, gradient, m, v, x);
        value = objective.evaluate(x, gradient);
        if (value < bestValue) {
          bestValue = value;
          backend.copy(x, best);
        }
        listener.iterated(i, value);
      }
      backend.copy(best, x);
      return bestValue;
    }
  }

  @Override
  public int tensors() {
    return 4; // gradient, m, v, best
  }

  private double rate(int iteration, int iterations) {
    double turn = StrictMath.cos(Math.PI * (iteration - 1) / iterations);
    return rate * (LAST_SHARE + (1 - LAST_SHARE) * (1 + turn) / 2);
  }
}
