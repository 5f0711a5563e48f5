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
  /** Floats of a panel: what the first cache holds. */
  private static final int PANEL = 1 << 14;

  /** Fewest pixels of a block, and most blocks of a picture. */
  private static final int LEAST_BLOCK = 1 << 13;

  private static final int MOST_BLOCKS = 32;

  /** Rows of the matrix that an item covers where there are few blocks. */
  private static final int GROUP = 8 * ROWS;

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

    /** Copies a run of pixels of all channels side by side: to[c · pitch + i]. */
    void copy(int from, int length, float[] to, int pitch) {
      for (int c = 0; c < channels; c++) {
        int source = c * pixels + from;
        Rows.subtract(values, source, centre(c), to, c * pitch, length);
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
    workers.forEach(
        plan.blocks * plan.groups,
        (item, scratch) -> {
          int block = item / plan.groups;
          int group = item % plan.groups;
          plan.add(block, group, scratch, sums[block]);
        });
    plan.finish(sums, out);
  }

  /** How a Gram matrix is cut. */
  private static final class Plan {
    private final Features a;
    private final Features b;
    private final boolean symmetric;
    private final int pixels;
    private final int block;
    private final int blocks;
    private final int rowsPerGroup;
    private final int groups;
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
      block = Math.max(LEAST_BLOCK, (pixels + MOST_BLOCKS - 1) / MOST_BLOCKS);
      blocks = (pixels + block - 1) / block;
      rowsPerGroup = blocks >= MOST_BLOCKS / 4 ? a.channels : GROUP;
      groups = (a.channels + rowsPerGroup - 1) / rowsPerGroup;
      bStart = symmetric ? 0 : whole(a.channels);
      columns = whole(b.channels);
      pitch = bStart + columns;
      run = Math.max(32, PANEL / pitch);
      offsets = new int[run];
      for (int i = 0; i < run; i++) {
        offsets[i] = i * pitch;
      }
    }

    private static int whole(int channels) {
      return (channels + LANES - 1) / LANES * LANES;
    }

    /** Adds a block's share of some rows to {@code sums} [n][k]. */
    void add(int index, int group, Scratch scratch, double[] sums) {
      int first = group * rowsPerGroup;
      int last = Math.min(a.channels, first + rowsPerGroup);
      int tiles = (last - first + ROWS - 1) / ROWS;
      float[] panel = scratch.input(run * pitch);
      float[] part = scratch.output(tiles * ROWS * columns);
      Arrays.fill(panel, 0, run * pitch, 0); // what rounding up added stays zero
      Arrays.fill(part, 0, tiles * ROWS * columns, 0);
      int end = Math.min(pixels, (index + 1) * block);
      for (int from = index * block; from < end; from += run) {
        int length = Math.min(run, end - from);
        b.turn(from, length, panel, bStart, pitch);
        if (!symmetric) {
          a.turn(from, length, panel, 0, pitch);
        }
        for (int tile = 0; tile < tiles; tile++) {
          int row = first + tile * ROWS;
          int width = symmetric ? Math.min(columns, whole(row + ROWS)) : columns;
          Taps taps = new Taps(offsets, length, panel, row, pitch);
          MicroKernel.multiply4(taps, panel, bStart, part, tile * ROWS * columns, columns, width);
        }
      }
      for (int i = first; i < last; i++) {
        for (int j = 0; j < (symmetric ? i + 1 : b.channels); j++) {
          sums[i * b.channels + j] = part[(i - first) * columns + j];
        }
      }
    }

    void finish(double[][] sums, float[] out) {
      int k = b.channels;
      for (int i = 0; i < a.channels; i++) {
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
  }

  /**
   * A matrix times a number.
   *
   * @param values [rows][columns], or [columns][rows] where {@code transposed}
   */
  record Matrix(float scale, float[] values, boolean transposed, int rows) {
    /** Rows in fours, their weights side by side for each column; then what is left over. */
    private float[] packed(int columns) {
      float[] packed = new float[rows * columns];
      int inFours = rows / ROWS * ROWS;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          float value = scale * values[transposed ? j * rows + i : i * columns + j];
          int four = i / ROWS * ROWS * columns + j * ROWS + i % ROWS;
          packed[i < inFours ? four : i * columns + j] = value;
        }
      }
      return packed;
    }
  }

  /** accumulator [n][m] += D · x, x [k][m], D [n][k]. */
  static void addProduct(Workers workers, Matrix matrix, Features x, float[] accumulator) {
    int n = matrix.rows;
    int k = x.channels;
    int m = x.pixels;
    float[] packed = matrix.packed(k);
    int run = Math.max(1, PANEL / k / (3 * LANES)) * 3 * LANES;
    int pitch = run + LANES; // rows of a panel must not all start in the same set of the cache
    int[] offsets = new int[k];
    for (int j = 0; j < k; j++) {
      offsets[j] = j * pitch;
    }
    int runs = Math.max(1, (1 << 12) / run); // an item is some thousand pixels
    workers.forEach(
        (m + runs * run - 1) / (runs * run),
        (item, scratch) -> {
          float[] panel = scratch.input(k * pitch);
          int end = Math.min(m, (item + 1) * runs * run);
          for (int from = item * runs * run; from < end; from += run) {
            int length = Math.min(run, end - from);
            x.copy(from, length, panel, pitch);
            int row = 0;
            for (; row + ROWS <= n; row += ROWS) {
              Taps taps = new Taps(offsets, k, packed, row * k, ROWS);
              MicroKernel.multiply4(taps, panel, 0, accumulator, row * m + from, m, length);
            }
            for (; row < n; row++) {
              Taps taps = new Taps(offsets, k, packed, row * k, 1);
              MicroKernel.multiply1(taps, panel, 0, accumulator, row * m + from, length);
            }
          }
        });
  }
}
