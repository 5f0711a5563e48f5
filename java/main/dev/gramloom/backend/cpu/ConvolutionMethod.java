package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Shape;

/**
 * Which way of convolving is the fastest for a layer at a size: a short model of the work, in
 * vector operations. The same on every machine of one vector width, so that results are.
 */
enum ConvolutionMethod {
  /** Sums of a picture's shifted rows: for few channels that become as many. */
  FILTER(null),
  /** Products of a picture's rows: for few channels. */
  PICTURE(null),
  /** Sums of shifted rows: for filters with many zeros, and for small layers. */
  DIRECT(null),
  /** F(4 x 4, 3 x 3). */
  WINOGRAD4(WinogradTransform.F4),
  /** F(6 x 6, 3 x 3). */
  WINOGRAD6(WinogradTransform.F6);

  /** What a direct sum's multiplication costs above one of a product's: measured. */
  private static final double DIRECT_COST = 1.3;

  /** To take a number of the picture or of the sums among the frequencies or back: measured. */
  private static final double TRANSFORM = 10;

  /** To make a vector of a filter's frequencies: measured. */
  private static final double WEIGHT = 5;

  /** A product's way to its sums and back, for a vector of columns: as often as there are rows. */
  private static final double SUMS = 3 * Gemm.ROWS;

  private final WinogradTransform transform;

  ConvolutionMethod(WinogradTransform transform) {
    this.transform = transform;
  }

  /** Its transform; null for those without. */
  WinogradTransform transform() {
    return transform;
  }

  /** The method whose packed kernels this one uses. */
  ConvolutionMethod packing() {
    return this == WINOGRAD4 ? WINOGRAD6 : this;
  }

  /** The fastest for a picture's size. */
  static ConvolutionMethod forward(Kernel kernel, Activation activation, Shape picture) {
    return of(kernel, activation, kernel.inputs(), kernel.outputs(), picture);
  }

  /** The fastest for the adjoint. */
  static ConvolutionMethod adjoint(Kernel kernel, Activation activation, Shape picture) {
    return of(kernel, activation, kernel.outputs(), kernel.inputs(), picture);
  }

  private static ConvolutionMethod of(
      Kernel kernel, Activation activation, int inputs, int outputs, Shape picture) {
    if (kernel.inputs() <= PictureConvolution.MOST_CHANNELS) {
      return outputs == inputs && activation == Activation.NONE ? FILTER : PICTURE;
    }
    boolean wholeLines = Math.min(inputs, outputs) >= CpuTensor.LINE;
    if (kernel.size() != 3 || !wholeLines || activation == Activation.RECTIFY) {
      return DIRECT;
    }
    ConvolutionMethod best = DIRECT;
    for (ConvolutionMethod method : new ConvolutionMethod[] {WINOGRAD4, WINOGRAD6}) {
      if (method.cost(inputs, outputs, picture) < best.cost(inputs, outputs, picture)) {
        best = method;
      }
    }
    return best;
  }

  private double cost(double inputs, double outputs, Shape picture) {
    if (transform == null) {
      return DIRECT_COST * 9 * inputs * outputs * picture.pixels() / LANES;
    }
    int m = transform.outputs();
    double tiles = whole(picture.height(), m) * whole(picture.width(), m);
    double vectors = whole(outputs, Gemm.PANEL) * Gemm.MOST_VECTORS;
    double groups = whole(tiles, Gemm.ROWS);
    double products = ((groups * Gemm.ROWS + WEIGHT) * inputs + groups * SUMS) * vectors;
    return transform.frequencies() * (products + TRANSFORM * tiles * (inputs + outputs) / LANES);
  }

  private static double whole(double count, int part) {
    return Math.ceil(count / part);
  }
}
