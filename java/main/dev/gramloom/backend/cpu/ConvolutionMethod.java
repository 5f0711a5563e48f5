package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;

/**
 * Which way of convolving is the fastest for a layer at a size: a short model of the work, in
 * vector operations. The same on every machine of one vector width, so that results are.
 */
enum ConvolutionMethod {
  /** Sums of shifted rows. */
  DIRECT(null),
  /** F(4 x 4, 3 x 3). */
  WINOGRAD4(WinogradTransform.F4),
  /** F(6 x 6, 3 x 3). */
  WINOGRAD6(WinogradTransform.F6);

  /** What a direct sum's multiplication costs above one of a product's: measured. */
  private static final double DIRECT_COST = 1.3;

  /**
   * Vector operations to transform a tile of one channel, in and out; measured for F(6, 3) within a
   * network, where pixels come from memory.
   */
  private static final double TRANSFORM_IN = 120;

  private static final double TRANSFORM_OUT = 120;

  /** Weights come from memory: a float's share of the time of a vector operation. */
  private static final double LOADING = 1;

  private final WinogradTransform transform;

  ConvolutionMethod(WinogradTransform transform) {
    this.transform = transform;
  }

  /** Its transform; null for {@link #DIRECT}. */
  WinogradTransform transform() {
    return transform;
  }

  /**
   * The fastest.
   *
   * @param size of the filters
   * @param inputs channels that are summed over
   * @param outputs channels of sums
   */
  static ConvolutionMethod of(int size, int inputs, int outputs, int height, int width) {
    ConvolutionMethod best = DIRECT;
    if (size == 3) {
      for (ConvolutionMethod method : values()) {
        if (method.cost(inputs, outputs, height, width)
            < best.cost(inputs, outputs, height, width)) {
          best = method;
        }
      }
    }
    return best;
  }

  private double cost(double inputs, double outputs, int height, int width) {
    if (transform == null) {
      return DIRECT_COST * 9 * inputs * outputs * height * width / LANES;
    }
    int m = transform.outputs();
    double tiles = (double) ((height + m - 1) / m) * ((width + m - 1) / m);
    double padded = Math.ceil(tiles / WinogradProduct.TILES) * WinogradProduct.TILES;
    double slices = WinogradWeights.slices(transform);
    int directions = transform.flipped() == null ? 2 : 1; // weights of their own
    double share = (double) transform.size() * transform.size() / 64;
    return padded * slices * Math.max(4, inputs) * Math.max(4, outputs)
        + tiles * share * (TRANSFORM_IN * inputs + TRANSFORM_OUT * outputs)
        + LOADING * directions * slices * LANES * inputs * outputs;
  }
}
