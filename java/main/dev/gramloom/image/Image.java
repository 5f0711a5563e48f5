package dev.gramloom.image;

/**
 * A picture in memory.
 *
 * @param height pixels, at least 1
 * @param width pixels, at least 1
 * @param rgb [3][H][W], width fastest, sRGB-encoded, 0..1; values outside are kept until written
 * @param mask [H][W], 1 = belongs to the texture, 0 = to be ignored; null where all of it belongs
 */
public record Image(int height, int width, float[] rgb, float[] mask) {
  /**
   * @throws IllegalArgumentException if an array does not fit the size
   */
  public Image {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("a picture of %d x %d".formatted(width, height));
    }
    if (rgb.length != 3 * height * width) {
      throw new IllegalArgumentException(
          "%d x %d pixels need %d values, got %d"
              .formatted(width, height, 3 * height * width, rgb.length));
    }
    if (mask != null && mask.length != height * width) {
      throw new IllegalArgumentException(
          "%d x %d pixels need %d mask values, got %d"
              .formatted(width, height, height * width, mask.length));
    }
  }

  /** A picture that is texture all over. */
  public Image(int height, int width, float[] rgb) {
    this(height, width, rgb, null);
  }

  /** Pixels, M. */
  public int pixels() {
    return height * width;
  }

  /** Whether pixel {@code i} = y·W + x belongs to the texture. */
  public boolean uses(int i) {
    return mask == null || mask[i] > 0;
  }
}
