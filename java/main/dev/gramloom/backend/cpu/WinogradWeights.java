package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;

/**
 * A layer's 3x3 filters among the frequencies of {@link WinogradTransform}, in the order in which
 * {@link WinogradProduct} reads them.
 *
 * <p>[slice][K/4][C/4][4 of C][4 of K][LANES]: a slice is as many of a tile's frequencies as a
 * vector has lanes. Blocks of 4 x 4 serve both directions: read along C they give the convolution,
 * along K its adjoint.
 */
final class WinogradWeights {
  static final int BLOCK = 4;

  /** Between two rows of blocks, so that they do not fall on the same lines of the cache. */
  private static final int PADDING = BLOCK * BLOCK * LANES;

  private static final int BLOCK_FLOATS = BLOCK * BLOCK * LANES;

  /**
   * How a direction reads the weights: offsets in floats.
   *
   * @param rows outputs of this direction
   * @param inners channels that are summed over
   * @param rowBlock from four rows to the next four
   * @param row from a row to the next
   * @param innerBlock from four channels to the next four
   * @param inner from a channel to the next
   * @param order place of each frequency, [T]
   */
  record View(
      int rows, int inners, int rowBlock, int row, int innerBlock, int inner, int[] order) {}

  /** Weight of output k for input c at row i, column j of the filter. */
  interface Source {
    float at(int k, int c, int i, int j);
  }

  final WinogradTransform transform;
  final float[] values;
  final int slice; // floats of one
  final View view;

  /** A direction of its own. */
  WinogradWeights(
      Workers workers, WinogradTransform transform, int outputs, int inputs, Source source) {
    this.transform = transform;
    int rowBlocks = blocks(outputs);
    int rowBlock = blocks(inputs) * BLOCK_FLOATS + PADDING;
    this.slice = rowBlocks * rowBlock;
    this.values = new float[Math.multiplyExact(slices(transform), slice)];
    this.view =
        new View(
            outputs, inputs, rowBlock, LANES, BLOCK_FLOATS, BLOCK * LANES, transform.straight());
    workers.forEach(rowBlocks, (block, scratch) -> fill(block, source));
  }

  /** Floats that the weights of a layer take. */
  static long floats(WinogradTransform transform, int outputs, int inputs) {
    return (long) slices(transform) * blocks(outputs) * (blocks(inputs) * BLOCK_FLOATS + PADDING);
  }

  /** The adjoint's view of the same numbers; null if the transform has no place for it. */
  View adjointView() {
    return transform.flipped() == null
        ? null
        : new View(
            view.inners,
            view.rows,
            BLOCK_FLOATS,
            BLOCK * LANES,
            view.rowBlock,
            LANES,
            transform.flipped());
  }

  /** Vectors that hold a tile's frequencies. */
  static int slices(WinogradTransform transform) {
    return transform.floats() / LANES;
  }

  /** So many channels that blocks of them are full. */
  static int whole(int channels) {
    return blocks(channels) * BLOCK;
  }

  private static int blocks(int channels) {
    return (channels + BLOCK - 1) / BLOCK;
  }

  private void fill(int rowBlock, Source source) {
    double[] filter = new double[9];
    float[] frequencies = new float[transform.floats()];
    int last = Math.min(view.rows, (rowBlock + 1) * BLOCK);
    for (int k = rowBlock * BLOCK; k < last; k++) {
      for (int c = 0; c < view.inners; c++) {
        for (int i = 0; i < 9; i++) {
          filter[i] = source.at(k, c, i / 3, i % 3);
        }
        transform.transform(filter, frequencies);
        int at =
            rowBlock * view.rowBlock
                + c / BLOCK * BLOCK_FLOATS
                + (c % BLOCK * BLOCK + k % BLOCK) * LANES;
        for (int i = 0; i < frequencies.length; i++) {
          values[i / LANES * slice + at + i % LANES] = frequencies[i];
        }
      }
    }
  }
}
