package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.Photograph;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/**
 * A photograph as it is seen at each scale: reduced by the same factor as the output, and never
 * enlarged from scale to scale.
 *
 * <p>The backend gets it once and reduces it; one with a mask is reduced on the heap, where its
 * holes are filled, and uploaded for each scale.
 */
final class ScaledExemplar {
  /** Shortest side at the coarsest scale that still shows a structure, pixels. */
  private static final int LEAST = 8;

  private final Backend backend;
  private final Image image;
  private final double scale;
  private final ScaleSchedule schedule;
  private final String name;
  private Tensor whole; // where the backend has it, from the first scale to the finest

  /**
   * @param image as it is
   * @param scale factor from its own size to its size at the finest scale
   * @param schedule of the run
   * @param name what to call it in a refusal
   */
  ScaledExemplar(Backend backend, Image image, double scale, ScaleSchedule schedule, String name) {
    this.backend = backend;
    this.image = image;
    this.scale = scale;
    this.schedule = schedule;
    this.name = name;
  }

  private double factor(Scale at) {
    return scale * schedule.factor(at);
  }

  /**
   * @throws Failure USAGE if it is too small at the coarsest scale
   */
  void requireLargeEnough() {
    Scale coarsest = schedule.scales().get(0);
    double side = Math.min(image.height(), image.width()) * factor(coarsest);
    if (side < LEAST) {
      throw new Failure(
          ExitCode.USAGE,
          "the %s must be at least %d pixels a side at the coarsest scale, it is %.1f; use fewer scales or a larger %s"
              .formatted(name, LEAST, side, name));
    }
  }

  /** [3][H][W] at a scale. */
  Shape shape(Scale at) {
    return new Shape(
        3, Resample.side(image.height(), factor(at)), Resample.side(image.width(), factor(at)));
  }

  /** Whether only a part of it is texture. */
  boolean isMasked() {
    return image.mask() != null;
  }

  /** Floats that the picture itself takes on the heap. */
  long floats() {
    return image.rgb().length + (isMasked() ? image.mask().length : 0);
  }

  /**
   * Floats that it takes where the backend has it, until it was seen at the finest scale: with its
   * rows at the new width, from which columns are reduced.
   */
  long wholeFloats() {
    if (isMasked()) {
      return 0;
    }
    Shape whole = new Shape(3, image.height(), image.width());
    Shape wide = new Shape(3, image.height(), shape(schedule.finest()).width());
    return backend.floats(whole) + backend.floats(wide);
  }

  /**
   * The photograph at a scale.
   *
   * @throws Failure BAD_DATA if its mask leaves nothing there
   */
  Photograph at(Scale at) {
    if (isMasked()) {
      return Photograph.upload(backend, reducedOnTheHeap(at));
    }
    if (whole == null) {
      whole = backend.upload(new Shape(3, image.height(), image.width()), image.rgb());
    }
    Tensor reduced = Resized.of(backend, whole, shape(at), Edges.REFLECT);
    if (at.equals(schedule.finest())) {
      whole.close();
      whole = null;
    }
    return Photograph.of(reduced);
  }

  private Image reducedOnTheHeap(Scale at) {
    Image reduced = Resample.scale(image, factor(at), Edges.REFLECT);
    for (int i = 0; i < reduced.pixels(); i++) {
      if (reduced.uses(i)) {
        return reduced;
      }
    }
    throw new Failure(
        ExitCode.BAD_DATA,
        "the mask must leave some texture at every scale, at %d x %d pixels it leaves none"
            .formatted(reduced.width(), reduced.height()));
  }

  /**
   * @throws Failure BAD_DATA if the photograph's mask left too little to measure
   */
  void requireSomethingToMatch(TextureStatistics statistics, Shape reduced) {
    if (statistics.targets().isEmpty()) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "the mask must leave a tenth of the %s and 64 pixels, at %d x %d it leaves less"
              .formatted(name, reduced.width(), reduced.height()));
    }
  }
}
