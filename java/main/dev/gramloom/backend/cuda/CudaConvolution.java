package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Precision;
import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.backend.cuda.Multiplier.Storage;
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
  private final Scratch halves; // bf16: slopes, or sums before the activation

  /** With cuDNN where it can be loaded. */
  CudaConvolution(Kernels kernels, DeviceMemory memory, Stream stream, Precision precision) {
    this.kernels = kernels;
    OwnMultiplier own = new OwnMultiplier(kernels);
    multiplier =
        Cudnn.problem().isPresent() ? own : new CudnnMultiplier(own, memory, stream, precision);
    padded = new Scratch(memory);
    halves = new Scratch(memory);
  }

  void forward(Tensor x, CudaFilters filters, Edges edges, Activation activation, Tensor y) {
    Shape s = x.shape();
    int radius = filters.kernel().radius();
    Shape grown = grown(s, radius);
    Storage storage = multiplier.plan(true, grown, filters, padded, CudaTensor.block(y));
    boolean plain = radius == 0 && storage == Storage.FLOAT;
    DeviceMemory.Block in = plain ? CudaTensor.block(x) : padded.bytes(storage.bytes(grown));
    if (!plain) {
      kernels.call(storage.of("halo")).address(address(x)).integers(s.height());
      kernels.integers(s.width()).integers(radius);
      kernels.integers(code(edges.vertical())).integers(code(edges.horizontal()));
      kernels.address(in.address());
      kernels.launch(Grid.pixels(grown.height(), grown.width(), s.channels()));
    }
    Shape outputs = s.withChannels(filters.kernel().outputs());
    DeviceMemory.Block sums =
        storage == Storage.FLOAT ? CudaTensor.block(y) : halves.bytes(storage.bytes(outputs));
    multiplier.forward(in, grown, filters, sums);
    if (storage == Storage.BF16) {
      kernels.call("activation_bf16").address(sums.address()).address(filters.bias().address());
      kernels.integers(code(activation)).integers(s.pixels()).address(address(y));
      kernels.launch(Grid.line(s.pixels(), outputs.channels()));
    } else if (activation != Activation.NONE || filters.hasBias()) {
      kernels.call("activation").address(address(y)).address(filters.bias().address());
      kernels.integers(code(activation)).integers(s.pixels());
      kernels.launch(Grid.line(s.pixels(), outputs.channels()));
    }
  }

  void adjoint(
      Tensor y, Tensor dY, CudaFilters filters, Edges edges, Activation activation, Tensor dX) {
    Shape s = dX.shape();
    int radius = filters.kernel().radius();
    Shape outputs = s.withChannels(filters.kernel().outputs());
    Storage storage = multiplier.plan(false, outputs, filters, padded, CudaTensor.block(dY));
    DeviceMemory.Block full = padded.bytes(storage.bytes(grown(s, radius)));
    // float32 slopes take dY's place: a picture of 4096 x 4096 has 4 GiB of them
    DeviceMemory.Block slope =
        storage == Storage.FLOAT ? CudaTensor.block(dY) : halves.bytes(storage.bytes(outputs));
    if (activation != Activation.NONE || storage == Storage.BF16) {
      kernels.call(storage.of("activation_adjoint")).address(address(y)).address(address(dY));
      kernels.integers(code(activation)).integers(outputs.pixels()).address(slope.address());
      kernels.launch(Grid.line(outputs.pixels(), outputs.channels()));
    }
    multiplier.adjoint(slope, outputs, filters, full);
    kernels.call(storage.of("halo_adjoint")).address(full.address()).integers(s.height());
    kernels.integers(s.width()).integers(radius);
    kernels.integers(code(edges.vertical())).integers(code(edges.horizontal()));
    kernels.address(address(dX)).launch(Grid.pixels(s.height(), s.width(), s.channels()));
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
    halves.close();
    multiplier.trim();
  }

  @Override
  public void close() {
    trim();
    multiplier.close();
  }
}
