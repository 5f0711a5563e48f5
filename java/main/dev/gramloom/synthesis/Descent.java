package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.Image;
import dev.gramloom.optimize.Adam;
import dev.gramloom.optimize.Lbfgs;
import dev.gramloom.optimize.Optimizer;
import dev.gramloom.optimize.Preconditioner;

/**
 * How a run moves its pixels.
 *
 * <p>A texture is made in the variables of a {@link Preconditioner}: it comes out of noise, and
 * what is left to do at a scale is mostly fine. Sums of its loss are as low after two thirds of the
 * iterations (filters) or four fifths (VGG-19). A picture in a style is not: it begins with a
 * content that has to change in the large, which then takes longer.
 */
final class Descent {
  private static final double ADAM_RATE = 0.02; // of white, a step

  /** Of the deviation along the strongest colour axis, the least that any is taken for. */
  private static final double LEAST_DEVIATION = 0.5;

  private Descent() {}

  /** For a texture like an exemplar. */
  static Optimizer ofTexture(Backend backend, SynthesisSettings settings, Image exemplar) {
    return switch (settings.method()) {
      case LBFGS -> {
        double[][] steps = colorSteps(exemplar);
        yield new Lbfgs(backend, new Preconditioner(backend, settings.tiling().edges(), steps));
      }
      case ADAM -> new Adam(backend, ADAM_RATE);
    };
  }

  /** For a picture in a style. */
  static Optimizer ofPicture(Backend backend, SynthesisSettings settings) {
    return switch (settings.method()) {
      case LBFGS -> new Lbfgs(backend);
      case ADAM -> new Adam(backend, ADAM_RATE);
    };
  }

  /**
   * How far colours move: along each of the exemplar's axes by the root of its deviation's share of
   * the strongest one's.
   *
   * @return [3][3], symmetric
   */
  private static double[][] colorSteps(Image exemplar) {
    ColorStatistics colors = ColorStatistics.of(exemplar);
    double[] deviations = colors.deviations();
    double[][] steps = new double[3][3];
    for (int axis = 0; axis < 3; axis++) {
      double share = deviations[0] > 0 ? deviations[axis] / deviations[0] : 1;
      double step = Math.sqrt(Math.max(share, LEAST_DEVIATION));
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          steps[i][j] += step * colors.axes()[axis][i] * colors.axes()[axis][j];
        }
      }
    }
    return steps;
  }
}
