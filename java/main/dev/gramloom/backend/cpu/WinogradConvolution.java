package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.PANEL;
import static dev.gramloom.backend.cpu.Gemm.ROWS;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.cpu.WinogradTiles.Finish;
import dev.gramloom.backend.cpu.WinogradTiles.Frequencies;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * A 3x3 convolution, or its adjoint, by Winograd's minimal filtering.
 *
 * <p>The tiles are cut into chunks whose frequencies fit the cache. A chunk passes three steps:
 * pixels to frequencies, products, frequencies to sums.
 *
 * <pre>
 *   V  [T²][tiles/6][C/16][6][16]        frequencies of the picture, C and K filled up
 *   U  [T²][C][PANEL]                    frequencies of a panel of filters
 *   M  [T²][tiles/6][K/PANEL][6][PANEL]  their products
 * </pre>
 *
 * <p>Where a layer has few filters their frequencies are made once, and each thread takes chunks of
 * its own. Where it has many, all threads share a chunk, each a panel of filters and a row of
 * frequencies, or all, and make just the frequencies they need at the moment.
 */
final class WinogradConvolution {
  /** Floats of a layer's frequencies that are kept through a walk over the picture. */
  private static final int KEPT = 1 << 20;

  /** Tiles of a thread's own chunk: its frequencies are for the second cache. */
  private static final int OWN_TILES = 4 * ROWS;

  /** Floats that V and M of a shared chunk may fill: a part of the third cache. */
  private static final int SHARED_FLOATS = 8 << 20;

  /** Channels whose frequencies stay in the second cache while tiles pass by. */
  private static final int CHANNELS = 256;

  /** Between planes of frequencies, so that they do not fall on the same lines of the cache. */
  private static final int PADDING = CpuTensor.LINE;

  /**
   * Panels a thread that keep all threads busy to the end: then a panel of few tiles is an item,
   * and its filters come from memory once, not for each row of frequencies.
   */
  private static final int PANELS = 4;

  /** Tiles of an item of a shared chunk. */
  private static final int ITEM_TILES = 4;

  private static final Gemm GEMM =
      new Gemm(
          Gemm.MOST_VECTORS,
          new Strides(CpuTensor.LINE, 1, CpuTensor.LINE, (ROWS - 1) * CpuTensor.LINE),
          PANEL,
          PANEL);

  private final Workers workers;
  private final WinogradTransform transform;
  private final WinogradWeights weights;
  private final float[] bias; // [panels · PANEL], or null
  private final WinogradTiles tiles;
  private final int size; // T
  private final int cPitch;
  private final int kPitch;

  private WinogradConvolution(
      Workers workers,
      WinogradTransform transform,
      WinogradWeights weights,
      float[] bias,
      WinogradTiles tiles) {
    this.workers = workers;
    this.transform = transform;
    this.weights = weights;
    this.bias = bias;
    this.tiles = tiles;
    this.size = transform.size();
    this.cPitch = CpuTensor.pitch(weights.inners());
    this.kPitch = weights.panels() * PANEL;
  }

  /** y [K][H][W] = activation(W ⋆ x + b), x [C][H][W]; both of at least 16 channels. */
  static void forward(
      Workers workers,
      WinogradTransform transform,
      WinogradWeights weights,
      float[] bias,
      Patches x,
      Activation activation,
      CpuTensor y) {
    float[] padded = Arrays.copyOf(bias, weights.panels() * PANEL);
    float floor = activation == Activation.RELU ? 0 : Float.NEGATIVE_INFINITY;
    var finish = new Finish(floor, false, new Border(Edges.ZERO, y.shape()));
    WinogradTiles tiles = new WinogradTiles(transform, x, y, finish);
    new WinogradConvolution(workers, transform, weights, padded, tiles).run();
  }

  /**
   * dX [C][H][W] += adjoint of {@link #forward}. Zeros that were put off for dX are never written.
   *
   * @param weights flipped, inputs and outputs exchanged
   * @param dY read with edges that do not mirror
   * @param edges those of the forward walk
   */
  static void adjoint(
      Workers workers,
      WinogradTransform transform,
      WinogradWeights weights,
      Patches dY,
      Edges edges,
      CpuTensor dX) {
    Border border = new Border(edges, dX.shape());
    var finish = new Finish(Float.NEGATIVE_INFINITY, !workers.dropZeros(dX), border);
    WinogradTiles tiles = new WinogradTiles(transform, dY, dX, finish);
    new WinogradConvolution(workers, transform, weights, null, tiles).run();
    border.fold(dX.values());
  }

  private void run() {
    long all = (long) transform.frequencies() * weights.inners() * kPitch;
    if (all <= KEPT) {
      runOwn();
    } else {
      runShared();
    }
  }

  private int whole(int count) {
    return (Math.min(count, tiles.count()) + ROWS - 1) / ROWS * ROWS;
  }

  private void runOwn() {
    int plane = weights.inners() * PANEL + PADDING;
    float[] u = workers.shared().weights(weights.panels() * transform.frequencies() * plane);
    workers.forEach(
        weights.panels() * size,
        (item, scratch) -> {
          int at = (item / size * transform.frequencies() + item % size * size) * plane;
          weights.transform(transform, item / size, item % size, 0, weights.inners(), u, at, plane);
        });
    int most = whole(OWN_TILES);
    workers.forEach(
        (tiles.count() + most - 1) / most,
        (item, scratch) -> {
          Chunk chunk = new Chunk(item * most, most, scratch);
          tiles.toFrequencies(chunk.first, 0, chunk.count, chunk.v, scratch);
          for (int panel = 0; panel < weights.panels(); panel++) {
            for (int f = 0; f < transform.frequencies(); f++) {
              int at = (panel * transform.frequencies() + f) * plane;
              chunk.multiply(f, panel, 0, weights.inners(), u, at);
            }
          }
          tiles.toSums(chunk.first, 0, chunk.count, chunk.m, scratch);
        });
  }

  private void runShared() {
    int fitting = SHARED_FLOATS / (transform.frequencies() * (cPitch + kPitch));
    int most = whole(Math.max(OWN_TILES, fitting / ROWS * ROWS));
    int chunks = (tiles.count() + most - 1) / most;
    most = whole((tiles.count() + chunks - 1) / chunks); // as even as they can be
    for (int first = 0; first < tiles.count(); first += most) {
      Chunk chunk = new Chunk(first, most, workers.shared());
      int items = (chunk.count + ITEM_TILES - 1) / ITEM_TILES;
      workers.forEach(
          items,
          (i, scratch) ->
              tiles.toFrequencies(chunk.first, i * ITEM_TILES, chunk.end(i), chunk.v, scratch));
      int panels = weights.panels();
      int rows = chunk.count <= OWN_TILES && panels >= PANELS * workers.count() ? size : 1;
      workers.forEach(
          panels * size / rows,
          (i, scratch) -> chunk.multiplyRows(i / panels * rows, rows, i % panels, scratch));
      workers.forEach(
          items,
          (i, scratch) ->
              tiles.toSums(chunk.first, i * ITEM_TILES, chunk.end(i), chunk.m, scratch));
    }
  }

  /** Some tiles, one after the other. */
  private final class Chunk {
    private final int first;
    private final int count;
    private final int groups; // of ROWS tiles
    private final Frequencies v;
    private final Frequencies m;

    Chunk(int first, int most, Scratch memory) {
      this.first = first;
      this.count = Math.min(most, tiles.count() - first);
      this.groups = (count + ROWS - 1) / ROWS;
      int vPlane = most * cPitch + PADDING;
      int mPlane = most * kPitch + PADDING;
      int planes = transform.frequencies();
      float[] pictures = memory.frequencies(planes * vPlane);
      this.v = new Frequencies(pictures, vPlane, ROWS * cPitch, CpuTensor.LINE);
      float[] products = memory.products(planes * mPlane);
      this.m = new Frequencies(products, mPlane, ROWS * kPitch, PANEL);
    }

    /** The end of an item's tiles. */
    int end(int item) {
      return Math.min(count, (item + 1) * ITEM_TILES);
    }

    /** All products of some rows of frequencies with a panel of filters. */
    void multiplyRows(int first, int rows, int panel, Scratch scratch) {
      int together = Math.min(CHANNELS, weights.inners());
      int plane = together * PANEL + PADDING;
      float[] u = scratch.weights(size * plane);
      for (int c = 0; c < weights.inners(); c += together) {
        int channels = Math.min(together, weights.inners() - c);
        for (int row = first; row < first + rows; row++) {
          weights.transform(transform, panel, row, c, channels, u, 0, plane);
          for (int j = 0; j < size; j++) {
            multiply(row * size + j, panel, c, channels, u, j * plane);
          }
        }
      }
    }

    /**
     * Adds the products of one frequency over some channels; to nothing over the first.
     *
     * <p>Six tiles' sums are cleared just before their product, which goes on while the caches
     * fetch them.
     */
    void multiply(int f, int panel, int channel, int channels, float[] u, int at) {
      int from = f * v.plane() + v.at(0, channel);
      int to = f * m.plane() + m.at(0, panel * PANEL);
      for (int group = 0; group < groups; group++) {
        if (channel == 0) {
          clear(f, panel, to + group * m.group());
        }
        GEMM.add(
            channels,
            v.values(),
            from + group * v.group(),
            u,
            at,
            m.values(),
            to + group * m.group());
      }
    }

    /**
     * Six tiles' sums of a panel become zero, or the bias: a constant sum is the frequency (1, 1),
     * for the second column of Aᵀ is all ones.
     */
    private void clear(int f, int panel, int at) {
      if (bias == null || f != size + 1) {
        Arrays.fill(m.values(), at, at + ROWS * PANEL, 0);
        return;
      }
      for (int row = 0; row < ROWS; row++) {
        System.arraycopy(bias, panel * PANEL, m.values(), at + row * PANEL, PANEL);
      }
    }
  }
}
