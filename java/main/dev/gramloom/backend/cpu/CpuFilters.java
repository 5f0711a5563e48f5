package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;

/** A kernel packed both ways: as it is, and flipped with inputs and outputs exchanged. */
final class CpuFilters implements Filters {
  private final Kernel kernel;
  final PackedKernel forward;
  final PackedKernel adjoint;

  CpuFilters(Kernel kernel) {
    this.kernel = kernel;
    int last = kernel.size() - 1;
    forward = new PackedKernel(kernel.outputs(), kernel.inputs(), kernel.size(), kernel::weight);
    adjoint =
        new PackedKernel(
            kernel.inputs(),
            kernel.outputs(),
            kernel.size(),
            (c, k, i, j) -> kernel.weight(k, c, last - i, last - j));
  }

  @Override
  public Kernel kernel() {
    return kernel;
  }

  @Override
  public void close() {
    // the garbage collector's work
  }
}
