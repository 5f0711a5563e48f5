package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Memory;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.MemoryPlan;
import dev.gramloom.network.Network;
import dev.gramloom.tensor.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a run holds at the same time, at most: counted before it starts, from the plans of its walks
 * and from what its parts say of themselves.
 */
final class MemoryNeed {
  /** Of an iterate that is shown: as it is, and within 0..1. */
  private static final int SHOWN = 2;

  private final Backend backend;
  private final long besides;
  private final Map<Kernel, Set<Shape>> inputs = new HashMap<>(); // of all scales so far
  private long floats;
  private long largest;

  /**
   * @param besides floats that are held all the time, whatever the scale
   */
  MemoryNeed(Backend backend, long besides) {
    this.backend = backend;
    this.besides = besides;
  }

  /**
   * Counts a scale, after all coarser ones: the exemplar is measured, then the output is optimised,
   * never both at once.
   *
   * @param exemplar shape, [3][H][W], as it is there
   * @param masked whether only a part of it is texture
   * @param output shape, [3][H][W]
   * @param tensors of the output's shape that its optimiser holds besides the output itself
   */
  void add(Network network, Shape exemplar, boolean masked, Shape output, int tensors) {
    MemoryPlan plan = new MemoryPlan(backend, network, output, true);
    long optimizing =
        plan.floats()
            + (1 + tensors) * backend.floats(output)
            + TextureStatistics.floats(backend, network, output) // the losses' own matrices
            + SHOWN * output.size();
    long measuring = TextureStatistics.measuringFloats(backend, network, exemplar, masked);
    long pictures = exemplar.size() + exemplar.pixels() + output.size();
    long remembered = TextureStatistics.floats(backend, network, exemplar);
    long kernels = kernels(network, exemplar, output);
    long all = besides + pictures + remembered + kernels + Math.max(measuring, optimizing);
    floats = Math.max(floats, all);
    MemoryPlan before = new MemoryPlan(backend, network, exemplar, false);
    largest = Math.max(largest, Math.max(plan.largest(), before.largest()));
  }

  /** Floats of all filters, as they are and packed for every size that was seen so far. */
  private long kernels(Network network, Shape exemplar, Shape output) {
    long sum = 0;
    for (Shape picture : new Shape[] {exemplar, output}) {
      network
          .convolutions(picture)
          .forEach((k, shapes) -> inputs.computeIfAbsent(k, n -> new HashSet<>()).addAll(shapes));
    }
    for (Kernel kernel : network.convolutions(output).keySet()) {
      sum += kernel.weights().length + backend.floats(kernel, inputs.get(kernel));
    }
    return sum;
  }

  /**
   * Refuses what does not fit.
   *
   * @throws dev.gramloom.failure.Failure OUT_OF_MEMORY with the need and what there is
   */
  Memory require() {
    return backend.requireMemory(floats, largest);
  }
}
