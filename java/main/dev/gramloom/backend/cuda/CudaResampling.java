package dev.gramloom.backend.cuda;

import static dev.gramloom.backend.cuda.CudaTensor.address;

import dev.gramloom.backend.cuda.DeviceMemory.Block;
import dev.gramloom.backend.cuda.Kernels.Grid;
import dev.gramloom.tensor.AxisTaps;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;

/** A picture's size changed, one axis after the other. */
final class CudaResampling {
  private final Kernels kernels;
  private final DeviceMemory memory;

  CudaResampling(Kernels kernels, DeviceMemory memory) {
    this.kernels = kernels;
    this.memory = memory;
  }

  void resample(Tensor x, Resampling axes, Tensor y) {
    Shape from = x.shape();
    Shape to = y.shape();
    Shape wide = new Shape(from.channels(), from.height(), to.width());
    try (Block between = memory.allocate(CudaTensor.bytes(wide))) {
      along("resample_columns", address(x), axes.columns(), from.width(), between.address(), wide);
      along("resample_rows", between.address(), axes.rows(), from.height(), address(y), to);
    }
  }

  /**
   * @param length of the axis before
   * @param made shape of what is made
   */
  private void along(String kernel, long x, AxisTaps axis, int length, long y, Shape made) {
    int taps = Arrays.stream(axis.index()).mapToInt(row -> row.length).max().orElseThrow();
    int[] index = new int[axis.index().length * taps];
    float[] weight = new float[index.length]; // 0 behind a row's last tap
    for (int i = 0; i < axis.index().length; i++) {
      System.arraycopy(axis.index()[i], 0, index, i * taps, axis.index()[i].length);
      System.arraycopy(axis.weight()[i], 0, weight, i * taps, axis.weight()[i].length);
    }
    try (Block indices = memory.upload(index);
        Block weights = memory.upload(weight)) {
      kernels.call(kernel).address(x).address(indices.address()).address(weights.address());
      kernels.integers(taps).integers(length).integers(made.height()).integers(made.width());
      kernels.address(y).launch(Grid.pixels(made.height(), made.width(), made.channels()));
    }
  }
}
