package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.loss.GramNormalization;
import dev.gramloom.loss.PublishedLoss;
import dev.gramloom.loss.Slopes;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a published normalization the objective is the published loss, whole and with its slope. */
class PublishedObjectiveTest {
  private static final double STYLE_WEIGHT = 1.5;
  private static final Shape SHAPE = new Shape(3, 32, 36);
  private static final Backend BACKEND = BackendSuppliers.get("reference");
  private static final Network NETWORK =
      MiniVgg.vgg(new Layer.AveragePool())
          .network(
              List.of(
                  new TapPoint("conv1_1", 1),
                  new TapPoint("pool1", 0.25),
                  new TapPoint("conv3_1", 2),
                  new TapPoint("conv5_1", 0.5)),
              1,
              32);

  private static SynthesisSettings settings(GramNormalization normalization, double weight) {
    SynthesisSettings s = Runs.settings(Tiling.NONE, new Scale(32, 36, 1));
    return new SynthesisSettings(
        s.schedule(),
        s.seed(),
        s.tiling(),
        s.start(),
        s.exemplarScale(),
        weight,
        normalization,
        0,
        false,
        s.method());
  }

  private static StyleObjective objective(GramNormalization normalization, double weight) {
    var statistics =
        new TextureStatistics(BACKEND, NETWORK, Runs.exemplar(SHAPE.height(), SHAPE.width()));
    return new StyleObjective(BACKEND, statistics, SHAPE, settings(normalization, weight));
  }

  private static Map<Tap, float[]> features(Image picture) {
    Map<Tap, float[]> features = new LinkedHashMap<>();
    try (var pass = new NetworkPass(BACKEND, NETWORK, SHAPE, Edges.REFLECT, false)) {
      pass.forward(
          BACKEND.upload(SHAPE, picture.rgb()),
          node ->
              NETWORK.taps().stream()
                  .filter(tap -> tap.a() == node)
                  .forEach(tap -> features.put(tap, pass.output(node).toArray())));
    }
    return features;
  }

  /** Σ weight · loss over the taps, of features computed here. */
  private static double published(GramNormalization normalization, Image output, Image exemplar) {
    Map<Tap, float[]> ours = features(output);
    Map<Tap, float[]> theirs = features(exemplar);
    double sum = 0;
    try (var pass = new NetworkPass(BACKEND, NETWORK, SHAPE, Edges.REFLECT, false)) {
      for (Tap tap : NETWORK.taps()) {
        int channels = pass.shape(tap.a()).channels();
        sum +=
            tap.weight()
                * PublishedLoss.of(
                    normalization, ours.get(tap), theirs.get(tap), channels, SHAPE.pixels());
      }
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(GramNormalization.class)
  void theValueIsTheWeightedSumOfThePublishedLosses(GramNormalization normalization) {
    Image picture = Pictures.waves(SHAPE.height(), SHAPE.width(), 3); // within 0..1
    Image exemplar = Runs.exemplar(SHAPE.height(), SHAPE.width());
    double expected = STYLE_WEIGHT * published(normalization, picture, exemplar);
    Tensor x = BACKEND.upload(SHAPE, picture.rgb());
    assertEquals(0, BACKEND.rangePenalty(x, 1, BACKEND.zeros(SHAPE)));
    try (StyleObjective objective = objective(normalization, STYLE_WEIGHT)) {
      assertEquals(expected, objective.evaluate(x, BACKEND.zeros(SHAPE)), 1e-5 * expected);
    }
  }

  @ParameterizedTest
  @EnumSource(GramNormalization.class)
  void theGradientIsTheSlopeAlsoBeyondTheRangeOfPixels(GramNormalization normalization) {
    float[] rgb = Pictures.noise(SHAPE.height(), SHAPE.width(), 3).rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = 1.2f * rgb[i] - 0.1f;
    }
    Tensor x = BACKEND.upload(SHAPE, rgb);
    try (StyleObjective objective = objective(normalization, STYLE_WEIGHT)) {
      Tensor gradient = BACKEND.zeros(SHAPE);
      objective.evaluate(x, gradient);
      Tensor scratch = BACKEND.zeros(SHAPE);
      Slopes.assertGradient(
          BACKEND, at -> objective.evaluate(at, scratch), x, gradient, 2e-3, 3e-3);
    }
  }

  /**
   * Ten times the loss of features that are all zero, a tap; else a normalization that makes small
   * numbers would let pixels go where they like.
   */
  @ParameterizedTest
  @EnumSource(GramNormalization.class)
  void pixelsBeyondTheRangeCostAsMuchAsTheLossIsWorth(GramNormalization normalization) {
    Map<Tap, float[]> exemplar = features(Runs.exemplar(SHAPE.height(), SHAPE.width()));
    double worth = 0;
    try (var pass = new NetworkPass(BACKEND, NETWORK, SHAPE, Edges.REFLECT, false)) {
      for (Tap tap : NETWORK.taps()) {
        float[] features = exemplar.get(tap);
        float[] none = new float[features.length];
        int channels = pass.shape(tap.a()).channels();
        worth += PublishedLoss.of(normalization, none, features, channels, SHAPE.pixels());
      }
    }
    float[] rgb = new float[(int) SHAPE.size()];
    rgb[100] = -2; // 2² over all values
    double expected = 10 * worth / NETWORK.taps().size() * 4 / rgb.length;
    try (StyleObjective objective = objective(normalization, 0)) {
      Tensor gradient = BACKEND.zeros(SHAPE);
      assertEquals(
          expected, objective.evaluate(BACKEND.upload(SHAPE, rgb), gradient), 1e-5 * expected);
      assertEquals(0, objective.evaluate(BACKEND.zeros(SHAPE), gradient), "within it, nothing");
    }
  }
}
