package dev.gramloom.image;

import dev.gramloom.color.Moments;
import dev.gramloom.color.SymmetricEigen;

/**
 * Mean and spread of a picture's colours, over the pixels its mask keeps.
 *
 * @param moments their mean and covariance
 * @param axes [3][3], the principal axes as rows, widest first; unit length, signs fixed
 * @param deviations [3], the standard deviation along each axis
 */
public record ColorStatistics(Moments moments, double[][] axes, double[] deviations) {
  /**
   * Measures a picture.
   *
   * @throws IllegalArgumentException if the mask keeps no pixel
   */
  public static ColorStatistics of(Image image) {
    Moments moments = Moments.of(image.rgb(), image.mask());
    SymmetricEigen eigen = SymmetricEigen.of(moments.covariance());
    double[] deviations = new double[3];
    for (int i = 0; i < 3; i++) {
      deviations[i] = Math.sqrt(Math.max(0, eigen.values()[i]));
    }
    return new ColorStatistics(moments, eigen.vectors(), deviations);
  }

  /** [3] red, green, blue. */
  public double[] mean() {
    return moments.mean();
  }

  /** [3][3], divided by the pixel count. */
  public double[][] covariance() {
    return moments.covariance();
  }

  /** Of another picture's mean, the largest difference of a channel, levels of 255. */
  public double meanDistance(ColorStatistics other) {
    double most = 0;
    for (int c = 0; c < 3; c++) {
      most = Math.max(most, 255 * Math.abs(mean()[c] - other.mean()[c]));
    }
    return most;
  }

  /** ‖C − C'‖ / ‖C'‖, Frobenius, where C' is the other covariance; NaN if that is 0 and C too. */
  public double covarianceDistance(ColorStatistics other) {
    double difference = 0;
    double norm = 0;
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        double d = covariance()[r][c] - other.covariance()[r][c];
        difference += d * d;
        norm += other.covariance()[r][c] * other.covariance()[r][c];
      }
    }
    return Math.sqrt(difference / norm);
  }
}
