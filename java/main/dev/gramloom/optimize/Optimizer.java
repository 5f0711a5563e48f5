package dev.gramloom.optimize;

import dev.gramloom.tensor.Tensor;
import java.util.function.Supplier;

/** A way to make an {@link Objective} small. */
public interface Optimizer {
  /** Told after each iteration; x then holds the iterate. */
  interface Listener {
    /**
     * @param iteration from 1
     * @param value of the objective at x
     */
    void iterated(int iteration, double value);

    /**
     * Told once, before the objective is evaluated.
     *
     * @param state from which {@link #minimize} would go on; to be asked for, and read, only while
     *     the objective is being evaluated
     */
    default void begins(Supplier<OptimizerState> state) {}
  }

  /**
   * Moves x downhill.
   *
   * @param iterations at most; fewer where nothing is left to gain
   * @return the value at the final x, never above the value at the first
   */
  default double minimize(Objective objective, Tensor x, int iterations, Listener listener) {
    return minimize(objective, x, null, iterations, listener);
  }

  /**
   * Moves x downhill, and takes the very steps that an earlier call would have taken next.
   *
   * @param from that call's state, or null to begin at x
   * @param iterations at most, the earlier call's counted too
   * @return the value at the final x, never above the value at the first
   * @throws dev.gramloom.failure.Failure BAD_DATA if the state is not one of this optimiser's
   */
  double minimize(
      Objective objective, Tensor x, OptimizerState from, int iterations, Listener listener);

  /** How many tensors of x's shape {@link #minimize} holds at most, besides x. */
  int tensors();
}
