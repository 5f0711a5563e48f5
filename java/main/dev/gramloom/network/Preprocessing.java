package dev.gramloom.network;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Kernel;

/**
 * What becomes of a pixel before the first layer: y = A · rgb + b. The one place that knows colour
 * orders, means and ranges.
 *
 * @param matrix A, [3][3], rows are the network's channels, columns R, G, B of 0..1
 * @param offset b, [3]
 */
public record Preprocessing(double[][] matrix, double[] offset) {
  /** RGB of 0..1 as it is. */
  public static final Preprocessing NONE =
      new Preprocessing(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, new double[3]);

  /** The Oxford group's: BGR of 0..255 less the mean of ImageNet. */
  public static final Preprocessing CAFFE_BGR =
      new Preprocessing(
          new double[][] {{0, 0, 255}, {0, 255, 0}, {255, 0, 0}},
          new double[] {-103.939, -116.779, -123.68});

  /** torchvision's: RGB of 0..1 less the mean of ImageNet, over its standard deviation. */
  public static final Preprocessing TORCHVISION_RGB =
      normalized(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});

  private static final double STRONGEST_GAIN = 2;

  /** Of a picture of one colour: one level of 255. */
  private static final double LEAST_DEVIATION = 1.0 / 255;

  private static Preprocessing normalized(double[] mean, double[] deviation) {
    double[][] matrix = new double[3][3];
    double[] offset = new double[3];
    for (int c = 0; c < 3; c++) {
      matrix[c][c] = 1 / deviation[c];
      offset[c] = -mean[c] / deviation[c];
    }
    return new Preprocessing(matrix, offset);
  }

  /**
   * A picture's own colour axes, widest first: y_i = 2 · axis_i · (rgb − mean) / deviation_i. A
   * weak colour is amplified, so that it counts, but at most by {@link #STRONGEST_GAIN} compared to
   * the strongest.
   *
   * @param mean [3], red, green, blue of 0..1
   * @param axes [3][3], rows of unit length
   * @param deviations [3], standard deviation along each axis, falling
   */
  public static Preprocessing ownAxes(double[] mean, double[][] axes, double[] deviations) {
    double[][] matrix = new double[3][3];
    double[] offset = new double[3];
    double widest = Math.max(deviations[0], LEAST_DEVIATION);
    for (int i = 0; i < 3; i++) {
      double gain = 2 / Math.max(deviations[i], widest / STRONGEST_GAIN);
      for (int c = 0; c < 3; c++) {
        matrix[i][c] = gain * axes[i][c];
        offset[i] -= matrix[i][c] * mean[c];
      }
    }
    return new Preprocessing(matrix, offset);
  }

  /** As a layer of 1x1 filters. */
  Layer layer() {
    float[] weights = new float[9];
    float[] bias = new float[3];
    for (int c = 0; c < 3; c++) {
      bias[c] = (float) offset[c];
      for (int i = 0; i < 3; i++) {
        weights[3 * c + i] = (float) matrix[c][i];
      }
    }
    return new Layer.Convolution(new Kernel(3, 3, 1, weights, bias), Activation.NONE);
  }
}
