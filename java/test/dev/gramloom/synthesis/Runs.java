package dev.gramloom.synthesis;

import static dev.gramloom.loss.GramNormalization.RELATIVE;

import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import java.util.List;

/** Small runs to test with: one place that knows all settings. */
final class Runs {
  private Runs() {}

  static SynthesisSettings settings(Tiling tiling, Start start, Method method, Scale... scales) {
    ScaleSchedule schedule = new ScaleSchedule(List.of(scales));
    return new SynthesisSettings(schedule, 7, tiling, start, 1, 1, RELATIVE, 0, false, method);
  }

  /** L-BFGS from noise. */
  static SynthesisSettings settings(Tiling tiling, Scale... scales) {
    return settings(tiling, new Start.Noise(), Method.LBFGS, scales);
  }

  static SynthesisSettings seeded(SynthesisSettings s, long seed) {
    return new SynthesisSettings(
        s.schedule(),
        seed,
        s.tiling(),
        s.start(),
        s.exemplarScale(),
        s.styleWeight(),
        s.gramNormalization(),
        s.tvWeight(),
        s.matchColors(),
        s.method());
  }

  static SynthesisSettings weighted(SynthesisSettings s, double style, double tv) {
    return new SynthesisSettings(
        s.schedule(),
        s.seed(),
        s.tiling(),
        s.start(),
        s.exemplarScale(),
        style,
        s.gramNormalization(),
        tv,
        s.matchColors(),
        s.method());
  }

  static SynthesisSettings colored(SynthesisSettings s, double exemplarScale) {
    return new SynthesisSettings(
        s.schedule(),
        s.seed(),
        s.tiling(),
        s.start(),
        exemplarScale,
        s.styleWeight(),
        s.gramNormalization(),
        s.tvWeight(),
        true,
        s.method());
  }

  /** Waves and grain, in colour. */
  static Image exemplar(int height, int width) {
    float[] waves = Pictures.waves(height, width, 5).rgb();
    float[] noise = Pictures.noise(height, width, 6).rgb();
    for (int i = 0; i < waves.length; i++) {
      waves[i] = 0.5f + 1.2f * (waves[i] - 0.5f) + 0.2f * (noise[i] - 0.5f);
    }
    return new Image(height, width, waves);
  }

  /** The exemplar with a hole that other pixels fill. */
  static Image holed(int height, int width, Image filling) {
    Image whole = exemplar(height, width);
    Image holed = Pictures.withHole(whole, height / 3, width / 4, height / 5, width / 5);
    float[] rgb = whole.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = holed.uses(i % whole.pixels()) ? rgb[i] : filling.rgb()[i];
    }
    return new Image(height, width, rgb, holed.mask());
  }

  /** Saturated red, and noise. */
  static Image redNoise(int height, int width) {
    float[] rgb = Pictures.noise(height, width, 8).rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = i < height * width ? 0.8f + 0.2f * rgb[i] : 0.1f * rgb[i];
    }
    return new Image(height, width, rgb);
  }
}
