package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.cpu.PackedKernel.TileTaps;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;
import java.util.List;

/**
 * Direct convolution and its adjoint, strip by strip.
 *
 * <p>A strip of rows is copied plane by plane, with its border, into a padded scratch that fits the
 * cache. There a whole strip is one long run: every tap is a constant shift, and only the few sums
 * that straddle two rows are thrown away. The adjoint is the same sum with the kernel flipped over
 * the padded picture, whose border is then folded back as the edges say.
 */
final class DirectConvolution {
  /** Floats of scratch a strip may fill. */
  private static final int CACHE = 1 << 17;

  /** Takes the sums of row {@code y} of a tile's outputs. */
  private interface RowSink {
    void write(TileTaps tile, int y, float[] from, int at, int plane);
  }

  private final Workers workers;
  private final CpuFilters filters;
  private final Edges edges;
  private final int height;
  private final int width;
  private final int radius;

  /**
   * @param picture a tensor of the picture's size
   */
  DirectConvolution(Workers workers, CpuFilters filters, Edges edges, CpuTensor picture) {
    this.workers = workers;
    this.filters = filters;
    this.edges = edges;
    this.height = picture.shape().height();
    this.width = picture.shape().width();
    this.radius = filters.kernel().radius();
  }

  /** y [K or 2K][H][W] = activation(W ⋆ x + b), x [C][H][W]. */
  void forward(CpuTensor x, Activation activation, CpuTensor y) {
    Rows.clearPadding(workers, y);
    float[] bias = filters.kernel().bias();
    RowSink sink =
        (tile, row, from, at, plane) -> {
          for (int r = 0; r < tile.active(); r++) {
            int k = tile.first() + r;
            int to = row * width * y.pitch() + k;
            Rows.scatter(activation, from, at + r * plane, bias[k], width, y, to);
          }
        };
    run(filters.forward(), Planes.of(x, edges), radius, height, width, sink);
  }

  /** dX [C][H][W] += adjoint of {@link #forward}; y and dY [K or 2K][H][W]. */
  void adjoint(CpuTensor y, CpuTensor dY, Activation activation, float[] padded, CpuTensor dX) {
    int border = 2 * radius;
    Planes planes = new Planes(dY, y, activation, Edges.ZERO, filters.kernel().outputs());
    int paddedHeight = height + border;
    int paddedWidth = width + border;
    RowSink sink =
        (tile, row, from, at, plane) -> {
          for (int r = 0; r < tile.active(); r++) {
            int to = ((tile.first() + r) * paddedHeight + row) * paddedWidth;
            System.arraycopy(from, at + r * plane, padded, to, paddedWidth);
          }
        };
    run(filters.adjoint(), planes, border, paddedHeight, paddedWidth, sink);
    fold(padded, dX);
  }

  /** Floats {@link #adjoint} needs in {@code padded}. */
  int paddedSize() {
    return Math.toIntExact(
        (long) filters.kernel().inputs() * (height + 2 * radius) * (width + 2 * radius));
  }

  /**
   * @param reach rows and columns that the first sum reads before the picture's first
   */
  private void run(
      PackedKernel kernel, Planes source, int reach, int rows, int columns, RowSink sink) {
    int pitch = columns + kernel.size - 1;
    int strip = stripRows(kernel, rows, pitch);
    int plane = (strip + kernel.size - 1) * pitch;
    int run = Lanes.whole(strip * pitch);
    List<TileTaps> tiles = kernel.tiles(plane, pitch);
    workers.forEach(
        (rows + strip - 1) / strip,
        (item, scratch) -> {
          int first = item * strip;
          int last = Math.min(rows, first + strip);
          float[] in = scratch.input(kernel.inputs * plane + run - strip * pitch + kernel.size);
          for (int c = 0; c < kernel.inputs; c += Planes.TOGETHER) {
            for (int r = 0; r < last - first + kernel.size - 1; r++) {
              int at = c * plane + r * pitch;
              source.read(c, first + r - reach, -reach, pitch, in, at, plane);
            }
          }
          float[] sums = scratch.output(DirectKernel.ROWS * run);
          for (TileTaps tile : tiles) {
            multiply(tile, in, sums, run);
            for (int y = first; y < last; y++) {
              sink.write(tile, y, sums, (y - first) * pitch, run);
            }
          }
        });
  }

  private static void multiply(TileTaps tile, float[] in, float[] sums, int run) {
    Arrays.fill(sums, 0, tile.rows() * run, 0);
    if (tile.rows() == 1) {
      DirectKernel.multiply1(tile.taps(), in, 0, sums, 0, run);
    } else {
      DirectKernel.multiply4(tile.taps(), in, 0, sums, 0, run, run);
    }
  }

  private static int stripRows(PackedKernel kernel, int rows, int pitch) {
    int fitting = CACHE / (kernel.inputs * pitch) - (kernel.size - 1);
    int balanced = (rows + 7) / 8;
    return Math.max(1, Math.min(balanced, Math.max(8, Math.min(fitting, 16))));
  }

  /** Adds every padded pixel's slope to the pixel it showed, in the order of the padded picture. */
  private void fold(float[] padded, CpuTensor dX) {
    int[] rows = Border.shown(edges.vertical(), height, radius);
    int[] columns = Border.shown(edges.horizontal(), width, radius);
    workers.forEach(
        height,
        (y, scratch) -> {
          for (int r = 0; r < rows.length; r++) {
            if (rows[r] == y) {
              for (int c = 0; c < dX.channels(); c++) {
                int from = (c * rows.length + r) * columns.length;
                foldRow(padded, from, columns, dX, y * width * dX.pitch() + c);
              }
            }
          }
        });
  }

  private void foldRow(float[] padded, int from, int[] columns, CpuTensor dX, int to) {
    float[] sum = dX.values();
    int pitch = dX.pitch();
    for (int i = 0; i < width; i++) {
      sum[to + i * pitch] += padded[from + radius + i];
    }
    for (int i = 0; i < radius; i++) {
      if (columns[i] >= 0) {
        sum[to + columns[i] * pitch] += padded[from + i];
      }
      int right = radius + width + i;
      if (columns[right] >= 0) {
        sum[to + columns[right] * pitch] += padded[from + right];
      }
    }
  }
}
