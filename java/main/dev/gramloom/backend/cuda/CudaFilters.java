package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;

/** A kernel on the device, as those that multiply want it: packed when one first asks. */
final class CudaFilters implements Filters {
  /** The kernels of {@code convolution.cu}: filters of one block. */
  private static final int WIDE = 8;

  private static final int NARROW = 4;

  /**
   * One way's weights.
   *
   * @param inputs channels read
   * @param outputs channels written
   * @param block outputs of one thread block
   * @param weights [ceil(outputs / block)][inputs][size][size][block]
   * @param used [ceil(outputs / block)][inputs], 0 where all weights are
   */
  record Way(
      int inputs, int outputs, int block, DeviceMemory.Block weights, DeviceMemory.Block used) {
    /** Blocks of outputs. */
    int blocks() {
      return Kernels.Grid.ceil(outputs, block);
    }
  }

  private interface Weight {
    float at(int output, int input, int i, int j);
  }

  private final Kernel kernel;
  private final DeviceMemory memory;
  private final DeviceMemory.Block bias;
  private final boolean hasBias;
  private final boolean sparse;
  private Way forward; // these when first asked for
  private Way adjoint;
  private DeviceMemory.Block plain;
  private DeviceMemory.Block rounded;

  CudaFilters(Kernel kernel, DeviceMemory memory) {
    this.kernel = kernel;
    this.memory = memory;
    bias = memory.upload(kernel.bias());
    boolean some = false;
    for (float b : kernel.bias()) {
      some |= b != 0;
    }
    hasBias = some;
    sparse = 2 * kernel.multiplyAdds() < kernel.weights().length;
  }

  /** Whether less than half of the weights are there: our own kernels pass over the rest. */
  boolean isSparse() {
    return sparse;
  }

  private Way way(int inputs, int outputs, Weight weight) {
    int block = block(outputs);
    int blocks = Kernels.Grid.ceil(outputs, block);
    int size = kernel.size();
    float[] packed = new float[Math.multiplyExact(blocks * block, inputs * size * size)];
    int[] used = new int[blocks * inputs];
    for (int k = 0; k < outputs; k++) {
      for (int c = 0; c < inputs; c++) {
        int row = k / block * inputs + c;
        for (int tap = 0; tap < size * size; tap++) {
          float value = weight.at(k, c, tap / size, tap % size);
          packed[(row * size * size + tap) * block + k % block] = value;
          used[row] |= value == 0 ? 0 : 1;
        }
      }
    }
    return new Way(inputs, outputs, block, memory.upload(packed), memory.upload(used));
  }

  private static int block(int outputs) {
    return outputs <= NARROW ? NARROW : WIDE;
  }

  /** Floats that both ways take on the device. */
  static long floats(Kernel kernel) {
    return way(kernel.inputs(), kernel.outputs(), kernel.size())
        + way(kernel.outputs(), kernel.inputs(), kernel.size())
        + kernel.outputs();
  }

  private static long way(long inputs, int outputs, int size) {
    int block = block(outputs);
    return Kernels.Grid.ceil(outputs, block) * inputs * ((long) size * size * block + 1);
  }

  @Override
  public Kernel kernel() {
    return kernel;
  }

  /** As {@link Kernel} has them. */
  Way forward() {
    if (forward == null) {
      forward = way(kernel.inputs(), kernel.outputs(), kernel::weight);
    }
    return forward;
  }

  /** Turned by half a circle, inputs and outputs exchanged. */
  Way adjoint() {
    if (adjoint == null) {
      int last = kernel.size() - 1;
      adjoint =
          way(
              kernel.outputs(),
              kernel.inputs(),
              (c, k, i, j) -> kernel.weight(k, c, last - i, last - j));
    }
    return adjoint;
  }

  /** [K][C][size][size], for cuDNN. */
  DeviceMemory.Block plain() {
    if (plain == null) {
      plain = memory.upload(kernel.weights());
    }
    return plain;
  }

  /** {@link #plain}, each weight rounded to the upper half of its bits. */
  DeviceMemory.Block rounded() {
    if (rounded == null) {
      float[] weights = kernel.weights();
      short[] bits = new short[weights.length];
      for (int i = 0; i < bits.length; i++) {
        int whole = Float.floatToRawIntBits(weights[i]);
        bits[i] =
            (short) (whole + 0x7fff + (whole >>> 16 & 1) >>> 16); // to the nearest, ties to even
      }
      rounded = memory.upload(bits);
    }
    return rounded;
  }

  /** [K]. */
  DeviceMemory.Block bias() {
    return bias;
  }

  /** Whether any is not zero. */
  boolean hasBias() {
    return hasBias;
  }

  @Override
  public void close() {
    for (Way way : new Way[] {forward, adjoint}) {
      if (way != null) {
        way.weights.close();
        way.used.close();
      }
    }
    for (DeviceMemory.Block block : new DeviceMemory.Block[] {plain, rounded}) {
      if (block != null) {
        block.close();
      }
    }
    bias.close();
  }
}
