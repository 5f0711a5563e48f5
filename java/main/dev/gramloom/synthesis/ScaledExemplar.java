package dev.gramloom.synthesis;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;

/**
 * A photograph as it is seen at each scale: reduced by the same factor as the output, and never
 * enlarged from scale to scale.
 *
 * @param image as it is
 * @param scale factor from its own size to its size at the finest scale
 * @param schedule of the run
 * @param name what to call it in a refusal
 */
record ScaledExemplar(Image image, double scale, ScaleSchedule schedule, String name) {
  /** Shortest side at the coarsest scale that still shows a structure, pixels. */
  private static final int LEAST = 8;

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

  /** Floats that the picture itself takes. */
  long floats() {
    return image.rgb().length + (image.mask() == null ? 0 : image.mask().length);
  }

  /**
   * The photograph at a scale.
   *
   * @throws Failure BAD_DATA if its mask leaves nothing there
   */
  Image at(Scale at) {
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
  void requireSomethingToMatch(TextureStatistics statistics, Image reduced) {
    if (statistics.targets().isEmpty()) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "the mask must leave a tenth of the %s and 64 pixels, at %d x %d it leaves less"
              .formatted(name, reduced.width(), reduced.height()));
    }
  }
}
