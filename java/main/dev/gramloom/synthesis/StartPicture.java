package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
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
   */
  static Image of(SynthesisSettings settings, Scale scale, Image exemplar) {
    if (settings.start() instanceof Start.Picture picture) {
      Image plain = HoleFill.fill(picture.image());
      Image unmasked = new Image(plain.height(), plain.width(), plain.rgb());
      return picture.coarse()
          ? enlarged(unmasked, scale, exemplar, settings)
          : Resample.resize(unmasked, scale.height(), scale.width(), settings.tiling().edges());
    }
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

  /**
   * The picture that a finer scale begins with: the coarser scale's result, enlarged, and white
   * noise about as strong as what the exemplar has to show at this scale and not at the last. An
   * enlarged picture has no fine detail, and the optimiser would fill it with the few waves that
   * the filters see best: a grid like halftone. The picture stays where the backend has it.
   *
   * @param picture the coarser scale's result, [3][H][W]
   * @param exemplar at the finer scale
   */
  static Tensor enlarged(
      Backend backend, Tensor picture, Scale scale, Image exemplar, SynthesisSettings settings) {
    Shape from = picture.shape();
    Shape to = new Shape(3, scale.height(), scale.width());
    Tensor larger = backend.zeros(to);
    if (from.equals(to)) {
      backend.copy(picture, larger);
    } else {
      backend.resample(picture, Resampling.of(from, to, settings.tiling().edges()), larger);
    }
    try (Tensor noise = backend.upload(to, noise(from.width(), scale, exemplar, settings))) {
      backend.addScaled(1, noise, larger);
    }
    return larger;
  }

  private static Image enlarged(
      Image picture, Scale scale, Image exemplar, SynthesisSettings settings) {
    Image larger =
        Resample.resize(picture, scale.height(), scale.width(), settings.tiling().edges());
    float[] rgb = noise(picture.width(), scale, exemplar, settings);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] += larger.rgb()[i];
    }
    return new Image(scale.height(), scale.width(), rgb);
  }

  /** [3][H][W], grey: what a picture lacks that was of another width. */
  private static float[] noise(int width, Scale scale, Image exemplar, SynthesisSettings settings) {
    double[] strength = detail(exemplar, Math.min(1, (double) width / scale.width()));
    Noise noise = new Noise(settings.seed() + scale.width());
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
  private static double[] detail(Image exemplar, double factor) {
    Image whole = new Image(exemplar.height(), exemplar.width(), HoleFill.fill(exemplar).rgb());
    Image coarse = Resample.scale(whole, factor, Edges.REFLECT);
    Image smooth = Resample.resize(coarse, exemplar.height(), exemplar.width(), Edges.REFLECT);
    float[] lost = new float[whole.rgb().length];
    for (int i = 0; i < lost.length; i++) {
      lost[i] = whole.rgb()[i] - smooth.rgb()[i];
    }
    double[][] covariance =
        ColorStatistics.of(new Image(exemplar.height(), exemplar.width(), lost, exemplar.mask()))
            .covariance();
    return new double[] {
      Math.sqrt(covariance[0][0]), Math.sqrt(covariance[1][1]), Math.sqrt(covariance[2][2])
    };
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
