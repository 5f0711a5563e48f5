package dev.gramloom.loss;

import dev.gramloom.tensor.Tensor;
import java.util.function.DoubleSupplier;

/** A loss that looks at two sets of features, which may be one and the same. */
public interface PairLoss extends AutoCloseable {
  /**
   * Returns the loss and remembers what its gradients need.
   *
   * @param a features, [N][H][W]
   * @param b features, [K][H][W]
   */
  double value(Tensor a, Tensor b);

  /** {@link #value}, to be read later where the loss {@link #repeats}. */
  default DoubleSupplier later(Tensor a, Tensor b) {
    double value = value(a, b);
    return () -> value;
  }

  /**
   * Whether all it does is to call verbs, on tensors that it keeps, so that a {@link
   * dev.gramloom.backend.Program} can repeat it.
   */
  default boolean repeats() {
    return false;
  }

  /** dA [N][H][W] += the loss's derivative by A at the point of the last {@link #value}. */
  void addGradientOfRows(Tensor b, Tensor dA);

  /** dB [K][H][W] += the loss's derivative by B at the point of the last {@link #value}. */
  void addGradientOfColumns(Tensor a, Tensor dB);

  /** dA [N][H][W] += the loss's derivative by A for A = B. */
  void addGradientOfBoth(Tensor a, Tensor dA);

  @Override
  void close();
}
