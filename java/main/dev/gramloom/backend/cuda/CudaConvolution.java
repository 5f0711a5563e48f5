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
  private final Kernels kernels;
  private final Multiplier multiplier;
  private final Scratch padded;
  private final Scratch slopes;

  /** With cuDNN where it can be loaded. */
  CudaConvolution(Kernels kernels, DeviceMemory memory) {
    this.kernels = kernels;
    OwnMultiplier own = new OwnMultiplier(kernels);
    multiplier = Cudnn.problem().isPresent() ? own : new CudnnMultiplier(own, memory);
    padded = new Scratch(memory);
    slopes = new Scratch(memory);
  }

  void forward(Tensor x, CudaFilters filters, Edges edges, Activation activation, Tensor y) {
    Shape s = x.shape();
    int radius = filters.kernel().radius();
    Shape grown = grown(s, radius);
    DeviceMemory.Block in = CudaTensor.block(x);
    if (radius > 0) {
      in = padded.bytes(CudaTensor.bytes(grown));
      kernels.call("halo").address(address(x)).integers(s.height()).integers(s.width());
      kernels.integers(radius).integers(code(edges.vertical())).integers(code(edges.horizontal()));
      kernels.address(in.address());
      kernels.launch(Grid.pixels(grown.height(), grown.width(), s.channels()));
    }
    multiplier.forward(in, grown, filters, CudaTensor.block(y));
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
    Shape outputs = s.withChannels(filters.kernel().outputs());
    DeviceMemory.Block slope =
        activation == Activation.NONE ? CudaTensor.block(dY) : slope(y, dY, activation, outputs);
    DeviceMemory.Block full = padded.bytes(CudaTensor.bytes(grown(s, radius)));
    multiplier.adjoint(slope, outputs, filters, full);
    kernels.call("halo_adjoint").address(full.address()).integers(s.height()).integers(s.width());
    kernels.integers(radius).integers(code(edges.vertical())).integers(code(edges.horizontal()));
    kernels.address(address(dX)).launch(Grid.pixels(s.height(), s.width(), s.channels()));
  }

  /** The derivative by the sums before the activation, [K][H][W]. */
  private DeviceMemory.Block slope(Tensor y, Tensor dY, Activation activation, Shape outputs) {
    DeviceMemory.Block slope = slopes.bytes(CudaTensor.bytes(outputs));
    kernels.call("activation_adjoint").address(address(y)).address(address(dY));
    kernels.integers(code(activation)).integers(outputs.pixels()).address(slope.address());
    kernels.launch(Grid.line(outputs.pixels(), outputs.channels()));
    return slope;
  }

  private static Shape grown(Shape s, int radius) {
    return new Shape(s.channels(), s.height() + 2 * radius, s.width() + 2 * radius);
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

  /** Who multiplies, and why cuDNN does not. */
  String description() {
    String why = Cudnn.problem().map(problem -> " (" + problem + ")").orElse("");
    return multiplier.description() + why;
  }

  /** Of what multiplies: the same numbers come from the same one. */
  String version() {
    return multiplier.description();
  }

  /** MiB that it takes beside borders and slopes, at most. */
  long mebibytes() {
    return multiplier.mebibytes();
  }

  /** Gives the memory for borders back, until the next call. */
  void trim() {
    padded.close();
    slopes.close();
    multiplier.trim();
  }

  @Override
  public void close() {
    trim();
    multiplier.close();
  }
}
