package dev.gramloom.optimize;

import dev.gramloom.tensor.Tensor;

/** A function of a tensor that is to become small. */
public interface Objective {
  /**
   * Returns the value at x.
   *
   * @param gradient of x's shape; overwritten with the derivative
   */
  double evaluate(Tensor x, Tensor gradient);
}
