package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.Photograph;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;

/** The picture that the coarsest scale begins with. */
final class StartPicture {
  /** Noise added to an enlarged picture, as a share of the exemplar's own detail. */
  private static final double DETAIL_SHARE = 0.7;

  private static final float GREY = 0.5f;

  private StartPicture() {}

  /**
   * @param exemplar at the coarsest scale
   * @return [3][H][W], to be closed
   */
  static Tensor of(Backend backend, SynthesisSettings settings, Scale scale, Photograph exemplar) {
    if (settings.start() instanceof Start.Picture picture) {
      Image plain = HoleFill.fill(picture.image());
      Shape shape = new Shape(3, plain.height(), plain.width());
      try (Tensor given = backend.upload(shape, plain.rgb())) {
        return picture.coarse()
            ? enlarged(backend, given, scale, exemplar, settings)
            : Resized.of(backend, given, output(scale), settings.tiling().edges());
      }
    }
    return backend.upload(output(scale), made(settings, scale, exemplar.image()).rgb());
  }

  private static Image made(SynthesisSettings settings, Scale scale, Image exemplar) {
    if (settings.start() instanceof Start.Exemplar) {
      return repeated(HoleFill.fill(exemplar), scale);
    }
    if (settings.start() instanceof Start.Grey) {
      float[] rgb = new float[3 * scale.width() * scale.height()];
      Arrays.fill(rgb, GREY);
      return new Image(scale.height(), scale.width(), rgb);
    }
    return noise(ColorStatistics.of(exemplar), scale, settings.seed());
  }

  private static Shape output(Scale scale) {
    return new Shape(3, scale.height(), scale.width());
  }

  /**
   * The picture that a finer scale begins with: the coarser scale's result, enlarged, and white
   * noise about as strong as what the exemplar has to show at this scale and not at the last. An
   * enlarged picture has no fine detail, and the optimiser would fill it with the few waves that
   * the filters see best: a grid like halftone. The pictures stay where the backend has them.
   *
   * @param picture the coarser scale's result, [3][H][W]
   * @param exemplar at the finer scale
   */
  static Tensor enlarged(
      Backend backend,
      Tensor picture,
      Scale scale,
      Photograph exemplar,
      SynthesisSettings settings) {
    Shape to = output(scale);
    double factor = Math.min(1, (double) picture.shape().width() / scale.width());
    double[] strength = detail(backend, exemplar, factor);
    Tensor larger = Resized.of(backend, picture, to, settings.tiling().edges());
    try (Tensor noise = backend.upload(to, noise(strength, scale, settings.seed()))) {
      backend.addScaled(1, noise, larger);
    }
    return larger;
  }

  /**
   * [3][H][W], grey.
   *
   * @param strength of each channel, before only a share of it is taken
   */
  private static float[] noise(double[] strength, Scale scale, long seed) {
    Noise noise = new Noise(seed + scale.width());
    int pixels = scale.width() * scale.height();
    float[] rgb = new float[3 * pixels];
    for (int p = 0; p < pixels; p++) {
      double value = DETAIL_SHARE * noise.normal(p); // one value for all channels
      for (int c = 0; c < 3; c++) {
        rgb[c * pixels + p] = (float) (strength[c] * value);
      }
    }
    return rgb;
  }

  /** Per channel, the standard deviation of what a picture loses when it is reduced by a factor. */
  private static double[] detail(Backend backend, Photograph exemplar, double factor) {
    Shape whole = exemplar.shape();
    Shape less =
        new Shape(3, Resample.side(whole.height(), factor), Resample.side(whole.width(), factor));
    try (Tensor coarse = Resized.of(backend, exemplar.pixels(), less, Edges.REFLECT);
        Tensor lost = Resized.of(backend, coarse, whole, Edges.REFLECT);
        Tensor mask = exemplar.mask(backend)) {
      backend.addScaled(-1, exemplar.pixels(), lost);
      double[][] covariance = backend.moments(lost, mask).covariance();
      return new double[] {
        Math.sqrt(covariance[0][0]), Math.sqrt(covariance[1][1]), Math.sqrt(covariance[2][2])
      };
    }
  }

  private static Image repeated(Image exemplar, Scale scale) {
    int pixels = scale.width() * scale.height();
    float[] rgb = new float[3 * pixels];
    for (int i = 0; i < rgb.length; i++) {
      int y = i % pixels / scale.width() % exemplar.height();
      int x = i % scale.width() % exemplar.width();
      rgb[i] = exemplar.rgb()[(i / pixels * exemplar.height() + y) * exemplar.width() + x];
    }
    return new Image(scale.height(), scale.width(), rgb);
  }

  /** Each pixel alone drawn from the normal distribution of the exemplar's colours. */
  private static Image noise(ColorStatistics colors, Scale scale, long seed) {
    Noise noise = new Noise(seed);
    int pixels = scale.width() * scale.height();
    float[] rgb = new float[3 * pixels];
    for (int p = 0; p < pixels; p++) {
      for (int c = 0; c < 3; c++) {
        rgb[c * pixels + p] = (float) colors.mean()[c];
      }
      for (int axis = 0; axis < 3; axis++) {
        double length = colors.deviations()[axis] * noise.normal(3L * p + axis);
        for (int c = 0; c < 3; c++) {
          rgb[c * pixels + p] += (float) (length * colors.axes()[axis][c]);
        }
      }
    }
    return new Image(scale.height(), scale.width(), rgb);
  }
}
