package dev.gramloom.image;

/**
 * Brings an output's colours to the exemplar's distribution.
 *
 * <p>Every pixel is changed by one and the same map of colours, whatever its place: a picture that
 * tiles still tiles, and a rolled one gives the rolled result.
 *
 * <ol>
 *   <li>The linear map that matches mean and covariance and moves colours least ({@link
 *       LinearColors}). Departure: no axis is stretched by more than {@link #STRONGEST}, so that an
 *       output without colour in some direction does not have its noise blown up.
 *   <li>Quantile matching along rotated colour axes, then along red, green and blue (Pitié, Kokaram
 *       and Dahyot, "Automated colour grading using colour distribution transfer", CVIU 2007,
 *       algorithm 1). The last step makes each channel's histogram the exemplar's to a fraction of
 *       a level, the rotated ones keep the hues true.
 * </ol>
 *
 * <p>What the rotated axes are worth, as mean earth mover's distance along random axes, levels:
 * five exemplars faded and tinted come to 0.16..0.41, with red, green and blue alone to 0.19..0.81;
 * bricks in the colours of birch 2.8 against 15.6.
 *
 * <p>Quantile maps are monotone; the exemplar's 8-bit levels count as spread over ±½ level, so a
 * smooth output stays smooth. Pixels of exactly one colour stay so: where an output has many of
 * those, as clipped ones, no map of colours can spread them, and the histograms stay that far
 * apart.
 */
public final class ColorMatch {
  private static final double STRONGEST = 4; // times, and one over it

  /** Orthonormal bases, rows; the last is red, green, blue. */
  private static final double[][][] BASES = {
    rows(1, 1, 1, 1, -1, 0, 1, 1, -2), // light, red against green, yellow against blue
    rows(2, -1, 2, 2, 2, -1, -1, 2, 2), // as far from the other two as a basis gets
    rows(1, 0, 0, 0, 1, 0, 0, 0, 1)
  };

  private ColorMatch() {}

  /**
   * Returns the output in the exemplar's colours. Only pixels that the masks keep are counted; all
   * are changed.
   *
   * @throws IllegalArgumentException if a mask keeps no pixel
   */
  public static Image match(Image output, Image exemplar) {
    float[] rgb =
        LinearColors.between(ColorStatistics.of(output), ColorStatistics.of(exemplar), STRONGEST)
            .apply(output.rgb());
    float[] along = new float[output.pixels()];
    float[] wanted = new float[exemplar.pixels()];
    for (double[][] basis : BASES) {
      float[] moved = new float[rgb.length];
      for (double[] axis : basis) {
        project(rgb, axis, along);
        project(exemplar.rgb(), axis, wanted);
        QuantileMap map = QuantileMap.between(along, output.mask(), wanted, exemplar.mask());
        addBack(moved, axis, along, map);
      }
      rgb = moved;
    }
    return new Image(output.height(), output.width(), rgb, output.mask());
  }

  /** along [M] = axis · rgb [3][M]. */
  private static void project(float[] rgb, double[] axis, float[] along) {
    int m = along.length;
    for (int i = 0; i < m; i++) {
      along[i] = (float) (axis[0] * rgb[i] + axis[1] * rgb[m + i] + axis[2] * rgb[2 * m + i]);
    }
  }

  /** rgb [3][M] += axis · map(along [M]). */
  private static void addBack(float[] rgb, double[] axis, float[] along, QuantileMap map) {
    int m = along.length;
    for (int i = 0; i < m; i++) {
      float value = map.apply(along[i]);
      for (int c = 0; c < 3; c++) {
        rgb[c * m + i] += (float) (axis[c] * value);
      }
    }
  }

  private static double[][] rows(double... entries) {
    double[][] basis = new double[3][3];
    for (int r = 0; r < 3; r++) {
      double length =
          Math.hypot(Math.hypot(entries[3 * r], entries[3 * r + 1]), entries[3 * r + 2]);
      for (int c = 0; c < 3; c++) {
        basis[r][c] = entries[3 * r + c] / length;
      }
    }
    return basis;
  }
}
