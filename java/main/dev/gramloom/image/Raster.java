package dev.gramloom.image;

import java.util.Arrays;

/** Pixels on their way out of a file: red, green, blue and alpha, 0..1, opaque at first. */
final class Raster {
  private static final float OPAQUE = 0.99f;

  private final int width;
  private final int height;
  private final float[] rgb; // [3][H][W]
  private final float[] alpha; // [H][W]; null in formats without

  /**
   * @throws dev.gramloom.failure.Failure as {@link PictureBytes#requireSize}
   */
  Raster(PictureBytes in, long width, long height, boolean hasAlpha) {
    in.requireSize(width, height);
    this.width = (int) width;
    this.height = (int) height;
    rgb = new float[3 * this.width * this.height];
    alpha = hasAlpha ? new float[this.width * this.height] : null;
    if (hasAlpha) {
      Arrays.fill(alpha, 1);
    }
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int pixels() {
    return width * height;
  }

  /** Sets the colour of pixel {@code i} = y·W + x. */
  void color(int i, float red, float green, float blue) {
    int m = width * height;
    rgb[i] = red;
    rgb[m + i] = green;
    rgb[2 * m + i] = blue;
  }

  /** The colour of a pixel from 8-bit levels, 0xRRGGBB. */
  void color(int i, int levels) {
    color(i, (levels >> 16 & 255) / 255f, (levels >> 8 & 255) / 255f, (levels & 255) / 255f);
  }

  /** Sets one of red, green, blue, alpha. */
  void channel(int channel, int i, float value) {
    (channel < 3 ? rgb : alpha)[channel < 3 ? channel * width * height + i : i] = value;
  }

  float channel(int channel, int i) {
    return channel < 3 ? rgb[channel * width * height + i] : alpha[i];
  }

  void alpha(int i, float value) {
    alpha[i] = value;
  }

  /**
   * The picture; what is not fully opaque is outside its mask.
   *
   * @param alphaIsMeant false where all-zero alpha means an unused fourth byte, as in many TGAs
   * @throws dev.gramloom.failure.Failure BAD_DATA if no pixel is opaque
   */
  Image image(PictureBytes in, boolean alphaIsMeant) {
    if (alpha == null) {
      return new Image(height, width, rgb);
    }
    int opaque = 0;
    float most = 0;
    for (int i = 0; i < alpha.length; i++) {
      most = Math.max(most, alpha[i]);
      alpha[i] = alpha[i] > OPAQUE ? 1 : 0;
      opaque += (int) alpha[i];
    }
    if (opaque == alpha.length || (most == 0 && !alphaIsMeant)) {
      return new Image(height, width, rgb);
    }
    if (opaque == 0) {
      throw in.refusal("has no opaque pixel; at least one is wanted");
    }
    return new Image(height, width, rgb, alpha);
  }
}
