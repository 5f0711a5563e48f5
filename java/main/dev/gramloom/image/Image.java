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

  /** The picture with its values brought into 0..1. */
  public Image clamped() {
    float[] inside = new float[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      inside[i] = Math.min(1, Math.max(0, rgb[i]));
    }
    return new Image(height, width, inside, mask);
  }

  /**
   * This picture where {@code share} is 0, another one where it is 1, and a mixture between.
   *
   * @param over of the same size
   * @param share [H][W], 0..1
   * @throws IllegalArgumentException if a size differs
   */
  public Image under(Image over, float[] share) {
    int m = pixels();
    if (over.height != height || over.width != width || share.length != m) {
      throw new IllegalArgumentException(
          "%d x %d under %d x %d with %d shares"
              .formatted(width, height, over.width, over.height, share.length));
    }
    float[] mixed = new float[3 * m];
    for (int i = 0; i < 3 * m; i++) {
      mixed[i] = (1 - share[i % m]) * rgb[i] + share[i % m] * over.rgb[i];
    }
    return new Image(height, width, mixed, mask);
  }
}
