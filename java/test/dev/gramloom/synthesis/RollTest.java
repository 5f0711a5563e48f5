package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** On a torus no place is special: that is why the result tiles. */
class RollTest {
  /**
   * A network with a size to try it at.
   *
   * @param stride pixels of the picture for one at the deepest tap
   */
  private record Setup(Network network, int stride, int height, int width) {
    @Override
    public String toString() {
      return "%s, %dx%d".formatted(network.identity(), width, height);
    }
  }

  /** Losses, and the gradient as a picture. */
  private record Evaluation(double loss, Image gradient) {}

  static Stream<Arguments> cases() {
    // second order statistics are taken at half the coarsest octave's resolution
    Setup three = new Setup(FilterBank.network(Preprocessing.NONE, 64), 8, 64, 96);
    Setup two = new Setup(FilterBank.network(Preprocessing.NONE, 32), 4, 32, 40);
    Setup average = new Setup(MiniVgg.network(new Layer.AveragePool()), 16, 64, 96);
    Setup maximum = new Setup(MiniVgg.network(new Layer.MaxPool()), 16, 64, 48);
    List<Arguments> cases = new ArrayList<>();
    Named<Supplier<Backend>> cpu = named("cpu");
    Named<Supplier<Backend>> reference = named("reference");
    cases.add(Arguments.of(cpu, three));
    cases.add(Arguments.of(cpu, two));
    cases.add(Arguments.of(cpu, average));
    cases.add(Arguments.of(cpu, maximum));
    cases.add(Arguments.of(reference, two));
    cases.add(Arguments.of(reference, maximum));
    return cases.stream();
  }

  private static Named<Supplier<Backend>> named(String name) {
    return Named.of(name, () -> BackendSuppliers.get(name));
  }

  private static StyleObjective objective(Backend backend, Setup setup, Tiling tiling) {
    var statistics = new TextureStatistics(backend, setup.network, Runs.exemplar(50, 61));
    SynthesisSettings settings = Runs.weighted(Runs.settings(tiling, new Scale(32, 32, 1)), 1, 0.1);
    Shape shape = new Shape(3, setup.height, setup.width);
    return new StyleObjective(backend, statistics, shape, settings);
  }

  private static Evaluation evaluate(Backend backend, StyleObjective objective, Image picture) {
    Shape shape = new Shape(3, picture.height(), picture.width());
    try (Tensor x = backend.upload(shape, picture.rgb());
        Tensor gradient = backend.zeros(shape)) {
      double loss = objective.evaluate(x, gradient);
      return new Evaluation(loss, new Image(picture.height(), picture.width(), gradient.toArray()));
    }
  }

  private static void assertRolls(Evaluation from, Evaluation to, int down, int right) {
    String roll = "rolled by %d, %d".formatted(down, right);
    assertEquals(from.loss, to.loss, 1e-6 * from.loss, roll);
    float[] expected = Pictures.rolled(from.gradient, down, right).rgb();
    double error = TestBackends.relativeError(to.gradient.rgb(), expected);
    assertTrue(error < 1e-5, () -> roll + ": gradient off by " + error);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rollingTheOutputRollsTheGradient(Supplier<Backend> supplier, Setup setup) {
    Backend backend = supplier.get();
    Image picture = picture(setup);
    int[][] rolls = {{1, 0}, {0, 1}, {-1, 1}, {2, -1}};
    try (StyleObjective objective = objective(backend, setup, Tiling.BOTH)) {
      Evaluation here = evaluate(backend, objective, picture);
      for (int[] roll : rolls) {
        int down = roll[0] * setup.stride;
        int right = roll[1] * setup.stride;
        Image rolled = Pictures.rolled(picture, down, right);
        assertRolls(here, evaluate(backend, objective, rolled), down, right);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aCylinderRollsAlongItsOwnAxisAlone(Supplier<Backend> supplier, Setup setup) {
    Backend backend = supplier.get();
    Image picture = picture(setup);
    Image right = Pictures.rolled(picture, 0, setup.stride);
    Image down = Pictures.rolled(picture, setup.stride, 0);
    try (StyleObjective x = objective(backend, setup, Tiling.X)) {
      Evaluation here = evaluate(backend, x, picture);
      assertRolls(here, evaluate(backend, x, right), 0, setup.stride);
      assertDiffers(here, evaluate(backend, x, down));
    }
    try (StyleObjective y = objective(backend, setup, Tiling.Y)) {
      Evaluation here = evaluate(backend, y, picture);
      assertRolls(here, evaluate(backend, y, down), setup.stride, 0);
      assertDiffers(here, evaluate(backend, y, right));
    }
  }

  /**
   * As rough as the exemplar, so that every tap weighs something, and with dots that stand one a
   * deepest pixel: where they stand in it matters.
   */
  private static Image picture(Setup setup) {
    float[] rgb = Runs.exemplar(setup.height, setup.width).rgb();
    for (int i = 0; i < rgb.length; i++) {
      int x = i % setup.width % setup.stride;
      int y = i / setup.width % setup.height % setup.stride;
      rgb[i] += x == 0 && y == 0 ? 0.3f : 0;
    }
    return new Image(setup.height, setup.width, rgb);
  }

  /** By far more than {@link #assertRolls} lets pass. */
  private static void assertDiffers(Evaluation a, Evaluation b) {
    double difference = Math.abs(a.loss - b.loss) / a.loss;
    assertTrue(difference > 1e-5, () -> "a difference of only " + difference);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rollingByLessThanTheStrideChangesTheLoss(Supplier<Backend> supplier, Setup setup) {
    Backend backend = supplier.get();
    Image picture = picture(setup);
    try (StyleObjective objective = objective(backend, setup, Tiling.BOTH)) {
      Evaluation here = evaluate(backend, objective, picture);
      for (int step : new int[] {1, setup.stride / 2}) {
        Evaluation rolled = evaluate(backend, objective, Pictures.rolled(picture, step, 0));
        float[] expected = Pictures.rolled(here.gradient, step, 0).rgb();
        double error = TestBackends.relativeError(rolled.gradient.rgb(), expected);
        assertTrue(error > 1e-3, () -> "gradients differ by only " + error);
        assertDiffers(here, rolled);
      }
      assertDiffers(here, evaluate(backend, objective, Pictures.rolled(picture, 0, 1)));
    }
  }
}
