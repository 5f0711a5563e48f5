package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.ROWS;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.cpu.PictureWeights.Group;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * The convolution that a network begins with: of a picture, of few channels. A row of a filter is
 * then a run of floats of the picture as it lies, so the convolution is one matrix product over all
 * rows of the filter; and its adjoint one product, whose columns are the filter's weights, gathered
 * along the diagonals.
 */
final class PictureConvolution {
  /** Most channels of a picture: a pixel must fit a vector. */
  static final int MOST_CHANNELS = 4;

  /** Floats of sums of a strip: a part of the second cache. */
  private static final int SUMS = 1 << 16;

  /** Rows of the padded gradient that an item of work gathers, at least. */
  private static final int FEWEST_ROWS = 16;

  /** Most floats of the ring of an item of work: a part of the second cache. */
  private static final int RING = 1 << 17;

  private static final int ITEMS = 16;

  private final Workers workers;
  private final PictureWeights weights;
  private final PictureBorder border;
  private final int channels;
  private final int height;
  private final int width;
  private final int size;
  private final int radius;

  /**
   * @param picture x or dX
   */
  PictureConvolution(Workers workers, PictureWeights weights, Edges edges, CpuTensor picture) {
    this.workers = workers;
    this.weights = weights;
    this.channels = picture.channels();
    this.height = picture.shape().height();
    this.width = picture.shape().width();
    this.size = weights.size();
    this.radius = size / 2;
    this.border = new PictureBorder(picture, edges, radius);
  }

  /** y [K or 2K][H][W] = activation(W ⋆ x + b) of the picture x. */
  void forward(Activation activation, CpuTensor y) {
    Rectifier rectifier = new Rectifier(activation, weights.bias(), y);
    int pitch = border.columns();
    int columns = weights.columns();
    int strip = Math.max(1, Math.min(height, SUMS / (pitch * columns)));
    Gemm[][] gemms = forwardGemms();
    workers.forEach(
        (height + strip - 1) / strip,
        (item, scratch) -> {
          int first = item * strip;
          int rows = Math.min(strip, height - first);
          int run = (rows * pitch + ROWS - 1) / ROWS * ROWS;
          float[] in = scratch.input(((rows + size) * pitch + ROWS) * channels);
          for (int i = 0; i < rows + 2 * radius; i++) {
            border.read(first + i - radius, in, i * pitch * channels);
          }
          float[] sums = scratch.output(run * columns);
          Arrays.fill(sums, 0, run * columns, 0);
          multiply(gemms, in, run, sums);
          for (int i = 0; i < rows; i++) {
            rectifier.write(sums, i * pitch * columns, columns, (first + i) * width, width);
          }
        });
  }

  /** For each group and panel, the product with the filters' weights. */
  private Gemm[][] forwardGemms() {
    Gemm[][] gemms = new Gemm[weights.groups().size()][];
    for (int g = 0; g < gemms.length; g++) {
      Group group = weights.groups().get(g);
      boolean all = group.channel() == PictureWeights.ALL;
      int step = all ? 1 : channels;
      int count = all ? size * channels : size; // floats of a row of a filter that matter
      int skip = border.columns() * channels - count * step;
      Strides filters = new Strides(channels, step, count, skip);
      gemms[g] = group.panels().packedGemms(filters, weights.columns());
    }
    return gemms;
  }

  private void multiply(Gemm[][] gemms, float[] in, int run, float[] sums) {
    int columns = weights.columns();
    for (int g = 0; g < gemms.length; g++) {
      Group group = weights.groups().get(g);
      int at = group.channel() == PictureWeights.ALL ? 0 : group.channel();
      int taps = weights.taps(group);
      for (int panel = 0; panel < gemms[g].length; panel++) {
        int first = group.panels().first(panel);
        int matrix = group.start() + first * taps;
        for (int pixel = 0; pixel < run; pixel += ROWS) {
          int to = pixel * columns + group.first() + first;
          gemms[g][panel].add(taps, in, at + pixel * channels, weights.forward(), matrix, sums, to);
        }
      }
    }
  }

  /**
   * Columns of the padded gradient that an item of work gathers.
   *
   * @param end beyond the last
   */
  private record Columns(int first, int end) {
    int count() {
      return end - first;
    }
  }

  /** The picture dX += adjoint of {@link #forward}; y and dY [K or 2K][H][W]. */
  void adjoint(CpuTensor y, CpuTensor dY, Activation activation, float[] padded) {
    Rectifier rectifier = new Rectifier(activation, weights.bias(), y);
    int rows = height + 2 * radius;
    int strip = Math.max(FEWEST_ROWS, (rows + ITEMS - 1) / ITEMS);
    int strips = (rows + strip - 1) / strip;
    int fitting = Math.max(1, RING / (size * weights.shares()) - 2 * radius - ROWS);
    int parts = (border.columns() + fitting - 1) / fitting;
    Gemm[][] gemms = adjointGemms();
    workers.forEach(
        strips * parts,
        (item, scratch) -> {
          int part = item % parts;
          int first = item / parts * strip;
          int last = Math.min(rows, first + strip);
          Columns columns =
              new Columns(part * border.columns() / parts, (part + 1) * border.columns() / parts);
          float[] ring = scratch.frequencies(size * ringRow(columns));
          int[][] starts = starts();
          for (int row = first - 2 * radius; row < last; row++) {
            shares(gemms, rectifier, dY, row, columns, scratch, ring);
            if (row >= first) {
              gather(row, columns, ring, starts, scratch, padded);
            }
          }
        });
    border.fold(workers, padded);
  }

  /** Floats {@link #adjoint} needs in {@code padded}. */
  int paddedSize() {
    return border.size();
  }

  /** Floats of a row of shares: of all pixels whose filters reach the columns. */
  private int ringRow(Columns columns) {
    return (columns.count() + 2 * radius + ROWS) * weights.shares();
  }

  /** For each group and panel, the product with the weights that go back. */
  private Gemm[][] adjointGemms() {
    Strides slopes = Strides.of(weights.columns(), 1);
    return weights.groups().stream()
        .map(group -> group.adjointPanels().packedGemms(slopes, weights.shares()))
        .toArray(Gemm[][]::new);
  }

  /**
   * What each pixel of a row of dY gives to those its filters read, into the row's place in the
   * ring: [pixels][group][size][size][C of the group].
   *
   * @param gemms of {@link #adjointGemms}
   * @param row may lie outside: then nothing
   */
  private void shares(
      Gemm[][] gemms,
      Rectifier rectifier,
      CpuTensor dY,
      int row,
      Columns columns,
      Scratch scratch,
      float[] ring) {
    int step = weights.shares();
    int at = Math.floorMod(row, size) * ringRow(columns);
    Arrays.fill(ring, at, at + ringRow(columns), 0);
    if (row < 0 || row >= height) {
      return;
    }
    int reached = columns.first - 2 * radius; // the pixel that the row of shares begins with
    int from = Math.max(0, reached);
    int pixels = Math.min(width, columns.end) - from;
    int run = (pixels + ROWS - 1) / ROWS * ROWS;
    int pitch = weights.columns();
    float[] slopes = scratch.input(run * pitch);
    Arrays.fill(slopes, pixels * pitch, run * pitch, 0);
    rectifier.slopes(dY, row * width + from, pixels, slopes, pitch);
    for (int g = 0; g < gemms.length; g++) {
      Group group = weights.groups().get(g);
      for (int panel = 0; panel < gemms[g].length; panel++) {
        int first = group.adjointPanels().first(panel);
        int matrix = group.adjointStart() + first * group.count();
        for (int pixel = 0; pixel < run; pixel += ROWS) {
          int slope = pixel * pitch + group.first();
          int to = at + (from - reached + pixel) * step + group.share() + first;
          gemms[g][panel].add(group.count(), slopes, slope, weights.adjoint(), matrix, ring, to);
        }
      }
    }
  }

  /**
   * A row of the padded gradient: of each pixel the shares along the diagonals of the ring.
   *
   * @param starts room for where they are, for each channel
   */
  private void gather(
      int row, Columns columns, float[] ring, int[][] starts, Scratch scratch, float[] padded) {
    int count = columns.count();
    float[] line = scratch.output(count);
    for (int channel = 0; channel < channels; channel++) {
      start(row, columns, channel, starts[channel]);
      gatherRow(ring, starts[channel], weights.shares(), line, count);
      int to = row * border.rowSize() + columns.first * channels + channel;
      for (int x = 0; x < count; x++) {
        padded[to + x * channels] = line[x];
      }
    }
  }

  /** Where in the ring the shares of a row's first pixel are, in one channel. */
  private void start(int row, Columns columns, int channel, int[] starts) {
    int index = 0;
    for (Group group : weights.groups()) {
      if (!group.sees(channel)) {
        continue;
      }
      boolean all = group.channel() == PictureWeights.ALL;
      for (int i = 0; i < size; i++) { // the filter at row − i reads this row with its row i
        int slot = Math.floorMod(row - i, size) * ringRow(columns) + group.share();
        for (int j = 0; j < size; j++) {
          int tap = all ? (i * size + j) * channels + channel : i * size + j;
          starts[index++] = slot + (2 * radius - j) * weights.shares() + tap;
        }
      }
    }
  }

  /** For each channel as many numbers as a pixel gets shares. */
  private int[][] starts() {
    int[][] starts = new int[channels][];
    for (int channel = 0; channel < channels; channel++) {
      int groups = 0;
      for (Group group : weights.groups()) {
        groups += group.sees(channel) ? 1 : 0;
      }
      starts[channel] = new int[groups * size * size];
    }
    return starts;
  }

  /**
   * line[x] = Σ ring[start + x · step]; four sums at a time, for an addition waits for its last.
   */
  private static void gatherRow(float[] ring, int[] starts, int step, float[] line, int count) {
    int x = 0;
    for (; x + 4 <= count; x += 4) {
      float a = 0;
      float b = 0;
      float c = 0;
      float d = 0;
      for (int start : starts) {
        int at = start + x * step;
        a += ring[at];
        b += ring[at + step];
        c += ring[at + 2 * step];
        d += ring[at + 3 * step];
      }
      line[x] = a;
      line[x + 1] = b;
      line[x + 2] = c;
      line[x + 3] = d;
    }
    for (; x < count; x++) {
      float sum = 0;
      for (int start : starts) {
        sum += ring[start + x * step];
      }
      line[x] = sum;
    }
  }
}
