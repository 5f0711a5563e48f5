package dev.gramloom.metric;

import dev.gramloom.image.ColorSpace;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import java.util.Arrays;

/**
 * How differently two pictures' detail is spread over coarse and fine.
 *
 * <p>Power spectrum of the luma, mean removed, Hann window, averaged over up to 4x4 windows of a
 * common size that lie evenly over each picture (Welch 1967); then over rings a third of an octave
 * wide. Each spectrum is normalised to a total of 1, so that contrast, which {@link ColorDistance}
 * sees, does not count. The distance is the root of the mean over the rings of the squared
 * difference of both levels in decibel, 10 log₁₀ power. Two pieces of one noise differ by 1 to 2,
 * two pieces of one photograph by 1 to 3; 3 is a factor of two in power on average; a blur through
 * half the size 9. Rounding to 8 bits counts as noise in both, so that what it hides is alike.
 */
public final class SpectrumDistance {
  private static final int SMALLEST = 8; // pixels; below there are no rings to compare
  private static final int WINDOWS = 4; // per axis, at most
  private static final double LOWEST =
      1.5; // cycles a window; below lies the Hann window's own peak
  private static final double RING = Math.pow(2, 1.0 / 3);

  private SpectrumDistance() {}

  /**
   * Measures; holes are filled first.
   *
   * @return decibel; 0 if the smaller picture is below 8 pixels, which tells nothing
   */
  public static double between(Image picture, Image exemplar) {
    int side =
        Math.min(
            Math.min(picture.height(), picture.width()),
            Math.min(exemplar.height(), exemplar.width()));
    int n = Integer.highestOneBit(side);
    if (n < SMALLEST) {
      return 0;
    }
    double[] a = rings(picture, n);
    double[] b = rings(exemplar, n);
    double sum = 0;
    int compared = 0;
    for (int ring = 0; ring < a.length; ring++) {
      if (a[ring] > 0 && b[ring] > 0) { // a ring may be too narrow to hold a frequency
        double decibel = 10 * Math.log10(a[ring] / b[ring]);
        sum += decibel * decibel;
        compared++;
      }
    }
    return Math.sqrt(sum / compared);
  }

  /** Mean power in each ring, of a total of 1. */
  private static double[] rings(Image image, int n) {
    double[] power = power(image, n);
    int count = (int) Math.ceil(Math.log(n / 2 / LOWEST) / Math.log(RING));
    double[] sum = new double[count];
    int[] members = new int[count];
    double total = 0;
    for (int i = 0; i < n * n; i++) {
      int fy = i / n < n / 2 ? i / n : i / n - n;
      int fx = i % n < n / 2 ? i % n : i % n - n;
      double radius = Math.hypot(fx, fy);
      int ring = (int) Math.floor(Math.log(radius / LOWEST) / Math.log(RING));
      if (radius >= LOWEST && ring < count) {
        sum[ring] += power[i];
        members[ring]++;
        total += power[i];
      }
    }
    for (int ring = 0; ring < count; ring++) {
      sum[ring] /= Math.max(1, members[ring]) * total;
    }
    return sum;
  }

  /** [n][n] mean power over the windows, with the noise of 8-bit rounding. */
  private static double[] power(Image image, int n) {
    float[] luma = ColorSpace.luma(HoleFill.fill(image));
    int down = windows(image.height(), n);
    int across = windows(image.width(), n);
    double[] power = new double[n * n];
    Arrays.fill(power, 1 / (12.0 * 255 * 255));
    for (int row = 0; row < down; row++) {
      for (int column = 0; column < across; column++) {
        int top = down == 1 ? (image.height() - n) / 2 : row * (image.height() - n) / (down - 1);
        int left =
            across == 1 ? (image.width() - n) / 2 : column * (image.width() - n) / (across - 1);
        double[] real = window(luma, image.width(), top, left, n);
        double[] imaginary = new double[n * n];
        Fourier.transform(real, imaginary, n);
        for (int i = 0; i < n * n; i++) {
          power[i] += (real[i] * real[i] + imaginary[i] * imaginary[i]) / (down * across);
        }
      }
    }
    return power;
  }

  /** Windows that overlap by about a half, at most {@link #WINDOWS}. */
  private static int windows(int length, int n) {
    return Math.min(WINDOWS, 1 + (int) Math.ceil(2.0 * (length - n) / n));
  }

  /** [n][n], without its mean, under a Hann window of unit mean power. */
  private static double[] window(float[] luma, int width, int top, int left, int n) {
    double mean = 0;
    for (int i = 0; i < n * n; i++) {
      mean += luma[(top + i / n) * width + left + i % n] / (double) (n * n);
    }
    double[] hann = new double[n];
    for (int i = 0; i < n; i++) {
      hann[i] = (1 - Math.cos(2 * Math.PI * (i + 0.5) / n)) / Math.sqrt(1.5 * n);
    }
    double[] out = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      double value = luma[(top + i / n) * width + left + i % n] - mean;
      out[i] = value * hann[i / n] * hann[i % n];
    }
    return out;
  }
}
