package dev.gramloom.image;

/**
 * What the numbers of a pixel mean: three planes to compute colours in, sRGB's encoding, 8-bit
 * levels, luma.
 *
 * <p>Planes are scaled so that black is 0 and white 1 in the first plane of a space that has light
 * apart; a grey pixel then has 0 in the other two. Values outside the range are converted too.
 */
public enum ColorSpace {
  /** sRGB-encoded red, green and blue, as an {@link Image} holds them. */
  RGB {
    @Override
    void fromRgb(double[] pixel) {
      // as it is
    }

    @Override
    void toRgb(double[] pixel) {
      // as it is
    }
  },

  /** Y'CbCr of Rec. ITU-R BT.709-6, section 3, full range: luma, blueness, redness. */
  YCBCR {
    @Override
    void fromRgb(double[] pixel) {
      double y = RED * pixel[0] + GREEN * pixel[1] + BLUE * pixel[2];
      double cb = (pixel[2] - y) / (2 * (1 - BLUE));
      double cr = (pixel[0] - y) / (2 * (1 - RED));
      set(pixel, y, cb, cr);
    }

    @Override
    void toRgb(double[] pixel) {
      double y = pixel[0];
      double blue = y + 2 * (1 - BLUE) * pixel[1];
      double red = y + 2 * (1 - RED) * pixel[2];
      set(pixel, red, (y - RED * red - BLUE * blue) / GREEN, blue);
    }
  },

  /** CIE L*a*b* of 1976 (CIE 15:2004, section 8.2.1) under sRGB's white D65, over 100. */
  LAB {
    @Override
    void fromRgb(double[] pixel) {
      double r = decode(pixel[0]);
      double g = decode(pixel[1]);
      double b = decode(pixel[2]);
      double x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / WHITE_X);
      double y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
      double z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / WHITE_Z);
      set(pixel, 1.16 * y - 0.16, 5 * (x - y), 2 * (y - z));
    }

    @Override
    void toRgb(double[] pixel) {
      double y = (pixel[0] + 0.16) / 1.16;
      double x = WHITE_X * inverseF(y + pixel[1] / 5);
      double z = WHITE_Z * inverseF(y - pixel[2] / 2);
      y = inverseF(y);
      // The inverse of IEC 61966-2-1's matrix above, to double precision.
      set(
          pixel,
          encoded(3.2406254773200533 * x - 1.5372079722103187 * y - 0.4986285986982479 * z),
          encoded(-0.9689307147293197 * x + 1.8757560608852415 * y + 0.041517523842953964 * z),
          encoded(0.055710120445510616 * x - 0.2040210505984867 * y + 1.0569959422543882 * z));
    }
  };

  private static final double RED = 0.2126; // shares of luma, Rec. 709
  private static final double GREEN = 0.7152;
  private static final double BLUE = 0.0722;
  private static final double WHITE_X = 0.4124 + 0.3576 + 0.1805;
  private static final double WHITE_Z = 0.0193 + 0.1192 + 0.9505;
  private static final double KNEE = 6.0 / 29; // below it L*a*b* is linear

  /** One pixel, in place, from sRGB-encoded red, green, blue. */
  abstract void fromRgb(double[] pixel);

  /** One pixel, in place, to sRGB-encoded red, green, blue; may leave 0..1. */
  abstract void toRgb(double[] pixel);

  /**
   * @param rgb [3][M], sRGB-encoded
   * @return [3][M]
   */
  public float[] fromRgb(float[] rgb) {
    return converted(rgb, this::fromRgb);
  }

  /**
   * @param planes [3][M]
   * @return [3][M], sRGB-encoded; values may leave 0..1
   */
  public float[] toRgb(float[] planes) {
    return converted(planes, this::toRgb);
  }

  private interface Conversion {
    void apply(double[] pixel);
  }

  private static float[] converted(float[] planes, Conversion conversion) {
    int m = planes.length / 3;
    float[] out = new float[planes.length];
    double[] pixel = new double[3];
    for (int i = 0; i < m; i++) {
      set(pixel, planes[i], planes[m + i], planes[2 * m + i]);
      conversion.apply(pixel);
      for (int c = 0; c < 3; c++) {
        out[c * m + i] = (float) pixel[c];
      }
    }
    return out;
  }

  private static void set(double[] pixel, double first, double second, double third) {
    pixel[0] = first;
    pixel[1] = second;
    pixel[2] = third;
  }

  private static double f(double t) {
    return t > KNEE * KNEE * KNEE ? Math.cbrt(t) : t / (3 * KNEE * KNEE) + 4 / 29.0;
  }

  private static double inverseF(double t) {
    return t > KNEE ? t * t * t : 3 * KNEE * KNEE * (t - 4 / 29.0);
  }

  /** sRGB-encoded to linear light, IEC 61966-2-1; goes on beyond 0..1. */
  private static double decode(double v) {
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  /** Linear light to sRGB-encoded, IEC 61966-2-1; goes on beyond 0..1. */
  private static double encoded(double v) {
    return v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
  }

  /**
   * Linear light to sRGB-encoded, IEC 61966-2-1.
   *
   * @param linear 0..1, clamped; not-a-number counts as 0
   */
  public static float encode(float linear) {
    return (float) encoded(Math.max(0, Math.min(1, Float.isNaN(linear) ? 0.0 : linear)));
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
    return (float) RED * red + (float) GREEN * green + (float) BLUE * blue;
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
