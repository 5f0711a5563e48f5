package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.cpu.WinogradWeights.View;

/**
 * A kernel packed for whichever way it is used, when it is first used so: directly, as it is or
 * flipped with inputs and outputs exchanged; or among frequencies.
 */
final class CpuFilters implements Filters {
  private final Kernel kernel;
  private final Workers workers;
  private PackedKernel forward;
  private PackedKernel adjoint;
  private WinogradWeights six;
  private WinogradWeights four;
  private WinogradWeights fourFlipped;

  CpuFilters(Kernel kernel, Workers workers) {
    this.kernel = kernel;
    this.workers = workers;
  }

  @Override
  public Kernel kernel() {
    return kernel;
  }

  private float flipped(int c, int k, int i, int j) {
    int last = kernel.size() - 1;
    return kernel.weight(k, c, last - i, last - j);
  }

  /** For direct sums. */
  PackedKernel forward() {
    if (forward == null) {
      forward = new PackedKernel(kernel.outputs(), kernel.inputs(), kernel.size(), kernel::weight);
    }
    return forward;
  }

  /** For the adjoint's direct sums. */
  PackedKernel adjoint() {
    if (adjoint == null) {
      adjoint = new PackedKernel(kernel.inputs(), kernel.outputs(), kernel.size(), this::flipped);
    }
    return adjoint;
  }

  /** Among frequencies. */
  WinogradWeights winograd(WinogradTransform transform) {
    if (transform == WinogradTransform.F6) {
      six = six == null ? weights(transform) : six;
      return six;
    }
    four = four == null ? weights(transform) : four;
    return four;
  }

  /** Among frequencies, for the adjoint; its view is {@link #adjointView}. */
  WinogradWeights winogradAdjoint(WinogradTransform transform) {
    if (transform.flipped() != null) {
      return winograd(transform);
    }
    if (fourFlipped == null) {
      fourFlipped =
          new WinogradWeights(workers, transform, kernel.inputs(), kernel.outputs(), this::flipped);
    }
    return fourFlipped;
  }

  /** How the adjoint reads {@link #winogradAdjoint}. */
  static View adjointView(WinogradWeights weights) {
    View view = weights.adjointView();
    return view == null ? weights.view : view;
  }

  private WinogradWeights weights(WinogradTransform transform) {
    return new WinogradWeights(
        workers, transform, kernel.outputs(), kernel.inputs(), kernel::weight);
  }

  @Override
  public void close() {
    // shared by all who use the kernel, and the garbage collector's work
  }
}
