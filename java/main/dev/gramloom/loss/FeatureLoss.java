package dev.gramloom.loss;

import dev.gramloom.tensor.Tensor;
import java.util.function.DoubleSupplier;

/** A loss that looks at one set of features. */
public interface FeatureLoss extends AutoCloseable {
  /**
   * Returns the loss and remembers what its gradient needs.
   *
   * @param features [C][H][W]
   */
  double value(Tensor features);

  /** {@link #value}, to be read later where the loss {@link #repeats}. */
  default DoubleSupplier later(Tensor features) {
    double value = value(features);
    return () -> value;
  }

  /**
   * Whether all it does is to call verbs, on tensors that it keeps, so that a {@link
   * dev.gramloom.backend.Program} can repeat it.
   */
  default boolean repeats() {
    return false;
  }

  /** dF [C][H][W] += the loss's derivative at the point of the last {@link #value}. */
  void addGradient(Tensor dF);

  @Override
  void close();
}
