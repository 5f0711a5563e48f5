package dev.gramloom.backend.cuda;

import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Shape;

/** Our own {@code convolution.cu}: passes over weights that are zero, and works everywhere. */
final class OwnMultiplier implements Multiplier {
  private static final int TILE_WIDTH = 32; // pixels
  private static final int TILE_HEIGHT = 16; // pixels
  private static final int THREADS_X = 8;
  private static final int MOST_SHARED = 48 * 1024; // bytes that every GPU gives

  private final Kernels kernels;

  OwnMultiplier(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Whether a block's weights and tile fit its shared memory. */
  static boolean fits(int size) {
    return sharedBytes(size, 8) <= MOST_SHARED;
  }

  private static int sharedBytes(int size, int block) {
    int rows = TILE_HEIGHT + size - 1;
    int pitch = TILE_WIDTH + size - 1 | 1;
    return (size * size * block + rows * pitch) * Float.BYTES;
  }

  @Override
  public void forward(
      DeviceMemory.Block in, Shape from, CudaFilters filters, DeviceMemory.Block out) {
    multiply(in, from, filters.forward(), filters.kernel().size(), 0, out);
  }

  @Override
  public void adjoint(
      DeviceMemory.Block slope, Shape from, CudaFilters filters, DeviceMemory.Block out) {
    int size = filters.kernel().size();
    multiply(slope, from, filters.adjoint(), size, size - 1, out);
  }

  /**
   * out = the filters over in, which is surrounded by zeros.
   *
   * @param from shape of in
   * @param margin how many rows and columns of those zeros the filters see
   */
  private void multiply(
      DeviceMemory.Block in,
      Shape from,
      CudaFilters.Way way,
      int size,
      int margin,
      DeviceMemory.Block out) {
    int height = from.height() + 2 * margin - size + 1;
    int width = from.width() + 2 * margin - size + 1;
    kernels.call("convolve_" + way.block()).address(in.address());
    kernels.address(way.weights().address()).address(way.used().address());
    kernels.integers(
        way.inputs(), from.height(), from.width(), way.outputs(), height, width, size, margin);
    kernels
        .address(out.address())
        .launch(
            new Grid(
                Grid.ceil(width, TILE_WIDTH),
                Grid.ceil(height, TILE_HEIGHT),
                way.blocks(),
                THREADS_X,
                TILE_HEIGHT,
                sharedBytes(size, way.block())));
  }

  @Override
  public String description() {
    return "Gramloom's own kernels";
  }

  @Override
  public long mebibytes() {
    return 0;
  }

  @Override
  public void trim() {
    // takes none
  }

  @Override
  public void close() {
    // holds nothing
  }
}
