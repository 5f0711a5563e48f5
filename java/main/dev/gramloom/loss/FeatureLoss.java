package dev.gramloom.loss;

import dev.gramloom.tensor.Tensor;

/** A loss that looks at one set of features. */
public interface FeatureLoss extends AutoCloseable {
  /**
   * Returns the loss and remembers what its gradient needs.
   *
   * @param features [C][H][W]
   */
  double value(Tensor features);

  /** dF [C][H][W] += the loss's derivative at the point of the last {@link #value}. */
  void addGradient(Tensor dF);

  @Override
  void close();
}
