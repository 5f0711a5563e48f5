package dev.gramloom.synthesis;

import dev.gramloom.image.Image;
import dev.gramloom.loss.GramNormalization;
import dev.gramloom.pyramid.ScaleSchedule;

/**
 * Everything that decides the pixels of a run, besides the exemplar, the network and the backend.
 *
 * @param schedule sizes and iterations
 * @param seed of the noise
 * @param tiling along which axes the output tiles
 * @param start what the coarsest scale begins with
 * @param exemplarScale factor from the exemplar's own size to its size at the finest scale
 * @param styleWeight of all Gram losses together
 * @param gramNormalization what the Gram losses are divided by
 * @param tvWeight of the total variation
 * @param matchColors whether the output's colour distribution is brought to the exemplar's
 * @param method of optimisation
 * @param styleLoss by what a style is told
 * @param minImprovement share of the loss that ten iterations must gain, or a scale is over; 0 for
 *     any
 */
public record SynthesisSettings(
    ScaleSchedule schedule,
    long seed,
    Tiling tiling,
    Start start,
    double exemplarScale,
    double styleWeight,
    GramNormalization gramNormalization,
    double tvWeight,
    boolean matchColors,
    Method method,
    StyleLoss styleLoss,
    double minImprovement) {

  /** Gram matrices, and no end before the last iteration. */
  public SynthesisSettings(
      ScaleSchedule schedule,
      long seed,
      Tiling tiling,
      Start start,
      double exemplarScale,
      double styleWeight,
      GramNormalization gramNormalization,
      double tvWeight,
      boolean matchColors,
      Method method) {
    this(
        schedule,
        seed,
        tiling,
        start,
        exemplarScale,
        styleWeight,
        gramNormalization,
        tvWeight,
        matchColors,
        method,
        StyleLoss.GRAM,
        0);
  }

  /** How the pixels are moved. */
  public enum Method {
    LBFGS,
    ADAM
  }

  /** What the coarsest scale begins with. */
  public sealed interface Start {
    /** Seeded noise with the exemplar's colour statistics. */
    record Noise() implements Start {}

    /** The exemplar's own pixels, repeated or cropped to the output's size. */
    record Exemplar() implements Start {}

    /** Grey everywhere. */
    record Grey() implements Start {}

    /**
     * Another picture, resized to the output's size.
     *
     * @param coarse whether noise is to take the place of the detail that it lacks, and what it
     *     shows is to stay where it is: the output is not cut open elsewhere
     */
    record Picture(Image image, boolean coarse) implements Start {
      /** A picture with its detail, that may be cut open elsewhere. */
      public Picture(Image image) {
        this(image, false);
      }

      /** Floats that it takes. */
      long floats() {
        return image.rgb().length + (image.mask() == null ? 0 : image.mask().length);
      }
    }
  }
}
