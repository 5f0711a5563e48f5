package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Shape;

/** The inside of a convolution: filters over pictures that have their border already. */
interface Multiplier extends AutoCloseable {
  /** out [K][H − size + 1][W − size + 1] = the filters over in. */
  void forward(DeviceMemory.Block in, Shape from, CudaFilters filters, DeviceMemory.Block out);

  /** out [C][H + size − 1][W + size − 1] = the adjoint of {@link #forward} of slope [K][H][W]. */
  void adjoint(DeviceMemory.Block slope, Shape from, CudaFilters filters, DeviceMemory.Block out);

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
