package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Shape;

/** The inside of a convolution: filters over pictures that have their border already. */
interface Multiplier extends AutoCloseable {
  /** Kinds of numbers, and what the names of kernels for them end with. */
  enum Storage {
    FLOAT(""),
    BF16("_bf16");

    private final String suffix;

    Storage(String suffix) {
      this.suffix = suffix;
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
   * best where that is not known yet, and leaves anything behind in both blocks.
   *
   * @param from shape of in, as for the call
   */
  Storage plan(
      boolean forward,
      Shape from,
      CudaFilters filters,
      DeviceMemory.Block in,
      DeviceMemory.Block out);

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
