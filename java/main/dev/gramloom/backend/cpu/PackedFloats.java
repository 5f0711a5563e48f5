package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Shape;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What {@link CpuFilters} hold in the end, known before they are made. */
final class PackedFloats {
  private PackedFloats() {}

  /**
   * Floats of a kernel's packings, each once, at most.
   *
   * @param inputs that it is applied to, both ways, [C][H][W]
   */
  static long of(Kernel kernel, Collection<Shape> inputs) {
    Set<WinogradTransform> there = new HashSet<>(); // null stands for direct sums
    Set<WinogradTransform> back = new HashSet<>();
    for (Shape at : inputs) {
      there.add(transform(kernel, kernel.inputs(), kernel.outputs(), at));
      WinogradTransform way = transform(kernel, kernel.outputs(), kernel.inputs(), at);
      (way != null && way.flipped() != null ? there : back).add(way); // F(6, 3) serves both ways
    }
    long floats = 0;
    for (WinogradTransform way : there) {
      floats += packed(kernel, way, kernel.outputs(), kernel.inputs());
    }
    for (WinogradTransform way : back) {
      floats += packed(kernel, way, kernel.inputs(), kernel.outputs());
    }
    return floats;
  }

  private static WinogradTransform transform(Kernel kernel, int inputs, int outputs, Shape at) {
    return ConvolutionMethod.of(kernel.size(), inputs, outputs, at.height(), at.width())
        .transform();
  }

  private static long packed(Kernel kernel, WinogradTransform way, int outputs, int inputs) {
    return way == null
        ? 2L * kernel.weights().length // each with its place
        : WinogradWeights.floats(way, outputs, inputs);
  }
}
