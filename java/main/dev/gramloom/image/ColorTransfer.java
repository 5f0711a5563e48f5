package dev.gramloom.image;

import dev.gramloom.color.ColorMatching;
import dev.gramloom.color.LinearColors;

/**
 * Gives a picture the colours of another one.
 *
 * <p>Where the map of colours leads out of 0..1, clamping changes mean and covariance; so the map
 * is found and applied again to what was clamped, until both are near the palette's. (To aim one
 * map at more than is wanted instead leaves a tenth to a quarter of the covariance missing.)
 *
 * @param method what of the colours is taken
 * @param space the planes in which it is computed; linear and histogram match the statistics of
 *     these planes, so only RGB, and YCbCr as its linear image, promise those of RGB
 */
public record ColorTransfer(Method method, ColorSpace space) {
  private static final int ROUNDS = 40; // a photograph in far brighter colours takes 25
  private static final double CLOSE_MEAN = 1; // levels
  private static final double CLOSE_COVARIANCE = 0.025;

  /** The most that {@link Method#LINEAR} stretches a colour axis by. */
  private static final double STRONGEST = 16;

  private static final int HALVINGS = 16; // 2^-16 of a colour's strength is below a level

  /** What of the palette's colours is taken. */
  public enum Method {
    /**
     * The source's light, pixel by pixel with the palette's hue and strength at the same place
     * (Gatys et al. 2016, arXiv:1606.05897, section 4.2). Colours that no RGB has at that light are
     * weakened until one has them; their hue and light stay.
     */
    LUMINANCE(ColorSpace.YCBCR),
    /** Mean and covariance (the same, section 4.1), see {@link LinearColors}. */
    LINEAR(ColorSpace.RGB),
    /** The whole distribution, see {@link ColorMatching}. */
    HISTOGRAM(ColorSpace.RGB);

    private final ColorSpace usual;

    Method(ColorSpace usual) {
      this.usual = usual;
    }

    /** The space to compute it in where nobody asks for another. */
    public ColorSpace usualSpace() {
      return usual;
    }

    /** Whether it can be computed there. */
    public boolean worksIn(ColorSpace space) {
      return this != LUMINANCE || space != ColorSpace.RGB;
    }
  }

  /**
   * @throws IllegalArgumentException if the method does not work in the space
   */
  public ColorTransfer {
    if (!method.worksIn(space)) {
      throw new IllegalArgumentException(space + " has no plane of light");
    }
  }

  /**
   * Returns the source in the palette's colours.
   *
   * <p>Only pixels that the masks keep are counted; all are changed. Every pixel is changed by one
   * map of colours, whatever its place, or takes the colour of its own place: pictures that tile
   * still tile.
   *
   * @return values within 0..1, with the source's mask
   * @throws IllegalArgumentException if a mask keeps no pixel, or if the method is luminance and
   *     the sizes differ
   */
  public Image apply(Image source, Image palette) {
    return method == Method.LUMINANCE ? lit(source, palette) : matched(source, palette);
  }

  /**
   * Returns the source with the palette's colours where it is marked. Pixels marked at least half
   * as much as any are counted, and all are changed as much as they are marked.
   *
   * @param share [H][W], 0..1, not 0 everywhere
   * @throws IllegalArgumentException as {@link #apply(Image, Image)}
   */
  public Image apply(Image source, Image palette, float[] share) {
    Image marked = marked(source, share);
    return source.under(apply(marked, palette), share);
  }

  /** The picture narrowed to pixels marked at least half as much as any. */
  public static Image marked(Image image, float[] share) {
    float most = 0;
    for (float s : share) {
      most = Math.max(most, s);
    }
    float[] mask = new float[share.length];
    for (int i = 0; i < share.length; i++) {
      mask[i] = most > 0 && share[i] >= most / 2 && image.uses(i) ? 1 : 0;
    }
    return new Image(image.height(), image.width(), image.rgb(), mask);
  }

  private Image matched(Image source, Image palette) {
    Image wanted = with(palette, space.fromRgb(palette.rgb()));
    ColorStatistics aim = ColorStatistics.of(wanted);
    Image picture = source;
    for (int round = 0; round < ROUNDS; round++) {
      Image planes = with(picture, space.fromRgb(picture.rgb()));
      ColorStatistics now = ColorStatistics.of(planes);
      if (round > 0 && isClose(now, aim)) {
        break;
      }
      float[] moved =
          method == Method.LINEAR
              ? LinearColors.between(now.moments(), aim.moments(), STRONGEST).apply(planes.rgb())
              : ColorMatch.match(planes, wanted).rgb();
      picture = with(picture, space.toRgb(moved)).clamped();
    }
    return picture;
  }

  private static boolean isClose(ColorStatistics now, ColorStatistics aim) {
    return now.meanDistance(aim) < CLOSE_MEAN && !(now.covarianceDistance(aim) > CLOSE_COVARIANCE);
  }

  private Image lit(Image source, Image palette) {
    if (source.height() != palette.height() || source.width() != palette.width()) {
      throw new IllegalArgumentException(
          "light of %d x %d pixels, colours of %d x %d"
              .formatted(source.width(), source.height(), palette.width(), palette.height()));
    }
    int m = source.pixels();
    float[] light = space.fromRgb(source.rgb());
    float[] colors = space.fromRgb(palette.rgb());
    float[] rgb = new float[3 * m];
    double[] pixel = new double[3];
    for (int i = 0; i < m; i++) {
      strongest(light[i], colors[m + i], colors[2 * m + i], pixel);
      for (int c = 0; c < 3; c++) {
        rgb[c * m + i] = (float) pixel[c];
      }
    }
    return with(source, rgb).clamped();
  }

  /** The RGB pixel of that light and hue, as strong as asked for or as RGB allows. */
  private void strongest(double light, double first, double second, double[] pixel) {
    double possible = 0;
    double impossible = 1;
    double share = 1;
    for (int k = 0; k < HALVINGS && possible < 1; k++) {
      if (exists(light, share * first, share * second, pixel)) {
        possible = share;
      } else {
        impossible = share;
      }
      share = (possible + impossible) / 2;
    }
    exists(light, possible * first, possible * second, pixel);
  }

  private boolean exists(double light, double first, double second, double[] pixel) {
    pixel[0] = light;
    pixel[1] = first;
    pixel[2] = second;
    space.toRgb(pixel);
    double slack = 1e-6; // a white pixel's own rounding
    return Math.min(pixel[0], Math.min(pixel[1], pixel[2])) >= -slack
        && Math.max(pixel[0], Math.max(pixel[1], pixel[2])) <= 1 + slack;
  }

  private static Image with(Image image, float[] planes) {
    return new Image(image.height(), image.width(), planes, image.mask());
  }
}
