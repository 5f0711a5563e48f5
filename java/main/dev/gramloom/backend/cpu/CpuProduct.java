package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.ROWS;

import dev.gramloom.backend.cpu.Features.Run;
import java.util.Arrays;

/** A matrix times each pixel's features: the gradient of a Gram matrix's loss. */
final class CpuProduct {
  /** Most floats of the pixels of an item of work: a part of the second cache. */
  private static final int FLOATS = 1 << 16;

  /** Items that keep several threads busy to the end. */
  private static final int ITEMS = 24;

  /** Most channels whose numbers of a panel stay in the first cache while pixels pass by. */
  private static final int CHANNELS = 160;

  /**
   * D, as a verb gets it.
   *
   * @param scale what it is multiplied by
   * @param values [n][k], or [k][n] where {@code transposed}
   */
  record Matrix(float scale, float[] values, boolean transposed) {}

  private final Features x;
  private final CpuTensor sum;
  private final Panels panels;
  private final int pitch; // floats of a row of the packed matrix
  private final Gemm[] gemms; // a panel's each
  private final float[] packed; // Dᵀ, [panel][k][columns of the panel]

  private CpuProduct(Workers workers, Matrix matrix, Features x, CpuTensor sum) {
    this.x = x;
    this.sum = sum;
    panels = new Panels(sum.channels());
    pitch = panels.columns();
    gemms = panels.packedGemms(Strides.of(x.pitch(), 1), sum.pitch());
    packed = workers.shared().weights(x.channels() * pitch);
    workers.forEach(panels.count(), (panel, scratch) -> pack(matrix, panel));
  }

  private void pack(Matrix matrix, int panel) {
    int n = sum.channels();
    int k = x.channels();
    int first = panels.first(panel);
    int columns = panels.columns(panel);
    int exist = Math.min(n - first, columns);
    float[] values = matrix.values;
    for (int c = 0; c < k; c++) {
      int at = first * k + c * columns;
      for (int i = 0; i < exist; i++) {
        float value = matrix.transposed ? values[c * n + first + i] : values[(first + i) * k + c];
        packed[at + i] = matrix.scale * value;
      }
      Arrays.fill(packed, at + exist, at + columns, 0);
    }
  }

  /** sum [m][n] += D · x, x [m][k], D [n][k]. */
  static void add(Workers workers, Matrix matrix, Features x, CpuTensor sum) {
    var product = new CpuProduct(workers, matrix, x, sum);
    int pixels = x.x().pixels();
    int most = Math.min(FLOATS / x.pitch(), pixels / ITEMS);
    int run = Math.max(1, most / ROWS) * ROWS;
    workers.forEach(
        (pixels + run - 1) / run,
        (item, scratch) -> product.add(item * run, Math.min(run, pixels - item * run), scratch));
  }

  private void add(int from, int length, Scratch scratch) {
    Run run = x.run(from, length, scratch::input);
    int whole = length / ROWS * ROWS;
    if (sum.pitch() >= pitch) {
      multiply(gemms, run.values(), run.at(), whole, sum.values(), from * sum.pitch());
    } else {
      whole = 0;
    }
    if (whole == length) {
      return;
    }
    // what does not fill the rows of a product, or the lines of the cache, is done aside
    int left = length - whole;
    int rows = (left + ROWS - 1) / ROWS * ROWS;
    float[] values = scratch.patch(rows * x.pitch());
    float[] sums = scratch.output(rows * pitch);
    Arrays.fill(values, 0, rows * x.pitch(), 0);
    Arrays.fill(sums, 0, rows * pitch, 0);
    System.arraycopy(run.values(), run.at() + whole * x.pitch(), values, 0, left * x.pitch());
    Gemm[] aside = panels.packedGemms(Strides.of(x.pitch(), 1), pitch);
    multiply(aside, values, 0, rows, sums, 0);
    for (int i = 0; i < left; i++) {
      Rows.add(sums, i * pitch, sum.values(), (from + whole + i) * sum.pitch(), sum.channels());
    }
  }

  private void multiply(Gemm[] gemms, float[] values, int at, int rows, float[] to, int start) {
    int k = x.channels();
    int parts = (k + CHANNELS - 1) / CHANNELS;
    int most = (k + parts - 1) / parts; // alike: a product's way to its sums is as long for few
    for (int panel = 0; panel < panels.count(); panel++) {
      int first = panels.first(panel);
      int columns = panels.columns(panel);
      for (int c = 0; c < k; c += most) {
        int channels = Math.min(most, k - c);
        int matrix = first * k + c * columns;
        for (int row = 0; row < rows; row += ROWS) {
          int sums = start + row * gemms[panel].mRow() + first;
          gemms[panel].add(channels, values, at + row * x.pitch() + c, packed, matrix, to, sums);
        }
      }
    }
  }
}
