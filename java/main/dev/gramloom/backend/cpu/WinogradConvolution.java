package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.cpu.WinogradInput.Layout;
import dev.gramloom.backend.cpu.WinogradWeights.View;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * A 3x3 convolution, or its adjoint, by Winograd's minimal filtering.
 *
 * <p>The tiles are cut into chunks whose frequencies fit the cache. A chunk passes three steps:
 * pixels to frequencies, products, frequencies to sums. Where the weights are small each thread
 * takes chunks of its own; where they are large all threads share a chunk, so that the weights come
 * from memory once for all of them.
 */
final class WinogradConvolution {
  /** Weights above this many floats are shared between threads: they do not stay in a cache. */
  private static final int SHARED_WEIGHTS = 1 << 20;

  /** Tiles of a thread's own chunk, about. */
  private static final int OWN_TILES = 48;

  /** Floats that a shared chunk's frequencies may fill, about. */
  private static final int SHARED_FLOATS = 4 << 20;

  /** Where sums go. */
  interface Sink {
    /** Takes the sums of a row's columns {@code from} to {@code from + count}. */
    void write(int channel, int row, int from, int count, float[] sums, int at);
  }

  private final Workers workers;
  private final WinogradWeights weights;
  private final View view;
  private final Planes planes;
  private final Sink sink;
  private final boolean inOrder;
  private final int top;
  private final int left;
  private final int height; // rows of sums
  private final int width;
  private final WinogradInput input;
  private final WinogradOutput output;
  private final int step;

  private WinogradConvolution(
      Workers workers, WinogradWeights weights, View view, Planes planes, Sink sink, Edges folded) {
    this.workers = workers;
    this.weights = weights;
    this.view = view;
    this.planes = planes;
    this.sink = sink;
    boolean foldsRows = folded != null && folded.vertical() == Edge.REFLECT;
    boolean foldsColumns = folded != null && folded.horizontal() == Edge.REFLECT;
    this.inOrder = foldsRows || foldsColumns;
    this.top = foldsRows ? -1 : 0;
    this.left = foldsColumns ? -1 : 0;
    this.height = planes.shape().height() - 2 * top;
    this.width = planes.shape().width() - 2 * left;
    this.input = new WinogradInput(weights.transform, view.order());
    this.output = new WinogradOutput(weights.transform, view.order());
    this.step = weights.transform.outputs();
  }

  /** y [K or 2K][H][W] = activation(W ⋆ x + b), x [C][H][W]. */
  static void forward(
      Workers workers,
      WinogradWeights weights,
      float[] bias,
      Planes x,
      Activation activation,
      float[] y) {
    int pixels = x.shape().pixels();
    int pitch = x.shape().width();
    int negative = weights.view.rows() * pixels;
    Sink sink =
        (k, row, from, count, sums, at) -> {
          int to = k * pixels + row * pitch + from;
          Rows.write(activation, sums, at, bias[k], y, to, to + negative, count);
        };
    new WinogradConvolution(workers, weights, weights.view, x, sink, null).run();
  }

  /**
   * dX [C][H][W] += adjoint of {@link #forward}.
   *
   * @param view the adjoint's, of these weights
   * @param dY read with edges that do not mirror
   * @param edges those of the forward walk
   */
  static void adjoint(
      Workers workers, WinogradWeights weights, View view, Planes dY, Edges edges, float[] dX) {
    int rows = dY.shape().height();
    int columns = dY.shape().width();
    Sink sink =
        (c, row, from, count, sums, at) -> {
          int y = edges.vertical().index(row, rows);
          int start = (c * rows + y) * columns;
          int first = Math.max(0, from);
          int last = Math.min(columns, from + count);
          Rows.add(sums, at + first - from, dX, start + first, last - first);
          if (from < 0) {
            dX[start + edges.horizontal().index(-1, columns)] += sums[at - 1 - from];
          }
          if (from + count > columns) {
            dX[start + edges.horizontal().index(columns, columns)] += sums[at + columns - from];
          }
        };
    new WinogradConvolution(workers, weights, view, dY, sink, edges).run();
  }

  private int tileRows() {
    return (height + step - 1) / step;
  }

  private int tileColumns() {
    return (width + step - 1) / step;
  }

  private void run() {
    boolean shared = inOrder || weights.values.length > SHARED_WEIGHTS;
    int perTile = (view.inners() + view.rows()) * weights.transform.floats();
    int most = shared ? Math.max(OWN_TILES, SHARED_FLOATS / perTile) : OWN_TILES;
    int blocks = (tileColumns() + WinogradProduct.TILES - 1) / WinogradProduct.TILES;
    int parts = (tileColumns() + most - 1) / most;
    int partTiles = (blocks + parts - 1) / parts * WinogradProduct.TILES;
    int strips = Math.max(1, Math.min(tileRows(), most / Math.min(partTiles, tileColumns())));
    int bands = (tileRows() + strips - 1) / strips;
    strips = (tileRows() + bands - 1) / bands; // as even as they can be
    int rows = strips;
    int columns = partTiles;
    int acrossParts = (tileColumns() + partTiles - 1) / partTiles;
    int chunks = bands * acrossParts;
    if (shared) {
      for (int i = 0; i < chunks; i++) {
        chunk(i / acrossParts * rows, rows, i % acrossParts * columns, columns)
            .run(workers::forEach, workers.shared());
      }
    } else {
      workers.forEach(
          chunks,
          (i, scratch) ->
              chunk(i / acrossParts * rows, rows, i % acrossParts * columns, columns)
                  .run(
                      (count, item) -> {
                        for (int j = 0; j < count; j++) {
                          item.run(j, scratch);
                        }
                      },
                      scratch));
    }
  }

  private Chunk chunk(int firstRow, int rows, int firstColumn, int columns) {
    return new Chunk(
        firstRow,
        Math.min(rows, tileRows() - firstRow),
        firstColumn,
        Math.min(columns, tileColumns() - firstColumn));
  }

  /** Who does items of work: all threads, or the one that asks. */
  private interface Crew {
    void forEach(int count, Workers.Item item);
  }

  /** A rectangle of tiles. */
  private final class Chunk {
    private final int firstRow;
    private final int rows;
    private final int firstColumn;
    private final int columns;
    private final WinogradProduct product;

    Chunk(int firstRow, int rows, int firstColumn, int columns) {
      this.firstRow = firstRow;
      this.rows = rows;
      this.firstColumn = firstColumn;
      this.columns = columns;
      this.product = new WinogradProduct(weights, view, rows * columns);
    }

    void run(Crew crew, Scratch memory) {
      float[] v = memory.frequencies(Math.toIntExact(product.inputFloats()));
      float[] m = memory.products(Math.toIntExact(product.outputFloats()));
      int inners = WinogradWeights.whole(view.inners()); // the product reads whole blocks
      crew.forEach(inners * rows, (i, scratch) -> toFrequencies(i / rows, i % rows, scratch, v));
      crew.forEach(product.items(), (i, scratch) -> product.run(i, v, m));
      int together = inOrder ? rows : 1; // where borders fold, strips must follow each other
      crew.forEach(
          view.rows() * rows / together,
          (i, scratch) -> {
            int first = i * together;
            for (int j = first; j < first + together; j++) {
              toSums(j / rows, j % rows, scratch, m);
            }
          });
    }

    private void toFrequencies(int channel, int strip, Scratch scratch, float[] v) {
      Layout layout = product.input(channel);
      int size = weights.transform.size();
      int pitch = input.pitch(columns);
      float[] pixels = scratch.input(2 * size * pitch);
      double[] pairs = scratch.pairs(input.between(columns));
      if (channel >= view.inners()) {
        Arrays.fill(pixels, 0, size * pitch, 0);
      } else {
        int x = left + firstColumn * step - 1;
        int y = top + (firstRow + strip) * step - 1;
        for (int i = 0; i < size; i++) {
          planes.read(channel, y + i, x, input.columns(columns), pixels, i * pitch);
        }
      }
      input.run(pixels, pairs, columns, v, layout, strip * columns);
    }

    private void toSums(int channel, int strip, Scratch scratch, float[] m) {
      int pitch = output.pitch(columns);
      float[] sums = scratch.output(step * pitch);
      double[] pairs = scratch.pairs(output.between(columns));
      output.run(m, product.output(channel), strip * columns, columns, pairs, sums);
      int x = firstColumn * step;
      int y = (firstRow + strip) * step;
      int count = Math.min(columns * step, width - x);
      for (int i = 0; i < Math.min(step, height - y); i++) {
        sink.write(channel, top + y + i, left + x, count, sums, i * pitch);
      }
    }
  }
}
