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

  private static final int ITEMS = 16;

  private final Workers workers;
  private final PictureWeights weights;
  private final Edges edges;
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
    this.edges = edges;
    this.channels = picture.channels();
    this.height = picture.shape().height();
    this.width = picture.shape().width();
    this.size = weights.size();
    this.radius = size / 2;
  }

  /** y [K or 2K][H][W] = activation(W ⋆ x + b), x [C][H][W]. */
  void forward(CpuTensor x, Activation activation, CpuTensor y) {
    Rectifier rectifier = new Rectifier(activation, weights.bias(), y);
    int pitch = width + 2 * radius;
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
            read(x, first + i - radius, in, i * pitch * channels);
          }
          float[] sums = scratch.output(run * columns);
          Arrays.fill(sums, 0, run * columns, 0);
          multiply(in, run, pitch, sums);
          for (int i = 0; i < rows; i++) {
            rectifier.write(sums, i * pitch * columns, columns, (first + i) * width, width);
          }
        });
  }

  /** Copies a row with its border, [W + 2 radius][C]. */
  private void read(CpuTensor x, int row, float[] to, int at) {
    int y = edges.vertical().index(row, height);
    if (y < 0) {
      Arrays.fill(to, at, at + (width + 2 * radius) * channels, 0);
      return;
    }
    int from = y * width;
    System.arraycopy(x.values(), from * channels, to, at + radius * channels, width * channels);
    for (int i = 0; i < radius; i++) {
      pixel(x, from, i - radius, to, at + i * channels);
      pixel(x, from, width + i, to, at + (radius + width + i) * channels);
    }
  }

  private void pixel(CpuTensor x, int from, int column, float[] to, int at) {
    int inside = edges.horizontal().index(column, width);
    for (int c = 0; c < channels; c++) {
      to[at + c] = inside < 0 ? 0 : x.values()[(from + inside) * channels + c];
    }
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

  /** dX [C][H][W] += adjoint of {@link #forward}; y and dY [K or 2K][H][W]. */
  void adjoint(CpuTensor y, CpuTensor dY, Activation activation, float[] padded, CpuTensor dX) {
    Rectifier rectifier = new Rectifier(activation, weights.bias(), y);
    int rows = height + 2 * radius;
    int strip = Math.max(FEWEST_ROWS, (rows + ITEMS - 1) / ITEMS);
    workers.forEach(
        (rows + strip - 1) / strip,
        (item, scratch) -> {
          int first = item * strip;
          int last = Math.min(rows, first + strip);
          float[] ring = scratch.frequencies(size * ringRow() + LANES);
          for (int row = first - 2 * radius; row < last; row++) {
            shares(rectifier, dY, row, scratch, ring);
            if (row >= first) {
              gather(row, ring, scratch, padded);
            }
          }
        });
    fold(padded, dX);
  }

  /** Floats {@link #adjoint} needs in {@code padded}. */
  int paddedSize() {
    return Math.multiplyExact(
        height + 2 * radius, Math.multiplyExact(width + 2 * radius, channels));
  }

  /** Floats of a row of shares: as many pixels without a gradient before the first and after. */
  private int ringRow() {
    return (width + 4 * radius + ROWS) * weights.taps();
  }

  /**
   * What each pixel of a row of dY gives to those its filters read: [pixels][size][size][C], into
   * the row's place in the ring.
   *
   * @param row may lie outside: then nothing
   */
  private void shares(Rectifier rectifier, CpuTensor dY, int row, Scratch scratch, float[] ring) {
    int taps = weights.taps();
    int at = Math.floorMod(row, size) * ringRow();
    Arrays.fill(ring, at, at + ringRow(), 0);
    if (row < 0 || row >= height) {
      return;
    }
    int run = (width + ROWS - 1) / ROWS * ROWS;
    int pitch = weights.columns();
    float[] slopes = scratch.input(run * pitch);
    Arrays.fill(slopes, width * pitch, run * pitch, 0);
    rectifier.slopes(dY, row * width, width, slopes, pitch);
    Panels panels = weights.adjointPanels();
    Gemm[] gemms = panels.packedGemms(Strides.of(pitch, 1), taps);
    for (int panel = 0; panel < panels.count(); panel++) {
      int first = panels.first(panel);
      int matrix = first * weights.outputs();
      for (int pixel = 0; pixel < run; pixel += ROWS) {
        int to = at + (2 * radius + pixel) * taps + first;
        gemms[panel].add(
            weights.outputs(), slopes, pixel * pitch, weights.adjoint(), matrix, ring, to);
      }
    }
  }

  /** A row of the padded gradient: of each pixel the shares along the diagonals of the ring. */
  private void gather(int row, float[] ring, Scratch scratch, float[] padded) {
    int columns = width + 2 * radius;
    int taps = weights.taps();
    int[] starts = new int[size * size];
    for (int i = 0; i < size; i++) { // the filter at row − i reads this row with its row i
      int slot = Math.floorMod(row - i, size) * ringRow();
      for (int j = 0; j < size; j++) {
        starts[i * size + j] = slot + (2 * radius - j) * taps + (i * size + j) * channels;
      }
    }
    float[] line = scratch.output(columns * channels + LANES);
    gatherRow(ring, starts, taps, line, columns, channels);
    System.arraycopy(line, 0, padded, row * columns * channels, columns * channels);
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

  /** Adds every padded pixel's slope to the pixel it showed, in the order of the padded picture. */
  private void fold(float[] padded, CpuTensor dX) {
    int columns = width + 2 * radius;
    int[] rows = Border.shown(edges.vertical(), height, radius);
    int[] pixels = Border.shown(edges.horizontal(), width, radius);
    workers.forEach(
        height,
        (y, scratch) -> {
          for (int r = 0; r < rows.length; r++) {
            if (rows[r] == y) {
              int from = r * columns * channels;
              int to = y * width * channels;
              Rows.add(padded, from + radius * channels, dX.values(), to, width * channels);
              for (int i = 0; i < radius; i++) {
                addPixel(padded, from, i, dX, to, pixels[i]);
                addPixel(padded, from, radius + width + i, dX, to, pixels[radius + width + i]);
              }
            }
          }
        });
  }

  private void addPixel(float[] padded, int from, int column, CpuTensor dX, int to, int inside) {
    for (int c = 0; c < channels && inside >= 0; c++) {
      dX.values()[to + inside * channels + c] += padded[from + column * channels + c];
    }
  }
}
