package dev.gramloom.backend;

import dev.gramloom.tensor.Edge;

/**
 * The windows of 2:1 pooling along one axis.
 *
 * <p>An axis of n pixels becomes max(1, n/2) windows. Where n is even, or the axis does not wrap,
 * these are the classic pairs {2i, 2i+1}, and a last odd pixel feeds no window. Where the axis
 * wraps and n is odd, pairs would leave a scar at the wrap; there window i covers the real interval
 * [i·n/m, (i+1)·n/m) of the circle, m = n/2, and a pixel counts by the share of it that lies
 * inside. So a period of any length pools to a whole number of equal windows, and the result still
 * tiles exactly.
 *
 * @param first [m], the first pixel of each window
 * @param weights [m][pixels of the window], each row's sum is 1
 */
public record PoolAxis(int[] first, float[][] weights) {
  private static final float[] PAIR = {0.5f, 0.5f};
  private static final float[] SINGLE = {1};

  /** Windows of an axis of {@code n} pixels. */
  public static int windows(int n) {
    return Math.max(1, n / 2);
  }

  /** The windows of an axis of {@code n} pixels. */
  public static PoolAxis of(int n, Edge edge) {
    int m = windows(n);
    int[] first = new int[m];
    float[][] weights = new float[m][];
    for (int i = 0; i < m; i++) {
      boolean pairs = n % 2 == 0 || edge != Edge.WRAP;
      first[i] = n == 1 ? 0 : pairs ? 2 * i : (int) ((long) i * n / m);
      weights[i] = n == 1 ? SINGLE : pairs ? PAIR : shares(i, n, m, first[i]);
    }
    return new PoolAxis(first, weights);
  }

  /** Whether every window is a pair of equal weights, as on every even axis. */
  public boolean pairs() {
    return weights[0] == PAIR;
  }

  /** In units of 1/m of a pixel: window i is [i·n, (i+1)·n), pixel p is [p·m, (p+1)·m). */
  private static float[] shares(int i, int n, int m, int first) {
    long begin = (long) i * n;
    long end = begin + n;
    int last = (int) ((end - 1) / m);
    float[] shares = new float[last - first + 1];
    for (int p = first; p <= last; p++) {
      long inside = Math.min(end, (p + 1L) * m) - Math.max(begin, (long) p * m);
      shares[p - first] = (float) ((double) inside / n);
    }
    return shares;
  }
}
