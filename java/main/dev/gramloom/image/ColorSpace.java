package dev.gramloom.image;

/** What the numbers of a pixel mean: sRGB's encoding, 8-bit levels, luma. */
public final class ColorSpace {
  private ColorSpace() {}

  /**
   * Linear light to sRGB-encoded, IEC 61966-2-1.
   *
   * @param linear 0..1, clamped; not-a-number counts as 0
   */
  public static float encode(float linear) {
    double v = Math.max(0, Math.min(1, Float.isNaN(linear) ? 0 : linear));
    return (float) (v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055);
  }

  /**
   * The 8-bit level that a value is written as: rounded, clamped to 0..255.
   *
   * @throws IllegalArgumentException if the value is not a number
   */
  public static int level(float value) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("a pixel is not a number");
    }
    return Math.max(0, Math.min(255, Math.round(255 * value)));
  }

  /** Rec. 709 luma of encoded values, 0..1. */
  public static float luma(float red, float green, float blue) {
    return 0.2126f * red + 0.7152f * green + 0.0722f * blue;
  }

  /** Rec. 709 luma of a picture, [H][W]. */
  public static float[] luma(Image image) {
    int m = image.pixels();
    float[] rgb = image.rgb();
    float[] luma = new float[m];
    for (int i = 0; i < m; i++) {
      luma[i] = luma(rgb[i], rgb[m + i], rgb[2 * m + i]);
    }
    return luma;
  }
}
