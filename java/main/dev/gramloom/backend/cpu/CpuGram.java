package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.LANES;
import static dev.gramloom.backend.cpu.MicroKernel.ROWS;

import dev.gramloom.backend.cpu.MicroKernel.Taps;
import java.util.Arrays;

/**
 * Gram matrices and the products of their gradient.
 *
 * <p>Both run on panels that fit the first cache. Channels of a picture of 768 x 768 lie a multiple
 * of 256 KiB apart, where a cache keeps only as many of them as it has ways; so a run of pixels is
 * first copied side by side. For a Gram matrix the copy is turned, pixel by pixel, and the matrix
 * is a sum of outer products that stay in registers.
 *
 * <p>The pixels are cut into fixed blocks; each block's sums stand alone and are added in double in
 * the order of the blocks, so the bits do not depend on the threads.
 */
final class CpuGram {
  /** Floats of a panel: a part of the second cache. */
  private static final int PANEL = 1 << 15;

  /** Blocks of a small picture, most pixels of a block, and most blocks of a large one. */
  private static final int FEW_BLOCKS = 8;

  private static final int LARGE_BLOCK = 1 << 13;
  private static final int MOST_BLOCKS = 32;

  /** Columns of a matrix that stay in the first cache while all rows pass by. */
  private static final int COLUMNS = 3 * LANES;

  /** Channels, and pixels of each, that stay in the first cache while all outputs pass by. */
  private static final int PRODUCT_CHANNELS = 80;

  private static final int PRODUCT_PIXELS = 192;

  /** Pixels of an item of work, and floats from one row of its sums to the next. */
  private static final int PRODUCT_RUN = 2 * PRODUCT_PIXELS;

  private static final int SUMS_PITCH = PRODUCT_RUN + LANES;

  private CpuGram() {}

  /**
   * Features as they enter a product: less their centre, where they have one.
   *
   * @param values [channels][pixels]
   * @param centre [channels], or null for zero
   */
  record Features(float[] values, int channels, int pixels, float[] centre) {
    boolean sameAs(Features other) {
      return other.values == values && other.centre == centre && other.channels == channels;
    }

    private float centre(int c) {
      return centre == null ? 0 : centre[c];
    }

    /** Copies a run of pixels of some channels side by side: to[c · pitch + i]. */
    void copy(int first, int count, int from, int length, float[] to, int pitch) {
      for (int c = 0; c < count; c++) {
        int source = (first + c) * pixels + from;
        Rows.subtract(values, source, centre(first + c), to, c * pitch, length);
      }
    }

    /**
     * Copies a run of pixels of all channels pixel by pixel: to[at + i · pitch + c]. Four channels
     * at a time, so that a line of the cache is written fewer times.
     */
    void turn(int from, int length, float[] to, int at, int pitch) {
      int c = 0;
      for (; c + 4 <= channels; c += 4) {
        turn4(c, from, length, to, at, pitch);
      }
      for (; c < channels; c++) {
        int source = c * pixels + from;
        float less = centre(c);
        for (int i = 0; i < length; i++) {
          to[at + c + i * pitch] = values[source + i] - less;
        }
      }
    }

    private void turn4(int c, int from, int length, float[] to, int at, int pitch) {
      float[] x = values;
      int x0 = c * pixels + from;
      int x1 = x0 + pixels;
      int x2 = x1 + pixels;
      int x3 = x2 + pixels;
      float c0 = centre(c);
      float c1 = centre(c + 1);
      float c2 = centre(c + 2);
      float c3 = centre(c + 3);
      int target = at + c;
      for (int i = 0; i < length; i++, target += pitch) {
        to[target] = x[x0 + i] - c0;
        to[target + 1] = x[x1 + i] - c1;
        to[target + 2] = x[x2 + i] - c2;
        to[target + 3] = x[x3 + i] - c3;
      }
    }
  }

  /**
   * out [n][k] = A Bᵀ / m.
   *
   * @param a [n][m]
   * @param b [k][m]; the same features as a for a symmetric product, of which half is computed
   */
  static void gram(Workers workers, Features a, Features b, float[] out) {
    Plan plan = new Plan(a, b);
    double[][] sums = new double[plan.blocks][a.channels * b.channels];
    workers.forEach(plan.blocks, (block, scratch) -> plan.add(block, scratch, sums[block]));
    workers.forEach(a.channels, (row, scratch) -> plan.finish(row, sums, out));
  }

  /** How a Gram matrix is cut. */
  private static final class Plan {
    private final Features a;
    private final Features b;
    private final boolean symmetric;
    private final int pixels;
    private final int block;
    private final int blocks;
    private final int bStart; // where B's channels begin within a pixel of the panel
    private final int columns; // of B, rounded up to whole vectors
    private final int pitch;
    private final int run; // pixels of a panel
    private final int[] offsets; // of the panel's pixels

    Plan(Features a, Features b) {
      this.a = a;
      this.b = b;
      symmetric = a.sameAs(b);
      pixels = a.pixels;
      int few = Math.min(LARGE_BLOCK, (pixels + FEW_BLOCKS - 1) / FEW_BLOCKS);
      block = Math.max(few, (pixels + MOST_BLOCKS - 1) / MOST_BLOCKS);
      blocks = (pixels + block - 1) / block;
      bStart = symmetric ? 0 : whole(a.channels);
      columns = whole(b.channels);
      pitch = bStart + columns;
      run = Math.min(block, Math.max(32, PANEL / pitch));
      offsets = new int[run];
      for (int i = 0; i < run; i++) {
        offsets[i] = i * pitch;
      }
    }

    private static int whole(int channels) {
      return (channels + LANES - 1) / LANES * LANES;
    }

    /** A block's share: {@code sums} [n][k]. */
    void add(int index, Scratch scratch, double[] sums) {
      int rows = (a.channels + ROWS - 1) / ROWS * ROWS;
      float[] panel = scratch.input(run * pitch);
      float[] part = scratch.output(rows * columns);
      Arrays.fill(panel, 0, run * pitch, 0); // what rounding up added stays zero
      Arrays.fill(part, 0, rows * columns, 0);
      int end = Math.min(pixels, (index + 1) * block);
      for (int from = index * block; from < end; from += run) {
        int length = Math.min(run, end - from);
        b.turn(from, length, panel, bStart, pitch);
        if (!symmetric) {
          a.turn(from, length, panel, 0, pitch);
        }
        for (int column = 0; column < columns; column += COLUMNS) {
          int width = Math.min(COLUMNS, columns - column);
          int first = symmetric ? column / ROWS * ROWS : 0; // above the diagonal nothing is needed
          for (int row = first; row < rows; row += ROWS) {
            Taps taps = new Taps(offsets, length, panel, row, pitch);
            MicroKernel.multiply4(
                taps, panel, bStart + column, part, row * columns + column, columns, width);
          }
        }
      }
      for (int i = 0; i < a.channels; i++) {
        for (int j = 0; j < (symmetric ? i + 1 : b.channels); j++) {
          sums[i * b.channels + j] = part[i * columns + j];
        }
      }
    }

    /** Adds up a row of the blocks' sums, in their order. */
    void finish(int i, double[][] sums, float[] out) {
      int k = b.channels;
      for (int j = 0; j < (symmetric ? i + 1 : k); j++) {
        double sum = 0;
        for (double[] block : sums) {
          sum += block[i * k + j];
        }
        out[i * k + j] = (float) (sum / pixels);
        if (symmetric) {
          out[j * k + i] = out[i * k + j];
        }
      }
    }
  }

  /**
   * A matrix times a number.
   *
   * @param values [rows][columns], or [columns][rows] where {@code transposed}
   */
  record Matrix(float scale, float[] values, boolean transposed, int rows) {
    /**
     * Rows in fours, their weights side by side for each column; what is left over is filled up
     * with zeros.
     */
    private float[] packed(Workers workers, int columns) {
      int fours = (rows + ROWS - 1) / ROWS;
      float[] packed = new float[fours * ROWS * columns];
      workers.forEach(
          fours,
          (four, scratch) -> {
            for (int i = four * ROWS; i < Math.min(rows, (four + 1) * ROWS); i++) {
              for (int j = 0; j < columns; j++) {
                float value = values[transposed ? j * rows + i : i * columns + j];
                packed[(four * columns + j) * ROWS + i % ROWS] = scale * value;
              }
            }
          });
      return packed;
    }
  }

  /**
   * accumulator [n][m] += D · x, x [k][m], D [n][k]. The sums of a run of pixels stand side by side
   * until all channels are in: the accumulator's own rows would evict each other.
   */
  static void addProduct(Workers workers, Matrix matrix, Features x, float[] accumulator) {
    int m = x.pixels;
    float[] packed = matrix.packed(workers, x.channels);
    int rows = packed.length / x.channels;
    int pitch = PRODUCT_PIXELS + LANES; // not all rows start in the same set of the cache
    int parts = (x.channels + PRODUCT_CHANNELS - 1) / PRODUCT_CHANNELS;
    int together = (x.channels + parts - 1) / parts; // channels, as even as they can be
    int[] offsets = new int[together];
    for (int j = 0; j < offsets.length; j++) {
      offsets[j] = j * pitch;
    }
    workers.forEach(
        (m + PRODUCT_RUN - 1) / PRODUCT_RUN,
        (item, scratch) -> {
          float[] panel = scratch.input(together * pitch);
          float[] sums = scratch.output(rows * SUMS_PITCH);
          Arrays.fill(sums, 0, rows * SUMS_PITCH, 0);
          int first = item * PRODUCT_RUN;
          int last = Math.min(m, first + PRODUCT_RUN);
          for (int from = first; from < last; from += PRODUCT_PIXELS) {
            int length = Math.min(PRODUCT_PIXELS, last - from);
            for (int c = 0; c < x.channels; c += together) {
              int channels = Math.min(together, x.channels - c);
              x.copy(c, channels, from, length, panel, pitch);
              for (int row = 0; row < rows; row += ROWS) {
                int weights = row * x.channels + c * ROWS;
                Taps taps = new Taps(offsets, channels, packed, weights, ROWS);
                int to = row * SUMS_PITCH + from - first;
                MicroKernel.multiply4(taps, panel, 0, sums, to, SUMS_PITCH, length);
              }
            }
          }
          for (int row = 0; row < matrix.rows; row++) {
            Rows.add(sums, row * SUMS_PITCH, accumulator, row * m + first, last - first);
          }
        });
  }
}
