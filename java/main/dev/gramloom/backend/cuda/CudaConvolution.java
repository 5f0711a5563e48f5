package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/**
 * Convolutions both ways: the border is laid around the picture first, so that what multiplies
 * knows no edges, and folded back last.
 */
final class CudaConvolution implements AutoCloseable {
  private static final int TILE_WIDTH = 32; // pixels, of convolution.cu
  private static final int TILE_HEIGHT = 16; // pixels
  private static final int THREADS_X = 8;
  private static final int MOST_SHARED = 48 * 1024; // bytes that every GPU gives

  private final Kernels kernels;
  private final Scratch padded;
  private final Scratch slopes;

  CudaConvolution(Kernels kernels, DeviceMemory memory) {
    this.kernels = kernels;
    padded = new Scratch(memory);
    slopes = new Scratch(memory);
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

  void forward(Tensor x, CudaFilters filters, Edges edges, Activation activation, Tensor y) {
    Shape s = x.shape();
    int radius = filters.kernel().radius();
    long in = address(x);
    if (radius > 0) {
      in = padded.bytes(CudaTensor.bytes(grown(s, radius))).address();
      kernels.call("halo").address(address(x)).integers(s.height()).integers(s.width());
      kernels.integers(radius).integers(code(edges.vertical())).integers(code(edges.horizontal()));
      Shape grown = grown(s, radius);
      kernels.address(in).launch(Grid.pixels(grown.height(), grown.width(), s.channels()));
    }
    multiply(in, grown(s, radius), filters.forward(), filters.kernel().size(), 0, address(y));
    if (activation != Activation.NONE || filters.hasBias()) {
      kernels.call("activation").address(address(y)).address(filters.bias().address());
      kernels.integers(code(activation)).integers(s.pixels());
      kernels.launch(Grid.line(s.pixels(), filters.kernel().outputs()));
    }
  }

  void adjoint(
      Tensor y, Tensor dY, CudaFilters filters, Edges edges, Activation activation, Tensor dX) {
    Shape s = dX.shape();
    int radius = filters.kernel().radius();
    int size = filters.kernel().size();
    Shape outputs = s.withChannels(filters.kernel().outputs());
    long slope = activation == Activation.NONE ? address(dY) : slope(y, dY, activation, outputs);
    Shape grown = grown(s, radius);
    long full = padded.bytes(CudaTensor.bytes(grown)).address();
    multiply(slope, outputs, filters.adjoint(), size, size - 1, full);
    kernels.call("halo_adjoint").address(full).integers(s.height()).integers(s.width());
    kernels.integers(radius).integers(code(edges.vertical())).integers(code(edges.horizontal()));
    kernels.address(address(dX)).launch(Grid.pixels(s.height(), s.width(), s.channels()));
  }

  /** The derivative by the sums before the activation, [K][H][W]. */
  private long slope(Tensor y, Tensor dY, Activation activation, Shape outputs) {
    long slope = slopes.bytes(CudaTensor.bytes(outputs)).address();
    kernels.call("activation_adjoint").address(address(y)).address(address(dY));
    kernels.integers(code(activation)).integers(outputs.pixels()).address(slope);
    kernels.launch(Grid.line(outputs.pixels(), outputs.channels()));
    return slope;
  }

  private static Shape grown(Shape s, int radius) {
    return new Shape(s.channels(), s.height() + 2 * radius, s.width() + 2 * radius);
  }

  /**
   * out = the filters over in, which is surrounded by zeros.
   *
   * @param from shape of in
   * @param margin how many rows and columns of those zeros the filters see
   */
  private void multiply(long in, Shape from, CudaFilters.Way way, int size, int margin, long out) {
    int height = from.height() + 2 * margin - size + 1;
    int width = from.width() + 2 * margin - size + 1;
    kernels.call("convolve_" + way.block()).address(in).address(way.weights().address());
    kernels.address(way.used().address());
    kernels.integers(
        way.inputs(), from.height(), from.width(), way.outputs(), height, width, size, margin);
    kernels
        .address(out)
        .launch(
            new Grid(
                Grid.ceil(width, TILE_WIDTH),
                Grid.ceil(height, TILE_HEIGHT),
                way.blocks(),
                THREADS_X,
                TILE_HEIGHT,
                sharedBytes(size, way.block())));
  }

  /** {@code Edge} of {@code common.cuh}. */
  static int code(Edge edge) {
    return switch (edge) {
      case WRAP -> 0;
      case REFLECT -> 1;
      case ZERO -> 2;
    };
  }

  /** {@code Activation} of {@code activation.cu}. */
  private static int code(Activation activation) {
    return switch (activation) {
      case NONE -> 0;
      case RELU -> 1;
      case RECTIFY -> 2;
    };
  }

  /** Gives the memory for borders back, until the next call. */
  @Override
  public void close() {
    padded.close();
    slopes.close();
  }
}
