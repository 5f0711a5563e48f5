package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.ROWS;
import static dev.gramloom.backend.cpu.Lanes.LANES;

import dev.gramloom.backend.cpu.Features.Run;
import java.util.Arrays;

/**
 * Gram matrices, A Bᵀ / M.
 *
 * <p>A matrix is cut into groups of rows, the pixels into blocks; an item of work is some groups
 * over a block, and of a symmetric matrix only what is on or below the diagonal. A block's sums are
 * float32 and stand alone; they are added in double in the order of the blocks, so the bits do not
 * depend on the threads.
 */
final class CpuGram {
  /**
   * Pixels that stay in the first cache while all rows and columns pass by; and the longest chain
   * of sums: of twice as many a rolled picture has another loss in the sixth digit.
   */
  private static final int RUN = 64;

  /** Most pixels of a block: the terms of a sum in float32. */
  private static final int LARGE_BLOCK = 1 << 13;

  private static final int SMALL_BLOCK = 16;

  /** Blocks, and floats of their sums, that more exactness is worth. */
  private static final int MOST_BLOCKS = 64;

  private static final int SUMS = 1 << 20;

  /** Rows that are mirrored together: a line of the cache across. */
  private static final int BAND = 16;

  /** Items that keep several threads busy to the end. */
  private static final int ITEMS = 24;

  private final Workers workers;
  private final Features a;
  private final Features b;
  private final boolean symmetric;
  private final int pixels;
  private final int block;
  private final int blocks;
  private final int groups; // of ROWS rows
  private final Panels[] panels; // the columns that a group needs
  private final int pitch; // floats of a row of sums
  private final int[] parts; // the first group of each part of the rows, alike in work; and the end
  private final Gemm[] gemms = new Gemm[Gemm.MOST_VECTORS + 1]; // for each number of vectors

  private CpuGram(Workers workers, Features a, Features b) {
    this.workers = workers;
    this.a = a;
    this.b = b;
    symmetric = a.sameAs(b);
    pixels = a.x().pixels();
    Panels all = new Panels(b.channels());
    pitch = all.columns();
    groups = (a.channels() + ROWS - 1) / ROWS;
    panels = new Panels[groups];
    for (int group = 0; group < groups; group++) {
      int diagonal = row(group) + ROWS;
      panels[group] = symmetric && diagonal < pitch ? new Panels(diagonal) : all;
    }
    parts = parts(all.count());
    for (int vectors = 1; vectors < gemms.length; vectors++) {
      gemms[vectors] = new Gemm(vectors, Strides.of(1, a.pitch()), b.pitch(), pitch);
    }
    int busy = (ITEMS + all.count() - 1) / all.count();
    int wanted = Math.max(busy, Math.min(MOST_BLOCKS, SUMS / (groups * ROWS * pitch)));
    block = Math.min(LARGE_BLOCK, Math.max(SMALL_BLOCK, (pixels + wanted - 1) / wanted));
    blocks = (pixels + block - 1) / block;
  }

  private int[] parts(int count) {
    int all = 0;
    for (Panels columns : panels) {
      all += columns.columns();
    }
    int[] starts = new int[count + 1];
    int done = 0;
    for (int group = 0, part = 1; group < groups && part < count; group++) {
      done += panels[group].columns();
      while (part < count && (long) done * count >= (long) all * part) {
        starts[part++] = group + 1;
      }
    }
    starts[count] = groups;
    return starts;
  }

  /** out [n][k] = A Bᵀ / m; of the same features twice half is computed. */
  static void gram(Workers workers, Features a, Features b, float[] out) {
    new CpuGram(workers, a, b).run(out);
  }

  private void run(float[] out) {
    float[] sums = workers.shared().output(blocks * groups * ROWS * pitch);
    int count = parts.length - 1;
    if (blocks >= ITEMS) {
      workers.forEach(blocks, (item, scratch) -> add(item, 0, groups, scratch, sums));
    } else {
      workers.forEach(
          count * blocks,
          (item, scratch) -> {
            int part = item / blocks;
            add(item % blocks, parts[part], parts[part + 1], scratch, sums);
          });
    }
    workers.forEach(a.channels(), (row, scratch) -> finish(row, scratch, sums, out));
    if (symmetric) {
      int bands = (a.channels() + BAND - 1) / BAND;
      workers.forEach(bands, (band, scratch) -> mirror(band * BAND, out));
    }
  }

  /** The lowest row of a group, none beyond the last channel of a pixel. */
  private int row(int group) {
    return Math.min(group * ROWS, a.pitch() - ROWS);
  }

  /** Some groups of rows over a block of pixels. */
  private void add(int index, int firstGroup, int lastGroup, Scratch scratch, float[] sums) {
    int start = index * groups * ROWS * pitch;
    for (int row = firstGroup * ROWS; row < lastGroup * ROWS; row++) {
      int from = start + row * pitch;
      Arrays.fill(sums, from, from + panels[row / ROWS].columns(), 0);
    }
    int end = Math.min(pixels, (index + 1) * block);
    for (int from = index * block; from < end; from += RUN) {
      int length = Math.min(RUN, end - from);
      Run rows = a.run(from, length, scratch::input);
      Run columns = symmetric ? rows : b.run(from, length, scratch::frequencies);
      for (int group = firstGroup; group < lastGroup; group++) {
        multiply(group, rows, columns, length, sums, start + group * ROWS * pitch);
      }
    }
  }

  private void multiply(int group, Run rows, Run columns, int length, float[] sums, int to) {
    Panels needed = panels[group];
    int left = rows.at() + row(group);
    for (int panel = 0; panel < needed.count(); panel++) {
      int column = needed.first(panel);
      Gemm gemm = gemms[needed.columns(panel) / LANES];
      int right = columns.at() + column;
      gemm.add(length, rows.values(), left, columns.values(), right, sums, to + column);
    }
  }

  /** Adds up a row of the blocks' sums, in their order; of a symmetric matrix to the diagonal. */
  private void finish(int i, Scratch scratch, float[] sums, float[] out) {
    int group = i / ROWS;
    int place = group * ROWS + i - row(group);
    int k = b.channels();
    int count = symmetric ? i + 1 : k;
    double[] line = scratch.doubles(count);
    Arrays.fill(line, 0, count, 0);
    for (int index = 0; index < blocks; index++) {
      int from = (index * groups * ROWS + place) * pitch;
      for (int j = 0; j < count; j++) {
        line[j] += sums[from + j];
      }
    }
    for (int j = 0; j < count; j++) {
      out[i * k + j] = (float) (line[j] / pixels);
    }
  }

  /** Copies what is below the diagonal to some rows above it. */
  private void mirror(int first, float[] out) {
    int k = b.channels();
    int end = Math.min(k, first + BAND);
    for (int j = first + 1; j < k; j++) {
      for (int i = first; i < Math.min(j, end); i++) {
        out[i * k + j] = out[j * k + i];
      }
    }
  }
}
