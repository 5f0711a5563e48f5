package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.CpuTensor.LINE;
import static dev.gramloom.backend.cpu.Gemm.ROWS;
import static dev.gramloom.backend.cpu.Lanes.LANES;

/**
 * The two ends of a Winograd convolution: from tiles of pixels to their frequencies, and back to
 * tiles of sums.
 */
final class WinogradTiles {
  /** Channels of a tile that are transformed together, in the first cache. */
  private static final int GROUP = 4 * LINE;

  /**
   * Frequencies of some tiles as {@link Gemm} walks through them, [T²][tiles/6][channels/block][6]
   * [block]: one run of memory after the other.
   *
   * @param values where they are
   * @param plane floats from a frequency to the next
   * @param group floats from {@link Gemm#ROWS} tiles to the next as many
   * @param block channels side by side, whole {@link CpuTensor#LINE}
   */
  record Frequencies(float[] values, int plane, int group, int block) {
    /** Where the first frequency of a tile's channels from {@code channel} on is. */
    int at(int tile, int channel) {
      int row = tile % ROWS * block + channel % block;
      return tile / ROWS * group + channel / block * ROWS * block + row;
    }

    /** Floats from a line of channels to the next. */
    int line() {
      return block == CpuTensor.LINE ? ROWS * block : CpuTensor.LINE;
    }
  }

  /**
   * What becomes of the sums.
   *
   * @param floor what is less becomes this
   * @param adds whether they are added to what is there
   * @param border takes those beyond the picture
   */
  record Finish(float floor, boolean adds, Border border) {}

  private final WinogradTransform transform;
  private final Patches source;
  private final CpuTensor target;
  private final float floor;
  private final boolean adds;
  private final Border border;
  private final int size; // T
  private final int step; // m
  private final int height; // rows of sums
  private final int width;
  private final int columns; // of tiles

  WinogradTiles(WinogradTransform transform, Patches source, CpuTensor target, Finish finish) {
    this.transform = transform;
    this.source = source;
    this.target = target;
    this.floor = finish.floor;
    this.adds = finish.adds;
    this.border = finish.border;
    this.size = transform.size();
    this.step = transform.outputs();
    this.height = source.height() - 2 * border.top();
    this.width = source.width() - 2 * border.left();
    this.columns = (width + step - 1) / step;
  }

  /** How many tiles there are, row after row. */
  int count() {
    return (height + step - 1) / step * columns;
  }

  /**
   * Bᵀ d B of tiles {@code first + from} to {@code first + to}.
   *
   * @param first tile of those in {@code v}
   */
  void toFrequencies(int first, int from, int to, Frequencies v, Scratch scratch) {
    float[] tile = scratch.tile(size * size * GROUP);
    float[] patch = scratch.patch(size * size * GROUP);
    Grid between = new Grid(tile, size * GROUP, GROUP, LINE);
    Grid turned = new Grid(tile, GROUP, size * GROUP, LINE);
    Grid copied = new Grid(patch, size * GROUP, GROUP, LINE);
    int pitch = source.x().pitch();
    Grid plain = new Grid(source.x().values(), source.width() * pitch, pitch, LINE);
    Grid out = new Grid(v.values(), v.plane(), size * v.plane(), v.line());
    for (int t = from; t < to; t++) {
      int y = border.top() + (first + t) / columns * step - 1;
      int x = border.left() + (first + t) % columns * step - 1;
      boolean asItIs = source.plain(y, x, size);
      for (int c = 0; c < pitch; c += GROUP) {
        int channels = Math.min(GROUP, pitch - c);
        int vectors = channels / LANES;
        if (asItIs) {
          int at = (y * source.width() + x) * pitch + c;
          WinogradInput.pass(transform, plain, at, between, 0, vectors);
        } else {
          source.copy(y, x, size, c, channels, patch, GROUP);
          WinogradInput.pass(transform, copied, 0, between, 0, vectors);
        }
        WinogradInput.pass(transform, turned, 0, out, v.at(t, c), vectors);
      }
    }
  }

  /**
   * Aᵀ M A of tiles {@code first + from} to {@code first + to}.
   *
   * @param first tile of those in {@code m}
   */
  void toSums(int first, int from, int to, Frequencies m, Scratch scratch) {
    float[] tile = scratch.tile(size * size * GROUP);
    float[] patch = scratch.patch(size * size * GROUP);
    Grid in = new Grid(m.values(), size * m.plane(), m.plane(), m.line());
    Grid between = new Grid(tile, size * GROUP, GROUP, LINE);
    Grid turned = new Grid(tile, GROUP, size * GROUP, LINE);
    Grid copied = new Grid(patch, GROUP, step * GROUP, LINE);
    int pitch = target.pitch();
    Grid plain = new Grid(target.values(), pitch, source.width() * pitch, LINE);
    for (int t = from; t < to; t++) {
      int y = border.top() + (first + t) / columns * step;
      int x = border.left() + (first + t) % columns * step;
      boolean whole =
          !adds && y >= 0 && x >= 0 && y + step <= source.height() && x + step <= source.width();
      for (int k = 0; k < pitch; k += GROUP) {
        int channels = Math.min(GROUP, pitch - k);
        int vectors = channels / LANES;
        WinogradOutput.pass(
            transform, in, m.at(t, k), between, 0, size, vectors, Float.NEGATIVE_INFINITY);
        if (whole) {
          int at = (y * source.width() + x) * pitch + k;
          WinogradOutput.pass(transform, turned, 0, plain, at, step, vectors, floor);
        } else {
          WinogradOutput.pass(transform, turned, 0, copied, 0, step, vectors, floor);
          write(patch, y, x, k, channels);
        }
      }
    }
  }

  private void write(float[] patch, int y, int x, int channel, int count) {
    int bottom = height + border.top();
    int right = width + border.left();
    int pitch = target.pitch();
    for (int i = y; i < Math.min(bottom, y + step); i++) {
      for (int j = x; j < Math.min(right, x + step); j++) {
        int from = ((i - y) * step + j - x) * GROUP;
        int to = (i * source.width() + j) * pitch + channel;
        if (border.holds(i, j)) {
          border.put(i, j, channel, count, patch, from);
        } else if (adds) {
          Rows.add(patch, from, target.values(), to, count);
        } else {
          System.arraycopy(patch, from, target.values(), to, count);
        }
      }
    }
  }
}
