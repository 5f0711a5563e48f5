package dev.gramloom.metric;

/** The discrete Fourier transform of a square of a power of two. */
final class Fourier {
  private Fourier() {}

  /**
   * In place: X[v][u] = Σ x[y][x] exp(−2πi (u·x + v·y) / n); not normalised.
   *
   * @param real [n][n]
   * @param imaginary [n][n]
   * @throws IllegalArgumentException if n is no power of two
   */
  static void transform(double[] real, double[] imaginary, int n) {
    if (Integer.bitCount(n) != 1) {
      throw new IllegalArgumentException("a power of two is wanted, got " + n);
    }
    double[] a = new double[n];
    double[] b = new double[n];
    double[] cos = new double[n];
    double[] sin = new double[n];
    for (int i = 0; i < n; i++) {
      cos[i] = Math.cos(2 * Math.PI * i / n);
      sin[i] = -Math.sin(2 * Math.PI * i / n);
    }
    for (int pass = 0; pass < 2; pass++) {
      int step = pass == 0 ? 1 : n; // along rows, then along columns
      for (int line = 0; line < n; line++) {
        int start = pass == 0 ? line * n : line;
        for (int i = 0; i < n; i++) {
          a[i] = real[start + i * step];
          b[i] = imaginary[start + i * step];
        }
        line(a, b, cos, sin);
        for (int i = 0; i < n; i++) {
          real[start + i * step] = a[i];
          imaginary[start + i * step] = b[i];
        }
      }
    }
  }

  /** Cooley and Tukey 1965, radix 2, decimation in time. */
  private static void line(double[] a, double[] b, double[] cos, double[] sin) {
    int n = a.length;
    for (int i = 1; i < n; i++) {
      int j = Integer.reverse(i) >>> Integer.numberOfLeadingZeros(n) + 1;
      if (i < j) {
        swap(a, i, j);
        swap(b, i, j);
      }
    }
    for (int half = 1; half < n; half *= 2) {
      for (int k = 0; k < half; k++) {
        double c = cos[k * (n / 2 / half)];
        double s = sin[k * (n / 2 / half)];
        for (int i = k; i < n; i += 2 * half) {
          double real = a[i + half] * c - b[i + half] * s;
          double imaginary = a[i + half] * s + b[i + half] * c;
          a[i + half] = a[i] - real;
          b[i + half] = b[i] - imaginary;
          a[i] += real;
          b[i] += imaginary;
        }
      }
    }
  }

  private static void swap(double[] values, int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
