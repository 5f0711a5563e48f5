package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.cuda.DeviceMemory.Block;
import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.color.ColorMatching;
import dev.gramloom.color.LinearColors;
import dev.gramloom.color.Moments;
import dev.gramloom.color.QuantileMap;
import dev.gramloom.color.QuantileMap.Bins;
import dev.gramloom.tensor.Tensor;
import java.nio.DoubleBuffer;
import jcuda.driver.JCudaDriver;

/**
 * Colours matched. Pictures, counts and tables stay on the device; what comes back are sums by
 * lane, some thousand doubles.
 */
final class CudaColors {
  private static final int AXES = 3;

  /**
   * Colours of which some count.
   *
   * @param rgb [3][H][W]
   * @param mask [1][H][W], pixels above 0 count; null where all do
   */
  record Pixels(Tensor rgb, Tensor mask) {
    private int count() {
      return rgb.shape().pixels();
    }
  }

  private final Kernels kernels;
  private final DeviceMemory memory;
  private final Stream stream;

  CudaColors(Kernels kernels, DeviceMemory memory, Stream stream) {
    this.kernels = kernels;
    this.memory = memory;
    this.stream = stream;
  }

  void match(Pixels x, Pixels exemplar, Tensor y) {
    Moments have = moments(x);
    Moments want = moments(exemplar);
    map(x, ColorMatching.linear(have, want), y);
    int bins = QuantileMap.FINE.count();
    try (Block counts = ints(bins);
        Block wanted = ints(QuantileMap.LEVELS.count());
        Block tables = ints(bins)) {
      for (double[][] axes : ColorMatching.bases()) {
        double[] basis = flat(axes);
        count(new Pixels(y, x.mask), basis, QuantileMap.FINE, counts);
        count(exemplar, basis, QuantileMap.LEVELS, wanted);
        kernels.call("quantile_tables").address(counts.address()).address(wanted.address());
        kernels.integers(bins).real(have.count()).real(want.count()).address(tables.address());
        kernels.launch(Grid.blocks(AXES, 1));
        move(y, basis, tables);
      }
    }
  }

  /** An int, or a float, for each bin of each axis. */
  private Block ints(int bins) {
    return memory.allocate((long) AXES * bins * Integer.BYTES);
  }

  Moments moments(Pixels x) {
    return Moments.of(
        new Moments.Lanes() {
          @Override
          public double[] sums() {
            return lanes(begin("color_sums", x), 4);
          }

          @Override
          public double[] products(double... mean) {
            return lanes(begin("color_products", x).table(mean.length, mean), 6);
          }
        });
  }

  /** A kernel that looks at some pixels, with its first arguments. */
  private Kernels begin(String kernel, Pixels x) {
    long mask = x.mask == null ? 0 : address(x.mask);
    return kernels.call(kernel).address(address(x.rgb)).address(mask).size(x.count());
  }

  /** [count][LANES], what a kernel of which only that argument is missing writes. */
  private double[] lanes(Kernels kernel, int count) {
    int doubles = count * Moments.LANES;
    try (Block sums = memory.allocate((long) doubles * Double.BYTES)) {
      kernel.address(sums.address()).launch(Grid.line(Moments.LANES, 1));
      return stream.doubles(sums, doubles);
    }
  }

  private void map(Pixels x, LinearColors colors, Tensor y) {
    double[] numbers = flat(new double[][] {colors.from(), flat(colors.map()), colors.to()});
    kernels.call("map_colors").address(address(x.rgb)).table(numbers.length, numbers);
    kernels.size(x.count()).address(address(y)).launch(Grid.line(x.count(), 1));
  }

  private void count(Pixels x, double[] basis, Bins bins, Block counts) {
    Status.check(
        "fill",
        JCudaDriver.cuMemsetD32Async(
            counts.pointer(), 0, (long) AXES * bins.count(), stream.handle()));
    begin("count_colors", x).table(basis.length, basis);
    kernels.integers(bins.perUnit()).integers(bins.count()).address(counts.address());
    kernels.launch(Grid.line(x.count(), 1));
  }

  private void move(Tensor y, double[] basis, Block tables) {
    int pixels = y.shape().pixels();
    kernels.call("move_colors").address(address(y)).size(pixels).table(basis.length, basis);
    kernels.integers(QuantileMap.FINE.perUnit()).integers(QuantileMap.FINE.count());
    kernels.address(tables.address()).launch(Grid.line(pixels, 1));
  }

  /** Rows one after the other. */
  private static double[] flat(double[]... rows) {
    int length = 0;
    for (double[] row : rows) {
      length += row.length;
    }
    DoubleBuffer flat = DoubleBuffer.allocate(length);
    for (double[] row : rows) {
      flat.put(row);
    }
    return flat.array();
  }
}
