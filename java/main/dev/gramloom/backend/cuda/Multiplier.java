package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Shape;

/** The inside of a convolution: filters over pictures that have their border already. */
interface Multiplier extends AutoCloseable {
  /** Kinds of numbers, and what the names of kernels for them end with. */
  enum Storage {
    FLOAT("", Float.BYTES),
    BF16("_bf16", Short.BYTES);

    private final String suffix;
    private final int bytes;

    Storage(String suffix, int bytes) {
      this.suffix = suffix;
      this.bytes = bytes;
    }

    long bytes(Shape shape) {
      return shape.size() * bytes;
    }

    String of(String kernel) {
      return kernel + suffix;
    }
  }

  /** out [K][H − size + 1][W − size + 1] = the filters over in. */
  void forward(DeviceMemory.Block in, Shape from, CudaFilters filters, DeviceMemory.Block out);

  /** out [C][H + size − 1][W + size − 1] = the adjoint of {@link #forward} of slope [K][H][W]. */
  void adjoint(DeviceMemory.Block slope, Shape from, CudaFilters filters, DeviceMemory.Block out);

  /**
   * How {@link #forward} or {@link #adjoint} will read and write numbers; finds out how to multiply
   * best where that is not known yet, and leaves anything behind in the picture with the border
   * and, forward, in the other.
   *
   * @param from shape of in, as for the call
   * @param bordered becomes large enough for the picture with its border, in that storage
   * @param other y, or dY
   */
  Storage plan(
      boolean forward, Shape from, CudaFilters filters, Scratch bordered, DeviceMemory.Block other);

  /** "Gramloom's own kernels", … */
  String description();

  /** MiB that it takes for itself, at most. */
  long mebibytes();

  /** Gives memory back, until the next call. */
  void trim();

  /** Ends the use of its library. */
  @Override
  void close();
}
