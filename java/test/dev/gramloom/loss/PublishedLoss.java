package dev.gramloom.loss;

/** The losses of papers and programs, computed from features as they wrote them down. */
public final class PublishedLoss {
  private PublishedLoss() {}

  /**
   * The loss of one layer, for exemplar and output of one size.
   *
   * @param output [channels][pixels]
   * @param exemplar [channels][pixels]
   * @param channels N
   * @param picture the picture's pixels, P
   */
  public static double of(
      GramNormalization normalization,
      float[] output,
      float[] exemplar,
      int channels,
      double picture) {
    double[][] g = gram(output, channels);
    double[][] a = gram(exemplar, channels);
    double n = channels;
    double m = output.length / n;
    return switch (normalization) {
      case RELATIVE -> squares(g, a, 1) / squares(a, new double[channels][channels], 1);
      // arXiv:1505.07376, equation 2, with its Gram matrices of equation 1
      case GATYS -> squares(g, a, 1) / (4 * n * n * m * m);
      // gram / (C·H·W), then the mean of the squared differences
      case NEURAL_STYLE -> squares(g, a, n * m) / (n * n);
      // sum(square(S - C)) / (4 * channels**2 * size**2), channels = 3, size = the picture's
      case KERAS -> squares(g, a, 1) / (4.0 * 3 * 3 * picture * picture);
    };
  }

  /** F Fᵀ, divided by nothing. */
  private static double[][] gram(float[] features, int channels) {
    int pixels = features.length / channels;
    double[][] gram = new double[channels][channels];
    for (int i = 0; i < channels; i++) {
      for (int j = 0; j < channels; j++) {
        for (int k = 0; k < pixels; k++) {
          gram[i][j] += (double) features[i * pixels + k] * features[j * pixels + k];
        }
      }
    }
    return gram;
  }

  /** Sum of the squared differences of two matrices that are divided by something first. */
  private static double squares(double[][] a, double[][] b, double divisor) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        double difference = a[i][j] / divisor - b[i][j] / divisor;
        sum += difference * difference;
      }
    }
    return sum;
  }
}
