package dev.gramloom.tensor;

/** Size of a float32 array as its users see it: [C][H][W], width varying fastest. */
public record Shape(int channels, int height, int width) {
  /**
   * @throws IllegalArgumentException unless every dimension is at least 1
   */
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "every dimension must be at least 1, got [%d][%d][%d]"
              .formatted(channels, height, width));
    }
  }

  /** A matrix, stored as a single channel. */
  public static Shape matrix(int rows, int columns) {
    return new Shape(1, rows, columns);
  }

  /** Pixels in one channel, M. */
  public int pixels() {
    return Math.multiplyExact(height, width);
  }

  /** Floats in the whole array; on a GPU this may pass the 2³¹ of a Java array. */
  public long size() {
    return (long) channels * pixels();
  }

  /** The same picture size with another number of channels. */
  public Shape withChannels(int count) {
    return new Shape(count, height, width);
  }

  @Override
  public String toString() {
    return "[%d][%d][%d]".formatted(channels, height, width);
  }
}
