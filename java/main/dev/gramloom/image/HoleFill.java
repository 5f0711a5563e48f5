package dev.gramloom.image;

/**
 * Gives masked pixels smooth colours that continue their surroundings, so that a convolution that
 * reaches over a hole's rim sees no edge.
 *
 * <p>Push-pull (Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.4): used pixels are
 * averaged into ever coarser pictures until the holes close, and the coarser colours are pulled
 * back bilinearly into the holes.
 */
public final class HoleFill {
  private HoleFill() {}

  /**
   * Returns the picture with the colours under its mask replaced; the mask stays, used pixels stay.
   *
   * @throws IllegalArgumentException if the mask keeps no pixel
   */
  public static Image fill(Image image) {
    if (image.mask() == null) {
      return image;
    }
    boolean any = false;
    for (int i = 0; i < image.pixels() && !any; i++) {
      any = image.uses(i);
    }
    if (!any) {
      throw new IllegalArgumentException(
          "the mask keeps none of %d pixels".formatted(image.pixels()));
    }
    return new Image(image.height(), image.width(), filled(image), image.mask());
  }

  /** [3][H][W] without holes. */
  private static float[] filled(Image image) {
    if (image.pixels() == 1) {
      return image.rgb();
    }
    Image coarse = pushed(image);
    float[] behind = filled(coarse);
    int m = image.pixels();
    float[] out = image.rgb().clone();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int i = y * image.width() + x;
        for (int c = 0; c < 3 && !image.uses(i); c++) {
          out[c * m + i] = pulled(behind, coarse, c, y, x);
        }
      }
    }
    return out;
  }

  /** Half the size, rounded up: the mean of the used ones of 2x2 pixels, used if any of them is. */
  private static Image pushed(Image fine) {
    int height = (fine.height() + 1) / 2;
    int width = (fine.width() + 1) / 2;
    int m = fine.pixels();
    int n = height * width;
    float[] rgb = new float[3 * n];
    float[] mask = new float[n];
    float[] count = new float[n];
    for (int i = 0; i < m; i++) {
      int to = i / fine.width() / 2 * width + i % fine.width() / 2;
      if (fine.uses(i)) {
        mask[to] = 1;
        count[to]++;
        for (int c = 0; c < 3; c++) {
          rgb[c * n + to] += fine.rgb()[c * m + i];
        }
      }
    }
    for (int i = 0; i < 3 * n; i++) {
      rgb[i] /= Math.max(1, count[i % n]);
    }
    return new Image(height, width, rgb, mask);
  }

  /** Channel c of the coarse colours, bilinearly at the fine pixel (y, x). */
  private static float pulled(float[] rgb, Image coarse, int c, int y, int x) {
    int y0 = Math.max(0, (y - 1) >> 1);
    int x0 = Math.max(0, (x - 1) >> 1);
    int y1 = Math.min(coarse.height() - 1, (y + 1) >> 1);
    int x1 = Math.min(coarse.width() - 1, (x + 1) >> 1);
    float down = (y & 1) == 0 ? 0.75f : 0.25f; // share of row y1
    float right = (x & 1) == 0 ? 0.75f : 0.25f;
    int at = c * coarse.pixels();
    int w = coarse.width();
    float top = (1 - right) * rgb[at + y0 * w + x0] + right * rgb[at + y0 * w + x1];
    float bottom = (1 - right) * rgb[at + y1 * w + x0] + right * rgb[at + y1 * w + x1];
    return (1 - down) * top + down * bottom;
  }
}
