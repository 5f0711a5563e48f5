package dev.gramloom.optimize;

import dev.gramloom.tensor.Tensor;

/** A way to make an {@link Objective} small. */
public interface Optimizer {
  /** Told after each iteration; x then holds the iterate. */
  interface Listener {
    /**
     * @param iteration from 1
     * @param value of the objective at x
     */
    void iterated(int iteration, double value);
  }

  /**
   * Moves x downhill.
   *
   * @param iterations at most; fewer where nothing is left to gain
   * @return the value at the final x, never above the value at the first
   */
  double minimize(Objective objective, Tensor x, int iterations, Listener listener);

  /** How many tensors of x's shape {@link #minimize} holds at most, besides x. */
  int tensors();
}
