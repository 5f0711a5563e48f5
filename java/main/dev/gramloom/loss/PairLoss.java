package dev.gramloom.loss;

import dev.gramloom.tensor.Tensor;

/** A loss that looks at two sets of features, which may be one and the same. */
public interface PairLoss extends AutoCloseable {
  /**
   * Returns the loss and remembers what its gradients need.
   *
   * @param a features, [N][H][W]
   * @param b features, [K][H][W]
   */
  double value(Tensor a, Tensor b);

  /** dA [N][H][W] += the loss's derivative by A at the point of the last {@link #value}. */
  void addGradientOfRows(Tensor b, Tensor dA);

  /** dB [K][H][W] += the loss's derivative by B at the point of the last {@link #value}. */
  void addGradientOfColumns(Tensor a, Tensor dB);

  /** dA [N][H][W] += the loss's derivative by A for A = B. */
  void addGradientOfBoth(Tensor a, Tensor dA);

  @Override
  void close();
}
