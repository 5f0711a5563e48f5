package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.ROWS;
import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import dev.gramloom.backend.Activation;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

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
          multiply(in, run, pitch, sums);
          for (int i = 0; i < rows; i++) {
            rectifier.write(sums, i * pitch * columns, columns, (first + i) * width, width);
          }
        });
  }

  private void multiply(float[] in, int run, int pitch, float[] sums) {
    int row = size * channels;
    Strides filters = new Strides(channels, 1, row, pitch * channels - row);
    Panels panels = weights.forwardPanels();
    Gemm[] gemms = panels.packedGemms(filters, weights.columns());
    for (int panel = 0; panel < panels.count(); panel++) {
      int first = panels.first(panel);
      for (int pixel = 0; pixel < run; pixel += ROWS) {
        int to = pixel * weights.columns() + first;
        gemms[panel].add(
            size * row, in, pixel * channels, weights.forward(), first * size * row, sums, to);
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
    int fitting = Math.max(1, RING / (size * weights.taps()) - 2 * radius - ROWS);
    int parts = (border.columns() + fitting - 1) / fitting;
    workers.forEach(
        strips * parts,
        (item, scratch) -> {
          int part = item % parts;
          int first = item / parts * strip;
          int last = Math.min(rows, first + strip);
          Columns columns =
              new Columns(part * border.columns() / parts, (part + 1) * border.columns() / parts);
          float[] ring = scratch.frequencies(size * ringRow(columns) + LANES);
          for (int row = first - 2 * radius; row < last; row++) {
            shares(rectifier, dY, row, columns, scratch, ring);
            if (row >= first) {
              gather(row, columns, ring, scratch, padded);
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
    return (columns.count() + 2 * radius + ROWS) * weights.taps();
  }

  /**
   * What each pixel of a row of dY gives to those its filters read: [pixels][size][size][C], into
   * the row's place in the ring.
   *
   * @param row may lie outside: then nothing
   */
  private void shares(
      Rectifier rectifier, CpuTensor dY, int row, Columns columns, Scratch scratch, float[] ring) {
    int taps = weights.taps();
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
    Panels panels = weights.adjointPanels();
    Gemm[] gemms = panels.packedGemms(Strides.of(pitch, 1), taps);
    for (int panel = 0; panel < panels.count(); panel++) {
      int first = panels.first(panel);
      int matrix = first * weights.outputs();
      for (int pixel = 0; pixel < run; pixel += ROWS) {
        int to = at + (from - reached + pixel) * taps + first;
        gemms[panel].add(
            weights.outputs(), slopes, pixel * pitch, weights.adjoint(), matrix, ring, to);
      }
    }
  }

  /** A row of the padded gradient: of each pixel the shares along the diagonals of the ring. */
  private void gather(int row, Columns columns, float[] ring, Scratch scratch, float[] padded) {
    int taps = weights.taps();
    int[] starts = new int[size * size];
    for (int i = 0; i < size; i++) { // the filter at row − i reads this row with its row i
      int slot = Math.floorMod(row - i, size) * ringRow(columns);
      for (int j = 0; j < size; j++) {
        starts[i * size + j] = slot + (2 * radius - j) * taps + (i * size + j) * channels;
      }
    }
    float[] line = scratch.output(columns.count() * channels + LANES);
    gatherRow(ring, starts, taps, line, columns.count(), channels);
    int to = row * border.rowSize() + columns.first * channels;
    System.arraycopy(line, 0, padded, to, columns.count() * channels);
  }

  private static void gatherRow(
      float[] ring, int[] starts, int taps, float[] line, int columns, int channels) {
    for (int x = 0; x < columns; x++) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int start : starts) {
        sum = sum.add(FloatVector.fromArray(SPECIES, ring, start + x * taps));
      }
      sum.intoArray(line, x * channels); // what is beyond the channels the next pixel overwrites
    }
  }
}
