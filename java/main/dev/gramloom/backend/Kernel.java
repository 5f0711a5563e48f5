package dev.gramloom.backend;

/**
 * The numbers of a convolution: cross-correlation, stride 1, "same" size.
 *
 * @param outputs filters, K
 * @param inputs channels each filter reads, C
 * @param size side of a filter in pixels, odd
 * @param weights [K][C][size][size]; zeros cost nothing on the fast backends
 * @param bias [K]
 */
public record Kernel(int outputs, int inputs, int size, float[] weights, float[] bias) {
  /**
   * @throws IllegalArgumentException if the arrays do not fit the sizes or the side is even
   */
  public Kernel {
    if (size % 2 == 0) {
      throw new IllegalArgumentException("a filter's side must be odd, got " + size);
    }
    if (weights.length != outputs * inputs * size * size || bias.length != outputs) {
      throw new IllegalArgumentException(
          "[%d][%d][%d][%d] needs %d weights and %d biases, got %d and %d"
              .formatted(
                  outputs,
                  inputs,
                  size,
                  size,
                  outputs * inputs * size * size,
                  outputs,
                  weights.length,
                  bias.length));
    }
  }

  /** Multiply-adds for a pixel of the picture: zeros cost none. Looks at every weight. */
  public long multiplyAdds() {
    long count = 0;
    for (float weight : weights) {
      if (weight != 0) {
        count++;
      }
    }
    return count;
  }

  /** Pixels a filter reaches beyond its centre. */
  public int radius() {
    return size / 2;
  }

  /** Weight of filter {@code k} for channel {@code c} at row {@code i}, column {@code j}. */
  public float weight(int k, int c, int i, int j) {
    return weights[((k * inputs + c) * size + i) * size + j];
  }
}
