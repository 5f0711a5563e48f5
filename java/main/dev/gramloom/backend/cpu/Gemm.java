package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;

/**
 * The matrix product that nearly all time goes into: six rows times one to four vectors of columns,
 * m[r][v] += Σ_c a[r][c] · b[c][v]. A number of a is spread over a vector and meets a row of b; all
 * sums stay in registers: 24 of the 32 that 512-bit vectors and NEON have, 12 of AVX2's 16.
 *
 * <p>How matrices lie in memory is said by strides, so that the same loop serves frequencies of a
 * Winograd convolution (rows are tiles), Gram matrices (rows are channels, the sum runs over
 * pixels) and their gradient (rows are pixels).
 *
 * @param vectors 1 to {@link #MOST_VECTORS}
 * @param a how the left matrix lies
 * @param bStep floats from a row of b to the next
 * @param mRow floats from a row of m to the next
 */
record Gemm(int vectors, Strides a, int bStep, int mRow) {
  static final int ROWS = 6;

  /** As many as registers hold sums for. */
  static final int MOST_VECTORS = LANES == 8 ? 2 : 4;

  /** Columns of the widest product. */
  static final int PANEL = MOST_VECTORS * LANES;

  /**
   * Adds a product.
   *
   * @param depth how many c
   * @param x holds a, from {@code at} on
   * @param bt where b[0][0] is
   * @param mt where m[0][0] is
   */
  void add(int depth, float[] x, int at, float[] b, int bt, float[] m, int mt) {
    switch (vectors) {
      case 1 ->
          NarrowGemmKernel.add1(
              depth, x, at, a.row(), a.step(), a.run(), a.skip(), b, bt, bStep, m, mt, mRow);
      case 2 ->
          NarrowGemmKernel.add2(
              depth, x, at, a.row(), a.step(), a.run(), a.skip(), b, bt, bStep, m, mt, mRow);
      case 3 ->
          GemmKernel.add3(
              depth, x, at, a.row(), a.step(), a.run(), a.skip(), b, bt, bStep, m, mt, mRow);
      default ->
          GemmKernel.add4(
              depth, x, at, a.row(), a.step(), a.run(), a.skip(), b, bt, bStep, m, mt, mRow);
    }
  }
}
