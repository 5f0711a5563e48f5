package dev.gramloom.metric;

import dev.gramloom.image.ColorSpace;
import dev.gramloom.image.Image;

/**
 * How far a picture's colours are from the exemplar's, channel by channel, as they are written.
 *
 * <p>Both pictures are rounded to 8 bits; their sizes may differ; pixels outside a mask do not
 * count. The distance is the earth mover's: the mean number of levels of 255 by which a pixel's
 * channel would have to change (the area between the two cumulative histograms).
 *
 * @param red levels
 * @param green levels
 * @param blue levels
 * @param clipped share, 0..1, of the picture's channel values that are 0 or 255
 * @param exemplarClipped the same for the exemplar
 */
public record ColorDistance(
    double red, double green, double blue, double clipped, double exemplarClipped) {
  private static final int LEVELS = 256;

  /**
   * Measures.
   *
   * @throws IllegalArgumentException if a mask keeps no pixel or a pixel is not a number
   */
  public static ColorDistance between(Image picture, Image exemplar) {
    double[][] a = histograms(picture);
    double[][] b = histograms(exemplar);
    return new ColorDistance(
        earthMover(a[0], b[0]),
        earthMover(a[1], b[1]),
        earthMover(a[2], b[2]),
        clipped(a),
        clipped(b));
  }

  /** Mean of the three channels, levels. */
  public double mean() {
    return (red + green + blue) / 3;
  }

  /** The worst of the three channels, levels. */
  public double worst() {
    return Math.max(red, Math.max(green, blue));
  }

  /** [3][256], each row sums to 1. */
  private static double[][] histograms(Image image) {
    int m = image.pixels();
    double[][] counts = new double[3][LEVELS];
    int used = 0;
    for (int i = 0; i < m; i++) {
      if (image.uses(i)) {
        used++;
        for (int c = 0; c < 3; c++) {
          counts[c][ColorSpace.level(image.rgb()[c * m + i])]++;
        }
      }
    }
    if (used == 0) {
      throw new IllegalArgumentException("the mask keeps none of %d pixels".formatted(m));
    }
    for (double[] channel : counts) {
      for (int level = 0; level < LEVELS; level++) {
        channel[level] /= used;
      }
    }
    return counts;
  }

  private static double earthMover(double[] a, double[] b) {
    double ahead = 0;
    double moved = 0;
    for (int level = 0; level < LEVELS - 1; level++) {
      ahead += a[level] - b[level];
      moved += Math.abs(ahead);
    }
    return moved;
  }

  private static double clipped(double[][] histograms) {
    double sum = 0;
    for (double[] channel : histograms) {
      sum += channel[0] + channel[LEVELS - 1];
    }
    return sum / 3;
  }
}
