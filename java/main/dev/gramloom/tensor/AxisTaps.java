package dev.gramloom.tensor;

/**
 * Which source pixels make a destination pixel, along one axis, and how much of each.
 *
 * <p>Pixel centres are aligned: destination i lies at (i + ½)·from/to − ½. The kernel is Lanczos
 * with three lobes, widened to the destination's pixel distance when the picture shrinks, as in
 * Pillow. All distances are whole multiples of 1/(2·to), so that positions a whole number of source
 * pixels apart get the same weights to the last bit.
 *
 * @param index [to][taps] source pixels; unused places hold 0 with weight 0
 * @param weight [to][taps], each row sums to 1
 * @param near [to][taps] whether the tap lies in the kernel's main lobe
 */
public record AxisTaps(int[][] index, float[][] weight, boolean[][] near) {
  private static final int LOBES = 3;

  /** From an axis of {@code from} pixels to one of {@code to}. */
  public static AxisTaps of(int from, int to, Edge edge) {
    int[][] index = new int[to][];
    float[][] weight = new float[to][];
    boolean[][] near = new boolean[to][];
    double unit = 2.0 * Math.max(from, to); // one lobe, in 1/(2·to) source pixels
    double reach = LOBES * unit;
    for (int i = 0; i < to; i++) {
      long centre = (2L * i + 1) * from - to; // in the same unit
      int first = (int) Math.ceil((centre - reach) / (2.0 * to));
      int count = (int) Math.floor((centre + reach) / (2.0 * to)) - first + 1;
      index[i] = new int[count];
      near[i] = new boolean[count];
      double[] w = new double[count];
      double sum = 0;
      for (int k = 0; k < count; k++) {
        double distance = (2L * to * (first + k) - centre) / unit;
        int source = edge.index(first + k, from);
        w[k] = source < 0 ? 0 : lanczos(distance);
        index[i][k] = Math.max(0, source);
        near[i][k] = source >= 0 && Math.abs(distance) < 1;
        sum += w[k];
      }
      weight[i] = new float[count];
      for (int k = 0; k < count; k++) {
        weight[i][k] = (float) (w[k] / sum);
      }
    }
    return new AxisTaps(index, weight, near);
  }

  private static double lanczos(double x) {
    if (x == 0) {
      return 1;
    }
    if (Math.abs(x) >= LOBES) {
      return 0;
    }
    double a = Math.PI * x;
    return LOBES * Math.sin(a) * Math.sin(a / LOBES) / (a * a);
  }
}
