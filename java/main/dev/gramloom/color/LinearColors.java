package dev.gramloom.color;

/**
 * The linear map of colours that gives one set of them the mean and covariance of another and moves
 * colours least: Pitié and Kokaram, "The linear Monge-Kantorovitch linear colour mapping", CVMP
 * 2007, equation 12. Of the maps that Gatys et al. 2016 (arXiv:1606.05897, section 4.1) allow, the
 * one without a turn of the hues.
 *
 * @param from [3] the mean that is moved
 * @param map [3][3] what deviations from it are multiplied by; symmetric and positive
 * @param to [3] where that mean goes
 */
public record LinearColors(double[] from, double[][] map, double[] to) {
  /** Variance of the rounding to 8 bits; keeps a picture of one colour from dividing by zero. */
  private static final double LEAST_VARIANCE = 1 / (12.0 * 255 * 255);

  /**
   * Finds the map.
   *
   * @param strongest the most that an axis is stretched by, and one over it the least; keeps the
   *     noise of colours that hardly vary from being blown up
   */
  public static LinearColors between(Moments from, Moments to, double strongest) {
    double[][] map = transport(regular(from.covariance()), regular(to.covariance()));
    double[][] limited =
        SymmetricEigen.of(map).with(value -> Math.max(1 / strongest, Math.min(strongest, value)));
    return new LinearColors(from.mean(), limited, to.mean());
  }

  /** The same planes, [3][M], mapped. */
  public float[] apply(float... planes) {
    int m = planes.length / 3;
    float[] out = new float[planes.length];
    for (int i = 0; i < m; i++) {
      double r = planes[i] - from[0];
      double g = planes[m + i] - from[1];
      double b = planes[2 * m + i] - from[2];
      for (int c = 0; c < 3; c++) {
        out[c * m + i] = (float) (to[c] + map[c][0] * r + map[c][1] * g + map[c][2] * b);
      }
    }
    return out;
  }

  /** T = A^-½ (A^½ B A^½)^½ A^-½, symmetric and positive, with T A T = B. */
  private static double[][] transport(double[][] a, double[][] b) {
    SymmetricEigen eigen = SymmetricEigen.of(a);
    double[][] root = eigen.with(Math::sqrt);
    double[][] inverse = eigen.with(value -> 1 / Math.sqrt(value));
    double[][] middle =
        SymmetricEigen.of(product(root, b, root)).with(v -> Math.sqrt(Math.max(0, v)));
    return product(inverse, middle, inverse);
  }

  private static double[][] regular(double[][] covariance) {
    double[][] out = {covariance[0].clone(), covariance[1].clone(), covariance[2].clone()};
    for (int i = 0; i < 3; i++) {
      out[i][i] += LEAST_VARIANCE;
    }
    return out;
  }

  private static double[][] product(double[][] a, double[][] b, double[][] c) {
    return product(product(a, b), c);
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] out = new double[3][3];
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        out[r][c] = a[r][0] * b[0][c] + a[r][1] * b[1][c] + a[r][2] * b[2][c];
      }
    }
    return out;
  }
}
