package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.loss.Slopes;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole way from pixels to loss and back. */
class StyleObjectiveTest {
  private static final int[][] SIZES = {{33, 20}, {24, 32}};
  private static final int[][] REFERENCE_SIZES = {{17, 20}}; // it takes its time

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    BackendSuppliers.all()
        .forEach(backend -> {
          for (Tiling tiling : Tiling.values()) {
            boolean cpu = backend.getName().equals("cpu");
            for (int[] size : cpu ? SIZES : REFERENCE_SIZES) {
              for (Named<Network> network : networks()) {
                cases.add(Arguments.of(backend, tiling, size[0], size[1], network));
              }
            }
          }
        });
    return cases.stream();
  }

  private static List<Named<Network>> networks() {
    return List.of(
        Named.of("filters", FilterBank.network(Preprocessing.NONE, 32)),
        Named.of("vgg", MiniVgg.network(new Layer.AveragePool())));
  }

  private static SynthesisSettings settings(Tiling tiling, double tv) {
    return Runs.weighted(Runs.settings(tiling, new Scale(32, 32, 1)), 1.5, tv);
  }

  /** Values from −0.1 to 1.1: some beyond what a pixel may be. */
  private static Tensor picture(Backend backend, int height, int width) {
    float[] rgb = Pictures.noise(height, width, 3).rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = 1.2f * rgb[i] - 0.1f;
    }
    return backend.upload(new Shape(3, height, width), rgb);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theGradientIsTheSlope(
      Supplier<Backend> supplier, Tiling tiling, int height, int width, Network network) {
    Backend backend = supplier.get();
    TextureStatistics statistics = new TextureStatistics(backend, network, Runs.exemplar(20, 23));
    Tensor x = picture(backend, height, width);
    double tv = tiling == Tiling.BOTH ? 0 : 0.8;
    try (StyleObjective objective =
        new StyleObjective(backend, statistics, x.shape(), settings(tiling, tv))) {
      Tensor gradient = TestBackends.random(backend, x.shape(), 1);
      objective.evaluate(x, gradient);
      Tensor scratch = backend.zeros(x.shape());
      Slopes.assertGradient(
          backend, at -> objective.evaluate(at, scratch), x, gradient, 2e-3, 3e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSecondEvaluationGivesTheSameBits(
      Supplier<Backend> supplier, Tiling tiling, int height, int width, Network network) {
    Backend backend = supplier.get();
    TextureStatistics statistics = new TextureStatistics(backend, network, Runs.exemplar(20, 23));
    Tensor x = picture(backend, height, width);
    try (StyleObjective objective =
        new StyleObjective(backend, statistics, x.shape(), settings(tiling, 0.8))) {
      Tensor gradient = backend.zeros(x.shape());
      double value = objective.evaluate(x, gradient);
      float[] first = gradient.toArray();
      objective.evaluate(TestBackends.random(backend, x.shape(), 4), gradient);
      assertEquals(value, objective.evaluate(x, gradient));
      assertArrayEquals(first, gradient.toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theWayForwardAloneIsTheValueWithoutPenalties(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor inRange = backend.upload(new Shape(3, 17, 20), Pictures.noise(17, 20, 3).rgb());
    Tensor gradient = backend.zeros(inRange.shape());
    for (Named<Network> network : networks()) {
      var statistics = new TextureStatistics(backend, network.getPayload(), Runs.exemplar(20, 23));
      try (StyleObjective objective =
          new StyleObjective(backend, statistics, inRange.shape(), settings(Tiling.BOTH, 0))) {
        double alone = objective.value(inRange);
        assertEquals(alone, objective.value(inRange), "a second one changes nothing");
        assertEquals(alone, objective.evaluate(inRange, gradient));
        float[] slope = gradient.toArray();
        objective.value(inRange);
        objective.evaluate(inRange, gradient);
        assertArrayEquals(slope, gradient.toArray(), "a way forward without a way back");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theExemplarItselfIsAtNoDistance(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Image exemplar = Pictures.waves(33, 40, 5);
    for (Named<Network> network : networks()) {
      var statistics = new TextureStatistics(backend, network.getPayload(), exemplar);
      Tensor x = backend.upload(new Shape(3, 33, 40), exemplar.rgb());
      try (StyleObjective objective =
          new StyleObjective(backend, statistics, x.shape(), settings(Tiling.NONE, 0))) {
        assertEquals(0, objective.evaluate(x, backend.zeros(x.shape())), 1e-6);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void withTheGoldenNetworkItIsTheGoldenObjective(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Image exemplar = new Image(43, 58, MiniVgg.stored("exemplar").read());
    Tensor x = backend.upload(new Shape(3, 48, 64), MiniVgg.stored("image").read());
    Map<Tiling, String> cases = Map.of(Tiling.BOTH, "circular.avg.", Tiling.NONE, "reflect.avg.");
    cases.forEach((tiling, name) -> {
      SynthesisSettings settings = Runs.settings(tiling, new Scale(32, 32, 1));
      Network network = MiniVgg.network(new Layer.AveragePool());
      var statistics = new TextureStatistics(backend, network, exemplar);
      try (var objective = new StyleObjective(backend, statistics, x.shape(), settings)) {
        Tensor gradient = backend.zeros(x.shape());
        double golden = MiniVgg.golden(name + "loss")[0];
        assertEquals(golden, objective.evaluate(x, gradient), 1e-5 * golden);
        float[] expected = MiniVgg.goldenFloats(name + "gradient");
        assertTrue(TestBackends.relativeError(gradient.toArray(), expected) < 1e-4);
      }
    });
  }
}
