package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Tensor;

/** Gram matrices, the product that carries their gradient back, and channel means. */
final class CudaGram implements AutoCloseable {
  private static final int TILE = 64; // rows and columns of gram.cu's blocks
  private static final int THREADS = 16; // a side of such a block
  private static final int ENOUGH_BLOCKS = 512; // for the largest GPUs
  private static final int LEAST_SLICE = 256; // pixels: shorter ones are not worth their sums
  private static final int MOST_SLICE = 4096; // pixels: a float32 sum that long is still good
  private static final int STEP = 16; // pixels that a block reads at once
  private static final long MOST_PARTIALS = 1 << 24; // floats
  private static final int MOST_MEAN_SLICES = 64;

  private final Kernels kernels;
  private final Scratch partials;

  CudaGram(Kernels kernels, DeviceMemory memory) {
    this.kernels = kernels;
    partials = new Scratch(memory);
  }

  void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out) {
    int n = a.shape().channels();
    int k = b.shape().channels();
    int pixels = a.shape().pixels();
    int slice = slice(n, k, pixels);
    int slices = Grid.ceil(pixels, slice);
    boolean symmetric = address(a) == address(b) && n == k && sameCentre(centreA, centreB);
    int[] size = {n, k, pixels, slice, symmetric ? 1 : 0};
    long sums = partials.bytes((long) slices * n * k * Float.BYTES).address();
    kernels.call("gram_slices").address(address(a)).address(addressOrNull(centreA));
    kernels.address(address(b)).address(addressOrNull(centreB)).integers(size).address(sums);
    kernels.launch(tiles(k, n, slices));
    kernels.call("gram").address(sums).integers(slices).integers(size).address(address(out));
    kernels.launch(Grid.blocks(Grid.ceil((long) n * k, 256), 1));
  }

  /** Pixels of a slice: depends on the sizes alone, so that every GPU sums in the same order. */
  private static int slice(int n, int k, int pixels) {
    long tiles = (long) Grid.ceil(n, TILE) * Grid.ceil(k, TILE);
    long wanted = Math.max(ENOUGH_BLOCKS / tiles, Grid.ceil(pixels, MOST_SLICE));
    long most = Math.max(1, Math.min(Grid.ceil(pixels, LEAST_SLICE), MOST_PARTIALS / n / k));
    int slices = (int) Math.max(1, Math.min(wanted, most));
    return Grid.ceil(Grid.ceil(pixels, slices), STEP) * STEP;
  }

  private static boolean sameCentre(Tensor a, Tensor b) {
    return a == null ? b == null : b != null && address(a) == address(b);
  }

  private static long addressOrNull(Tensor centre) {
    return centre == null ? 0 : address(centre);
  }

  private static Grid tiles(int columns, int rows, int slices) {
    return new Grid(Grid.ceil(columns, TILE), Grid.ceil(rows, TILE), slices, THREADS, THREADS, 0);
  }

  void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    int n = accumulator.shape().channels();
    int pixels = x.shape().pixels();
    kernels.call("add_product").number(scale).address(address(matrix)).address(address(x));
    kernels.address(addressOrNull(centre));
    kernels.integers(n, x.shape().channels(), pixels, transposed ? 1 : 0);
    kernels.address(address(accumulator)).launch(tiles(pixels, n, 1));
  }

  void means(Tensor x, Tensor out) {
    int channels = x.shape().channels();
    int pixels = x.shape().pixels();
    int slice = Grid.ceil(pixels, Math.min(MOST_MEAN_SLICES, Grid.ceil(pixels, MOST_SLICE)));
    int slices = Grid.ceil(pixels, slice);
    long sums = partials.bytes((long) channels * slices * Double.BYTES).address();
    kernels.call("channel_sums").address(address(x)).integers(pixels).integers(slice);
    kernels.address(sums).launch(Grid.blocks(slices, channels));
    kernels.call("channel_means").address(sums).integers(slices).integers(channels);
    kernels.integers(pixels).address(address(out));
    kernels.launch(Grid.blocks(Grid.ceil(channels, 256), 1));
  }

  /** Gives the memory for partial sums back, until the next call. */
  @Override
  public void close() {
    partials.close();
  }
}
