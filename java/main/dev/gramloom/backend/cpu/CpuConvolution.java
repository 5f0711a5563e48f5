package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.cpu.PackedKernel.TileTaps;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Direct convolution and its adjoint, strip by strip.
 *
 * <p>A strip of rows is copied with its border into a padded scratch that fits the cache. There a
 * whole strip is one long run: every tap is a constant shift, and only the few sums that straddle
 * two rows are thrown away. The adjoint is the same sum with the kernel flipped over the padded
 * picture, whose border is then folded back as the edges say.
 */
final class CpuConvolution {
  /** Floats of scratch a strip may fill. */
  private static final int CACHE = 1 << 17;

  private static final int LANES = MicroKernel.LANES;

  /** Copies row {@code y} of input channel {@code c} with its border to scratch. */
  private interface RowSource {
    void read(int c, int y, float[] to, int at);
  }

  /** Takes the sums of output channel {@code k} for row {@code y}. */
  private interface RowSink {
    void write(int k, int y, float[] from, int at);
  }

  private final Workers workers;
  private final CpuFilters filters;
  private final Edges edges;
  private final int height;
  private final int width;
  private final int radius;

  CpuConvolution(Workers workers, CpuFilters filters, Edges edges, Shape picture) {
    this.workers = workers;
    this.filters = filters;
    this.edges = edges;
    this.height = picture.height();
    this.width = picture.width();
    this.radius = filters.kernel().radius();
  }

  /** y [K or 2K][H][W] = activation(W ⋆ x + b), x [C][H][W]. */
  void forward(float[] x, Activation activation, float[] y) {
    Planes planes = Planes.of(x, edges, new Shape(filters.kernel().inputs(), height, width));
    int padded = width + 2 * radius;
    RowSource source = (c, row, to, at) -> planes.read(c, row - radius, -radius, padded, to, at);
    float[] bias = filters.kernel().bias();
    int pixels = height * width;
    int negative = filters.kernel().outputs() * pixels;
    RowSink sink =
        (k, row, from, at) -> {
          int to = k * pixels + row * width;
          Rows.write(activation, from, at, bias[k], y, to, to + negative, width);
        };
    run(filters.forward(), height, width, source, sink);
  }

  /** dX [C][H][W] += adjoint of {@link #forward}; y and dY [K or 2K][H][W]. */
  void adjoint(float[] y, float[] dY, Activation activation, float[] padded, float[] dX) {
    int border = 2 * radius;
    Shape shape = new Shape(filters.kernel().outputs(), height, width);
    Planes planes = new Planes(dY, y, activation, Edges.ZERO, shape);
    RowSource source =
        (k, row, to, at) -> planes.read(k, row - border, -border, width + 2 * border, to, at);
    int paddedHeight = height + border;
    int paddedWidth = width + border;
    RowSink sink =
        (c, row, from, at) ->
            System.arraycopy(from, at, padded, (c * paddedHeight + row) * paddedWidth, paddedWidth);
    run(filters.adjoint(), paddedHeight, paddedWidth, source, sink);
    fold(padded, dX);
  }

  /** Floats {@link #adjoint} needs in {@code padded}. */
  int paddedSize() {
    return Math.toIntExact(
        (long) filters.kernel().inputs() * (height + 2 * radius) * (width + 2 * radius));
  }

  private void run(PackedKernel kernel, int rows, int columns, RowSource source, RowSink sink) {
    int pitch = columns + kernel.size - 1;
    int strip = stripRows(kernel, rows, pitch);
    int planeRows = strip + kernel.size - 1;
    int plane = planeRows * pitch;
    int run = (strip * pitch + LANES - 1) / LANES * LANES;
    List<TileTaps> tiles = kernel.tiles(plane, pitch);
    workers.forEach(
        (rows + strip - 1) / strip,
        (item, scratch) -> {
          int first = item * strip;
          int last = Math.min(rows, first + strip);
          float[] in = scratch.input(kernel.inputs * plane + run - strip * pitch + kernel.size);
          for (int c = 0; c < kernel.inputs; c++) {
            for (int r = 0; r < last - first + kernel.size - 1; r++) {
              source.read(c, first + r, in, c * plane + r * pitch);
            }
          }
          float[] sums = scratch.output(MicroKernel.ROWS * run);
          for (TileTaps tile : tiles) {
            multiply(tile, in, sums, run);
            for (int r = 0; r < tile.active(); r++) {
              for (int y = first; y < last; y++) {
                sink.write(tile.first() + r, y, sums, r * run + (y - first) * pitch);
              }
            }
          }
        });
  }

  private static void multiply(TileTaps tile, float[] in, float[] sums, int run) {
    Arrays.fill(sums, 0, tile.rows() * run, 0);
    if (tile.rows() == 1) {
      MicroKernel.multiply1(tile.taps(), in, 0, sums, 0, run);
    } else {
      MicroKernel.multiply4(tile.taps(), in, 0, sums, 0, run, run);
    }
  }

  private static int stripRows(PackedKernel kernel, int rows, int pitch) {
    int fitting = CACHE / (kernel.inputs * pitch) - (kernel.size - 1);
    int balanced = (rows + 7) / 8;
    return Math.max(1, Math.min(balanced, Math.max(8, Math.min(fitting, 16))));
  }

  /** For each column of a padded row the pixel it shows, −1 for nothing. */
  private int[] sources(Edge edge, int n) {
    int[] sources = new int[n + 2 * radius];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = edge.index(i - radius, n);
    }
    return sources;
  }

  /** Adds every padded pixel's slope to the pixel it showed, in the order of the padded picture. */
  private void fold(float[] padded, float[] dX) {
    int[] rows = sources(edges.vertical(), height);
    int[] columns = sources(edges.horizontal(), width);
    int channels = filters.kernel().inputs();
    workers.forEach(
        channels * height,
        (item, scratch) -> {
          int to = item * width;
          int y = item % height;
          for (int r = 0; r < rows.length; r++) {
            if (rows[r] == y) {
              int from = (item / height * rows.length + r) * columns.length;
              foldRow(padded, from, columns, dX, to);
            }
          }
        });
  }

  private void foldRow(float[] padded, int from, int[] columns, float[] dX, int to) {
    for (int i = 0; i < width; i++) {
      dX[to + i] += padded[from + radius + i];
    }
    for (int i = 0; i < radius; i++) {
      if (columns[i] >= 0) {
        dX[to + columns[i]] += padded[from + i];
      }
      int right = radius + width + i;
      if (columns[right] >= 0) {
        dX[to + columns[right]] += padded[from + right];
      }
    }
  }
}
