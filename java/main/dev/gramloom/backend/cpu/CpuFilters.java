package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Shape;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * A kernel packed for whichever way it is used, when it is first used so: for a picture, for direct
 * sums or for Winograd's; as it is or, for the adjoint, flipped with inputs and outputs exchanged.
 */
final class CpuFilters implements Filters {
  private final Kernel kernel;
  private final Workers workers;
  private PictureFilter filter;
  private PictureWeights picture;
  private PackedKernel forward;
  private PackedKernel adjoint;
  private WinogradWeights winograd;
  private WinogradWeights winogradAdjoint;

  /** Keeps the kernel's numbers and not the kernel, which is how long its filters are kept. */
  CpuFilters(Kernel of, Workers workers) {
    this.kernel = new Kernel(of.outputs(), of.inputs(), of.size(), of.weights(), of.bias());
    this.workers = workers;
  }

  /**
   * Floats of what is packed once a kernel was used both ways.
   *
   * @param inputs that it is applied to, [C][H][W]
   */
  static long floats(Kernel kernel, Collection<Shape> inputs) {
    Set<ConvolutionMethod> there = EnumSet.noneOf(ConvolutionMethod.class);
    Set<ConvolutionMethod> back = EnumSet.noneOf(ConvolutionMethod.class);
    for (Shape shape : inputs) {
      there.add(ConvolutionMethod.forward(kernel, Activation.NONE, shape).packing());
      back.add(ConvolutionMethod.adjoint(kernel, Activation.NONE, shape).packing());
    }
    long floats = 0;
    for (ConvolutionMethod method : there) {
      floats += floats(kernel, method, kernel.outputs(), kernel.inputs());
    }
    for (ConvolutionMethod method : back) {
      floats += floats(kernel, method, kernel.inputs(), kernel.outputs());
    }
    return floats;
  }

  private static long floats(Kernel kernel, ConvolutionMethod method, int rows, int inners) {
    return switch (method) {
      case FILTER -> // before an activation it is packed for products; each for both ways
          Math.max(PictureFilter.floats(kernel), PictureWeights.floats(kernel)) / 2;
      case PICTURE -> PictureWeights.floats(kernel) / 2;
      case DIRECT -> 2L * kernel.weights().length; // each with its place
      default -> WinogradWeights.floats(rows, inners);
    };
  }

  @Override
  public Kernel kernel() {
    return kernel;
  }

  private float flipped(int c, int k, int i, int j) {
    int last = kernel.size() - 1;
    return kernel.weight(k, c, last - i, last - j);
  }

  PictureFilter filter() {
    if (filter == null) {
      filter = new PictureFilter(workers, kernel);
    }
    return filter;
  }

  PictureWeights picture() {
    if (picture == null) {
      picture = new PictureWeights(kernel);
    }
    return picture;
  }

  PackedKernel forward() {
    if (forward == null) {
      forward = new PackedKernel(kernel.outputs(), kernel.inputs(), kernel.size(), kernel::weight);
    }
    return forward;
  }

  PackedKernel adjoint() {
    if (adjoint == null) {
      adjoint = new PackedKernel(kernel.inputs(), kernel.outputs(), kernel.size(), this::flipped);
    }
    return adjoint;
  }

  WinogradWeights winograd() {
    if (winograd == null) {
      winograd = new WinogradWeights(workers, kernel.outputs(), kernel.inputs(), kernel::weight);
    }
    return winograd;
  }

  WinogradWeights winogradAdjoint() {
    if (winogradAdjoint == null) {
      winogradAdjoint =
          new WinogradWeights(workers, kernel.inputs(), kernel.outputs(), this::flipped);
    }
    return winogradAdjoint;
  }

  @Override
  public void close() {
    // shared by all who use the kernel, and the garbage collector's work
  }
}
