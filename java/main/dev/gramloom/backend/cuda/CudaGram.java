package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.Masked;
import dev.gramloom.backend.Precision;
import dev.gramloom.backend.Shapes;
import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Tensor;

/**
 * Gram matrices, the product that carries their gradient back, and channel means.
 *
 * <p>A plain product, of features without centre or mask, is cuBLAS's where it can be loaded. Gram
 * matrices never are: a sum over all pixels is cut into slices here, which are added in double and
 * an order that the sizes alone decide, for the loss is a difference of near equals.
 */
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
  private final CublasProduct plain; // null without cuBLAS

  CudaGram(Kernels kernels, DeviceMemory memory, Stream stream, Precision precision) {
    this.kernels = kernels;
    partials = new Scratch(memory);
    plain = Cublas.problem().isEmpty() ? new CublasProduct(memory, stream, precision) : null;
  }

  /**
   * (x − χ 1ᵀ) · mask, as {@code gram.cu} reads it: addresses, 0 for no centre and no mask.
   *
   * @param x [C][M]
   * @param centre χ, [C]
   * @param mask [M]
   */
  record Features(long x, long centre, long mask, int channels, int pixels) {
    static Features of(Tensor x, Tensor centre) {
      return new Features(
          address(x),
          centre == null ? 0 : address(centre),
          0,
          x.shape().channels(),
          x.shape().pixels());
    }

    static Features of(Masked part) {
      Shapes.expect("mask", part.x().shape().withChannels(1), part.mask());
      Features whole = of(part.x(), part.centre());
      return new Features(
          whole.x, whole.centre, address(part.mask()), whole.channels, whole.pixels);
    }
  }

  void gram(Features a, Features b, Tensor out) {
    int n = a.channels();
    int k = b.channels();
    int pixels = a.pixels();
    int slice = slice(n, k, pixels);
    int slices = Grid.ceil(pixels, slice);
    int[] size = {n, k, pixels, slice, a.equals(b) ? 1 : 0};
    long sums = partials.bytes((long) slices * n * k * Float.BYTES).address();
    kernels.call("gram_slices").address(a.x()).address(a.centre()).address(a.mask());
    kernels.address(b.x()).address(b.centre()).address(b.mask()).integers(size).address(sums);
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

  private static Grid tiles(int columns, int rows, int slices) {
    return new Grid(Grid.ceil(columns, TILE), Grid.ceil(rows, TILE), slices, THREADS, THREADS, 0);
  }

  void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    long most = Math.max(x.shape().size(), accumulator.shape().size());
    if (plain != null && centre == null && most <= Integer.MAX_VALUE) {
      plain.add(scale, matrix, transposed, x, accumulator);
      return;
    }
    addProduct(scale, matrix, transposed, Features.of(x, centre), accumulator);
  }

  void addProduct(float scale, Tensor matrix, boolean transposed, Features x, Tensor accumulator) {
    int n = accumulator.shape().channels();
    kernels.call("add_product").number(scale).address(address(matrix));
    kernels.address(x.x()).address(x.centre()).address(x.mask());
    kernels.integers(n, x.channels(), x.pixels(), transposed ? 1 : 0);
    kernels.address(address(accumulator)).launch(tiles(x.pixels(), n, 1));
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

  /** Who multiplies, and why cuBLAS does not. */
  String description() {
    String why = Cublas.problem().map(problem -> " (" + problem + ")").orElse("");
    return version() + why;
  }

  /** Of what multiplies: the same numbers come from the same one. */
  String version() {
    String own = "Gramloom's own kernels in fp32";
    return plain == null ? own : plain.description() + " and " + own;
  }

  /** MiB that it takes beside partial sums. */
  long mebibytes() {
    return plain == null ? 0 : plain.mebibytes();
  }

  /** Gives the memory for partial sums back, until the next call. */
  void trim() {
    partials.close();
  }

  @Override
  public void close() {
    trim();
    if (plain != null) {
      plain.close();
    }
  }
}
