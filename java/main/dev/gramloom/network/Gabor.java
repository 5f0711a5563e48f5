package dev.gramloom.network;

/**
 * Oriented wavelets: a wave under a Gaussian window, each orientation with an even and an odd
 * phase, so that the two together tell how strong a structure is wherever it lies.
 *
 * @param size side in pixels, odd
 * @param sigma of the window, pixels
 * @param wavelength of the wave, pixels
 * @param orientations number of, over half a turn
 */
record Gabor(int size, double sigma, double wavelength, int orientations) {
  /** Filters: two phases an orientation. */
  int count() {
    return 2 * orientations;
  }

  /** Filter {@code index}: orientation by orientation, even before odd; no mean, unit length. */
  float[] filter(int index) {
    double angle = Math.PI * (index / 2) / orientations;
    double phase = index % 2 == 0 ? 0 : Math.PI / 2;
    double[] window = window(size, sigma);
    double[] filter = new double[size * size];
    double sum = 0;
    double windowSum = 0;
    for (int i = 0; i < filter.length; i++) {
      int x = i % size - size / 2;
      int y = i / size - size / 2;
      double along = x * StrictMath.cos(angle) + y * StrictMath.sin(angle);
      filter[i] = window[i] * StrictMath.cos(2 * Math.PI * along / wavelength + phase);
      sum += filter[i];
      windowSum += window[i];
    }
    double square = 0;
    for (int i = 0; i < filter.length; i++) {
      filter[i] -= window[i] * (sum / windowSum);
      square += filter[i] * filter[i];
    }
    return scaled(filter, 1 / Math.sqrt(square));
  }

  /** A Gaussian of sum 1. */
  static float[] gaussian(int size, double sigma) {
    double[] window = window(size, sigma);
    double sum = 0;
    for (double w : window) {
      sum += w;
    }
    return scaled(window, 1 / sum);
  }

  private static double[] window(int size, double sigma) {
    double[] window = new double[size * size];
    for (int i = 0; i < window.length; i++) {
      int x = i % size - size / 2;
      int y = i / size - size / 2;
      window[i] = StrictMath.exp(-(x * x + y * y) / (2 * sigma * sigma));
    }
    return window;
  }

  private static float[] scaled(double[] values, double scale) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = (float) (values[i] * scale);
    }
    return scaled;
  }
}
