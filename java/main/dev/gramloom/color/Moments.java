package dev.gramloom.color;

/**
 * Mean and covariance of colours.
 *
 * <p>Sums are double, in an order that a GPU can keep too, so that whoever sums gets the same bits:
 * pixel i goes to lane i mod {@link #LANES}; each lane adds its pixels in their order, and the
 * lanes are added in theirs.
 *
 * @param count how many pixels count
 * @param mean [3] red, green, blue
 * @param covariance [3][3], divided by the count
 */
public record Moments(int count, double[] mean, double[][] covariance) {
  /** How many sums grow side by side. */
  public static final int LANES = 512;

  /** A picture's sums by lane. */
  public interface Lanes {
    /** [4][LANES]: of the pixels that count, how many, and the sums of red, green and blue. */
    double[] sums();

    /** [6][LANES]: the sums of rr, rg, rb, gg, gb, bb, where r, g, b deviate from a mean [3]. */
    double[] products(double... mean);
  }

  /** On the heap: colours [3][M]; mask [M] or null, pixels above 0 count. */
  private record HeapLanes(float[] rgb, float[] mask) implements Lanes {
    @Override
    public double[] sums() {
      int m = rgb.length / 3;
      double[] sums = new double[4 * LANES];
      for (int i = 0; i < m; i++) {
        if (mask == null || mask[i] > 0) {
          int lane = i % LANES;
          sums[lane]++;
          sums[LANES + lane] += rgb[i];
          sums[2 * LANES + lane] += rgb[m + i];
          sums[3 * LANES + lane] += rgb[2 * m + i];
        }
      }
      return sums;
    }

    @Override
    public double[] products(double... mean) {
      int m = rgb.length / 3;
      double[] sums = new double[6 * LANES];
      for (int i = 0; i < m; i++) {
        if (mask == null || mask[i] > 0) {
          int lane = i % LANES;
          double r = rgb[i] - mean[0];
          double g = rgb[m + i] - mean[1];
          double b = rgb[2 * m + i] - mean[2];
          sums[lane] += r * r;
          sums[LANES + lane] += r * g;
          sums[2 * LANES + lane] += r * b;
          sums[3 * LANES + lane] += g * g;
          sums[4 * LANES + lane] += g * b;
          sums[5 * LANES + lane] += b * b;
        }
      }
      return sums;
    }
  }

  /**
   * Measures a picture.
   *
   * @param rgb [3][M]
   * @param mask [M], pixels above 0 count; null where all do
   * @throws IllegalArgumentException if none counts
   */
  public static Moments of(float[] rgb, float[] mask) {
    return of(new HeapLanes(rgb, mask));
  }

  /**
   * Measures a picture, wherever it is.
   *
   * @throws IllegalArgumentException if no pixel counts
   */
  public static Moments of(Lanes lanes) {
    double[] sums = added(lanes.sums());
    double n = sums[0];
    if (n == 0) {
      throw new IllegalArgumentException("the mask keeps no pixel");
    }
    double[] mean = {sums[1] / n, sums[2] / n, sums[3] / n};
    double[] p = added(lanes.products(mean));
    for (int i = 0; i < p.length; i++) {
      p[i] /= n;
    }
    double[][] covariance = {{p[0], p[1], p[2]}, {p[1], p[3], p[4]}, {p[2], p[4], p[5]}};
    return new Moments((int) n, mean, covariance);
  }

  /** [n] of [n][LANES]. */
  private static double[] added(double... lanes) {
    double[] sums = new double[lanes.length / LANES];
    for (int i = 0; i < lanes.length; i++) {
      sums[i / LANES] += lanes[i];
    }
    return sums;
  }
}
