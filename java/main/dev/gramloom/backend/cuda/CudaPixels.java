package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import jcuda.driver.JCudaDriver;

/** What looks at each value, or each pixel's channels, by itself. */
final class CudaPixels {
  /** Of {@code Terms} in {@code vector.cu}. */
  private static final int MOST_TERMS = 32;

  private final Kernels kernels;
  private final Groups groups;
  private final Stream stream;

  CudaPixels(Kernels kernels, DeviceMemory memory, Stream stream) {
    this.stream = stream;
    this.kernels = kernels;
    groups = new Groups(memory);
  }

  void fill(float value, Tensor x) {
    Status.check(
        "fill",
        JCudaDriver.cuMemsetD32Async(
            CudaTensor.block(x).pointer(),
            Float.floatToRawIntBits(value),
            x.shape().size(),
            stream.handle()));
  }

  void copy(Tensor from, Tensor to) {
    Status.check(
        "copy",
        JCudaDriver.cuMemcpyDtoDAsync(
            CudaTensor.block(to).pointer(),
            CudaTensor.block(from).pointer(),
            CudaTensor.bytes(from.shape()),
            stream.handle()));
  }

  void scale(float scale, Tensor x) {
    long n = x.shape().size();
    kernels.call("scale").number(scale).address(address(x)).size(n).launch(quads(n));
  }

  void addScaled(float scale, Tensor x, Tensor accumulator) {
    long n = x.shape().size();
    kernels.call("add_scaled").number(scale).address(address(x)).address(address(accumulator));
    kernels.size(n).launch(quads(n));
  }

  void combine(double[] factors, List<Tensor> terms, Tensor out) {
    if (terms.size() > MOST_TERMS) {
      throw new IllegalArgumentException(
          "combine takes up to %d terms, got %d".formatted(MOST_TERMS, terms.size()));
    }
    long n = out.shape().size();
    kernels.call("combine").integers(terms.size());
    kernels.table(MOST_TERMS, terms).table(MOST_TERMS, factors);
    kernels.address(address(out)).size(n).launch(quads(n));
  }

  private static Grid quads(long n) {
    return Grid.line((n + 3) / 4, 1);
  }

  void adamStep(AdamRates rates, int step, Tensor gradient, Tensor m, Tensor v, Tensor x) {
    long n = x.shape().size();
    double mean = 1 - StrictMath.pow(rates.beta1(), step);
    double square = 1 - StrictMath.pow(rates.beta2(), step);
    kernels.call("adam_step").real(rates.rate()).real(rates.beta1()).real(rates.beta2());
    kernels.real(rates.epsilon()).real(mean).real(square);
    kernels.address(address(gradient)).address(address(m)).address(address(v)).address(address(x));
    kernels.size(n).launch(Grid.line(n, 1));
  }

  void energy(Tensor x, int[][] members, float epsilon, Tensor y) {
    int pixels = x.shape().pixels();
    Groups.Rows rows = groups.of(members, x.shape().channels()).channels();
    kernels.call("energy").address(address(x)).address(rows.starts().address());
    kernels.address(rows.members().address()).number(epsilon).address(address(y));
    kernels.integers(pixels).launch(Grid.line(pixels, members.length));
  }

  void energyAdjoint(Tensor x, Tensor y, Tensor dY, int[][] members, Tensor dX) {
    int pixels = x.shape().pixels();
    Groups.Rows rows = groups.of(members, x.shape().channels()).groups();
    kernels.call("energy_adjoint").address(address(x)).address(address(y)).address(address(dY));
    kernels.address(rows.starts().address()).address(rows.members().address());
    kernels.address(address(dX)).integers(pixels);
    kernels.launch(Grid.line(pixels, x.shape().channels()));
  }

  void multiplyMask(Tensor x, Tensor mask, Tensor y) {
    int pixels = x.shape().pixels();
    kernels.call("multiply_mask").address(address(x)).address(address(mask)).address(address(y));
    kernels.integers(pixels).launch(Grid.line(pixels, x.shape().channels()));
  }

  void addPerChannel(float scale, Tensor v, Tensor accumulator) {
    int pixels = accumulator.shape().pixels();
    kernels.call("add_per_channel").number(scale).address(address(v));
    kernels.address(address(accumulator)).integers(pixels);
    kernels.launch(Grid.line(pixels, accumulator.shape().channels()));
  }
}
