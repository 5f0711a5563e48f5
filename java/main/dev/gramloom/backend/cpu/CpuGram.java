package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.ROWS;

import dev.gramloom.backend.cpu.Features.Run;
import java.util.Arrays;

/**
 * Gram matrices, A Bᵀ / M.
 *
 * <p>A matrix is cut into panels of columns, the pixels into blocks; an item of work is a panel
 * over a block, and of a symmetric matrix only what is on or below the diagonal. A block's sums are
 * float32 and stand alone; they are added in double in the order of the blocks, so the bits do not
 * depend on the threads.
 */
final class CpuGram {
  /**
   * Pixels whose columns of a panel stay in the first cache while all rows pass by; and the longest
   * chain of sums: of twice as many a rolled picture has another loss in the sixth digit.
   */
  private static final int RUN = 64;

  /** Most pixels of a block: the terms of a sum in float32. */
  private static final int LARGE_BLOCK = 1 << 13;

  private static final int SMALL_BLOCK = 16;

  /** Blocks, and floats of their sums, that more exactness is worth. */
  private static final int MOST_BLOCKS = 64;

  private static final int SUMS = 1 << 20;

  /** Items that keep several threads busy to the end. */
  private static final int ITEMS = 24;

  private final Workers workers;
  private final Features a;
  private final Features b;
  private final boolean symmetric;
  private final int pixels;
  private final int block;
  private final int blocks;
  private final Panels panels;
  private final int groups; // of ROWS rows
  private final int pitch; // floats of a row of sums
  private final Gemm[] gemms; // a panel's each

  private CpuGram(Workers workers, Features a, Features b) {
    this.workers = workers;
    this.a = a;
    this.b = b;
    symmetric = a.sameAs(b);
    pixels = a.x().pixels();
    panels = new Panels(b.channels());
    pitch = panels.columns();
    groups = (a.channels() + ROWS - 1) / ROWS;
    gemms = panels.gemms(Strides.of(1, a.pitch()), b.pitch(), pitch);
    int busy = (ITEMS + panels.count() - 1) / panels.count();
    int wanted = Math.max(busy, Math.min(MOST_BLOCKS, SUMS / (groups * ROWS * pitch)));
    block = Math.min(LARGE_BLOCK, Math.max(SMALL_BLOCK, (pixels + wanted - 1) / wanted));
    blocks = (pixels + block - 1) / block;
  }

  /** out [n][k] = A Bᵀ / m; of the same features twice half is computed. */
  static void gram(Workers workers, Features a, Features b, float[] out) {
    new CpuGram(workers, a, b).run(out);
  }

  private void run(float[] out) {
    int rows = groups * ROWS;
    float[] sums = workers.shared().output(blocks * rows * pitch);
    int count = panels.count();
    if (blocks >= ITEMS) {
      workers.forEach(blocks, (item, scratch) -> add(item, 0, count, scratch, sums));
    } else {
      workers.forEach(
          count * blocks, // the first panels have the most rows below the diagonal
          (item, scratch) -> {
            int panel = item / blocks;
            add(item % blocks, panel, panel + 1, scratch, sums);
          });
    }
    workers.forEach(a.channels(), (row, scratch) -> finish(row, sums, out));
  }

  /** The lowest row of a group, none beyond the last channel of a pixel. */
  private int row(int group) {
    return Math.min(group * ROWS, a.pitch() - ROWS);
  }

  /** Some panels over a block of pixels. */
  private void add(int index, int firstPanel, int lastPanel, Scratch scratch, float[] sums) {
    int start = index * groups * ROWS * pitch;
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int column = panels.first(panel);
      int end = column + panels.columns(panel);
      for (int row = top(panel) * ROWS; row < groups * ROWS; row++) {
        Arrays.fill(sums, start + row * pitch + column, start + row * pitch + end, 0);
      }
    }
    int end = Math.min(pixels, (index + 1) * block);
    for (int from = index * block; from < end; from += RUN) {
      int length = Math.min(RUN, end - from);
      Run rows = a.run(from, length, scratch::input);
      Run columns = symmetric ? rows : b.run(from, length, scratch::frequencies);
      for (int panel = firstPanel; panel < lastPanel; panel++) {
        multiply(panel, rows, columns, length, sums, start);
      }
    }
  }

  /** The first group of rows that a panel needs: on or below the diagonal. */
  private int top(int panel) {
    return symmetric ? panels.first(panel) / ROWS : 0;
  }

  private void multiply(int panel, Run rows, Run columns, int length, float[] sums, int start) {
    int column = panels.first(panel);
    Gemm gemm = gemms[panel];
    for (int group = top(panel); group < groups; group++) {
      int to = start + group * ROWS * pitch + column;
      int left = rows.at() + row(group);
      gemm.add(length, rows.values(), left, columns.values(), columns.at() + column, sums, to);
    }
  }

  /** Adds up a row of the blocks' sums, in their order. */
  private void finish(int i, float[] sums, float[] out) {
    int group = i / ROWS;
    int place = group * ROWS + i - row(group);
    int k = b.channels();
    for (int j = 0; j < (symmetric ? i + 1 : k); j++) {
      double sum = 0;
      for (int index = 0; index < blocks; index++) {
        sum += sums[(index * groups * ROWS + place) * pitch + j];
      }
      out[i * k + j] = (float) (sum / pixels);
      if (symmetric) {
        out[j * k + i] = out[i * k + j];
      }
    }
  }
}
