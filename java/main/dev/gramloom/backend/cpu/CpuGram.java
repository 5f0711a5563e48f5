package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.MicroKernel.ROWS;

import dev.gramloom.backend.cpu.MicroKernel.Taps;
import java.util.Arrays;

/**
 * Gram matrices and the products of their gradient, as blocked triangular products.
 *
 * <p>The pixels are cut into fixed blocks; each block's sums stand alone in double and are added in
 * the order of the blocks, so the bits do not depend on the threads.
 */
final class CpuGram {
  /** Pixels whose sums are kept apart. */
  private static final int BLOCK = 1 << 13;

  /** Rows of A that one item covers. */
  private static final int GROUP = 8 * ROWS;

  /** Floats that an item streams through again and again; half of a common L2 cache. */
  private static final int CACHE = 1 << 17;

  private static final int COLUMNS = 3;

  /** Floats between gathered rows, so that they do not start in the same set of the cache. */
  private static final int SKEW = 16;

  private CpuGram() {}

  /**
   * Features as they enter a product: less their centre, where they have one.
   *
   * @param values [channels][pixels]
   * @param centre [channels], or null for zero
   */
  record Features(float[] values, int channels, int pixels, float[] centre) {
    /** The same arrays, so the product is symmetric. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Features f && f.values == values && f.centre == centre;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(values);
    }

    /**
     * Copies a run of pixels of some channels side by side. Channels of a picture of 768 x 768 lie
     * a multiple of 256 KiB apart, where a cache keeps only as many of them as it has ways.
     */
    void gather(int first, int last, int from, int length, float[] to, int at, int pitch) {
      for (int c = first; c < last; c++) {
        int source = c * pixels + from;
        int target = at + (c - first) * pitch;
        if (centre == null) {
          System.arraycopy(values, source, to, target, length);
        } else {
          Rows.subtract(values, source, centre[c], to, target, length);
        }
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
    boolean symmetric = a.equals(b);
    int n = a.channels;
    int k = b.channels;
    int m = a.pixels;
    int blocks = (m + BLOCK - 1) / BLOCK;
    int groups = (n + GROUP - 1) / GROUP;
    double[][] sums = new double[blocks][n * k];
    workers.forEach(
        blocks * groups,
        (item, scratch) -> {
          int block = item / groups;
          int first = item % groups * GROUP;
          int rows = Math.min(n - first, GROUP);
          int columns = symmetric ? first + rows : k;
          int step = Math.max(256, CACHE / (columns + rows) / 64 * 64);
          Part part = new Part(first, rows, columns, k, step + SKEW, symmetric);
          int end = Math.min(m, (block + 1) * BLOCK);
          float[] in = scratch.input((columns + rows) * part.pitch);
          int bStart = symmetric ? 0 : rows * part.pitch;
          for (int from = block * BLOCK; from < end; from += step) {
            int length = Math.min(end - from, step);
            b.gather(0, columns, from, length, in, bStart, part.pitch);
            if (!symmetric) {
              a.gather(first, first + rows, from, length, in, 0, part.pitch);
            }
            int aStart = symmetric ? first * part.pitch : 0;
            addPart(part, in, aStart, bStart, length, sums[block]);
          }
        });
    finish(sums, n, k, m, symmetric, out);
  }

  /**
   * What one item adds to: rows {@code first} … of the sums, all columns up to {@code columns}.
   *
   * @param k columns of the whole matrix
   * @param pitch floats between gathered rows
   */
  private record Part(int first, int rows, int columns, int k, int pitch, boolean symmetric) {}

  private static void addPart(
      Part p, float[] in, int aStart, int bStart, int length, double[] sums) {
    int[] aRows = new int[ROWS];
    int[] bRows = new int[COLUMNS];
    double[] tile = new double[ROWS * COLUMNS];
    for (int i = 0; i < p.rows; i += ROWS) {
      for (int r = 0; r < ROWS; r++) {
        aRows[r] = aStart + Math.min(i + r, p.rows - 1) * p.pitch;
      }
      int columns = p.symmetric ? Math.min(p.columns, p.first + i + ROWS) : p.columns;
      for (int j = 0; j < columns; j += COLUMNS) {
        for (int c = 0; c < COLUMNS; c++) {
          bRows[c] = bStart + Math.min(j + c, p.columns - 1) * p.pitch;
        }
        Arrays.fill(tile, 0);
        MicroKernel.dots4x3(in, aRows, bRows, length, tile);
        for (int r = 0; r < Math.min(ROWS, p.rows - i); r++) {
          for (int c = 0; c < Math.min(COLUMNS, p.columns - j); c++) {
            sums[(p.first + i + r) * p.k + j + c] += tile[r * COLUMNS + c];
          }
        }
      }
    }
  }

  private static void finish(double[][] sums, int n, int k, int m, boolean symmetric, float[] out) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < (symmetric ? i + 1 : k); j++) {
        double sum = 0;
        for (double[] block : sums) {
          sum += block[i * k + j];
        }
        out[i * k + j] = (float) (sum / m);
        if (symmetric) {
          out[j * k + i] = out[i * k + j];
        }
      }
    }
  }

  /**
   * accumulator [n][m] += scale · D · x, x [k][m], D [n][k] (or [k][n], transposed).
   *
   * <p>Each item covers a run of pixels that fits the cache, for all rows.
   */
  static void addProduct(
      Workers workers,
      float scale,
      float[] matrix,
      boolean transposed,
      Features x,
      float[] accumulator) {
    int k = x.channels;
    int m = x.pixels;
    int n = accumulator.length / m;
    float[] packed = pack(scale, matrix, transposed, n, k);
    int step = Math.max(192, CACHE / k / 192 * 192);
    int pitch = step + SKEW;
    int[] offsets = new int[k];
    for (int j = 0; j < k; j++) {
      offsets[j] = j * pitch;
    }
    workers.forEach(
        (m + step - 1) / step,
        (item, scratch) -> {
          int from = item * step;
          int length = Math.min(step, m - from);
          float[] in = scratch.input(k * pitch);
          x.gather(0, k, from, length, in, 0, pitch);
          int row = 0;
          for (; row + ROWS <= n; row += ROWS) {
            Taps taps = new Taps(offsets, k, packed, row * k);
            MicroKernel.multiply4(taps, in, 0, accumulator, row * m + from, m, length);
          }
          for (; row < n; row++) {
            Taps taps = new Taps(offsets, k, packed, row * k);
            MicroKernel.multiply1(taps, in, 0, accumulator, row * m + from, length);
          }
        });
  }

  /** Rows in fours, their weights side by side for each column; what is left over row by row. */
  private static float[] pack(float scale, float[] matrix, boolean transposed, int n, int k) {
    float[] packed = new float[n * k];
    int inFours = n / ROWS * ROWS;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < k; j++) {
        float value = scale * matrix[transposed ? j * n + i : i * k + j];
        boolean four = i < inFours;
        packed[four ? i / ROWS * ROWS * k + j * ROWS + i % ROWS : i * k + j] = value;
      }
    }
    return packed;
  }
}
