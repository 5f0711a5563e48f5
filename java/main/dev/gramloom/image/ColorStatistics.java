package dev.gramloom.image;

/**
 * Mean and spread of a picture's colours, over the pixels its mask keeps.
 *
 * @param mean [3] red, green, blue
 * @param covariance [3][3], divided by the pixel count
 * @param axes [3][3], the principal axes as rows, widest first; unit length, signs fixed
 * @param deviations [3], the standard deviation along each axis
 */
public record ColorStatistics(
    double[] mean, double[][] covariance, double[][] axes, double[] deviations) {
  /**
   * Measures a picture.
   *
   * @throws IllegalArgumentException if the mask keeps no pixel
   */
  public static ColorStatistics of(Image image) {
    double[] mean = mean(image);
    double[][] covariance = covariance(image, mean);
    SymmetricEigen eigen = SymmetricEigen.of(covariance);
    double[] deviations = new double[3];
    for (int i = 0; i < 3; i++) {
      deviations[i] = Math.sqrt(Math.max(0, eigen.values()[i]));
    }
    return new ColorStatistics(mean, covariance, eigen.vectors(), deviations);
  }

  /** Of another picture's mean, the largest difference of a channel, levels of 255. */
  public double meanDistance(ColorStatistics other) {
    double most = 0;
    for (int c = 0; c < 3; c++) {
      most = Math.max(most, 255 * Math.abs(mean[c] - other.mean[c]));
    }
    return most;
  }

  /** ‖C − C'‖ / ‖C'‖, Frobenius, where C' is the other covariance; NaN if that is 0 and C too. */
  public double covarianceDistance(ColorStatistics other) {
    double difference = 0;
    double norm = 0;
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        double d = covariance[r][c] - other.covariance[r][c];
        difference += d * d;
        norm += other.covariance[r][c] * other.covariance[r][c];
      }
    }
    return Math.sqrt(difference / norm);
  }

  private static double[] mean(Image image) {
    int m = image.pixels();
    double[] sum = new double[3];
    int used = 0;
    for (int i = 0; i < m; i++) {
      if (image.uses(i)) {
        used++;
        for (int c = 0; c < 3; c++) {
          sum[c] += image.rgb()[c * m + i];
        }
      }
    }
    if (used == 0) {
      throw new IllegalArgumentException("the mask keeps none of %d pixels".formatted(m));
    }
    return new double[] {sum[0] / used, sum[1] / used, sum[2] / used};
  }

  private static double[][] covariance(Image image, double[] mean) {
    int m = image.pixels();
    float[] rgb = image.rgb();
    double rr = 0;
    double rg = 0;
    double rb = 0;
    double gg = 0;
    double gb = 0;
    double bb = 0;
    int used = 0;
    for (int i = 0; i < m; i++) {
      if (image.uses(i)) {
        double r = rgb[i] - mean[0];
        double g = rgb[m + i] - mean[1];
        double b = rgb[2 * m + i] - mean[2];
        used++;
        rr += r * r;
        rg += r * g;
        rb += r * b;
        gg += g * g;
        gb += g * b;
        bb += b * b;
      }
    }
    double n = used;
    return new double[][] {
      {rr / n, rg / n, rb / n}, {rg / n, gg / n, gb / n}, {rb / n, gb / n, bb / n}
    };
  }
}
