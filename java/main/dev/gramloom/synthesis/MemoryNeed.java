package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Memory;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.MemoryPlan;
import dev.gramloom.network.Network;
import dev.gramloom.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run holds at the same time, at most: counted before it starts, from the plans of its walks
 * and from what its parts say of themselves.
 */
final class MemoryNeed {
  /** Of an iterate that is shown: as it is, on a GPU aside, and within 0..1. */
  private static final int SHOWN = 2;

  private final Backend backend;
  private final long besides;
  private final long untilFinest;
  private final Map<Kernel, Set<Shape>> inputs = new HashMap<>(); // of all scales so far
  private long floats;
  private long last; // of the scale that was added last
  private long largest;

  /** With nothing that is held for the exemplars' sake. */
  MemoryNeed(Backend backend, long besides) {
    this(backend, besides, 0);
  }

  /**
   * @param besides floats that are held all the time, whatever the scale
   * @param untilFinest floats that are held until the exemplars are there at the finest scale
   */
  MemoryNeed(Backend backend, long besides, long untilFinest) {
    this.backend = backend;
    this.besides = besides;
    this.untilFinest = untilFinest;
  }

  /**
   * Counts a scale of a texture, see {@link #add(Network, List, boolean, Shape, int, long)}.
   *
   * @param exemplar shape, [3][H][W], as it is there
   */
  void add(Network network, Shape exemplar, boolean masked, Shape output, int tensors) {
    add(network, List.of(exemplar), masked, output, tensors, 0);
  }

  /**
   * Counts a scale, after all coarser ones: the exemplars are measured one after another, then the
   * output is optimised, never both at once.
   *
   * @param exemplars shapes, [3][H][W], as they are there
   * @param masked whether only a part of one is texture
   * @param output shape, [3][H][W]
   * @param tensors of the output's shape that its optimiser holds besides the output itself
   * @param extra floats that this scale holds besides, while it optimises
   */
  void add(
      Network network,
      List<Shape> exemplars,
      boolean masked,
      Shape output,
      int tensors,
      long extra) {
    MemoryPlan plan = new MemoryPlan(backend, network, output, true);
    long optimizing =
        plan.floats()
            + (1 + tensors) * backend.floats(output)
            + TextureStatistics.floats(backend, network, output) // the losses' own matrices
            + SHOWN * output.size()
            + extra;
    long measuring = 0;
    long kept = output.size();
    largest = Math.max(largest, plan.largest());
    for (Shape exemplar : exemplars) {
      measuring =
          Math.max(
              measuring, TextureStatistics.measuringFloats(backend, network, exemplar, masked));
      kept += backend.floats(exemplar) + (masked ? exemplar.size() + exemplar.pixels() : 0);
      kept += TextureStatistics.floats(backend, network, exemplar);
      largest = Math.max(largest, new MemoryPlan(backend, network, exemplar, false).largest());
    }
    long kernels = kernels(network, exemplars, output);
    floats = Math.max(floats, last + untilFinest); // the scale before was not the finest
    long base = besides + kept + kernels;
    last = base + Math.max(measuring, optimizing);
    floats = Math.max(floats, Math.max(base + untilFinest, last));
  }

  /** Floats of all filters, as they are and packed for every size that was seen so far. */
  private long kernels(Network network, List<Shape> exemplars, Shape output) {
    List<Shape> pictures = new ArrayList<>(exemplars);
    pictures.add(output);
    for (Shape picture : pictures) {
      network
          .convolutions(picture)
          .forEach((k, shapes) -> inputs.computeIfAbsent(k, n -> new HashSet<>()).addAll(shapes));
    }
    long sum = 0;
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
