package dev.gramloom.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What occurs with what, and not where. */
@Tag("backends")
class GramLossTest {
  private static final int[][] SIZES = {{1, 2}, {5, 3}, {6, 8}, {13, 9}};

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    BackendSuppliers.all()
        .forEach(backend -> {
          for (int[] size : SIZES) {
            cases.add(Arguments.of(backend, size[0], size[1], false));
            cases.add(Arguments.of(backend, size[0], size[1], true));
          }
        });
    return cases.stream();
  }

  /** Features of an exemplar of 7 x 6 places. */
  private static Tensor exemplar(Backend backend, int channels, long seed) {
    return TestBackends.random(backend, new Shape(channels, 7, 6), seed);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void twoPixelsByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape pair = new Shape(2, 1, 2);
    // T of features (1, 0) and (0, 1), one at each pixel: half the identity, ‖T‖² = 1/2
    Tensor exemplar = backend.upload(pair, 1, 0, 0, 1);
    GramLoss.Target target = GramLoss.measure(backend, exemplar, exemplar, 1, false);
    assertArrayEquals(new float[] {0.5f, 0, 0, 0.5f}, target.gram().toArray());
    assertNull(target.centreA());
    // F = (1 2 | 3 0): G = (5 3 | 3 9) / 2, G − T = (2 1.5 | 1.5 4), E = 3 · 24.5 / 0.5
    Tensor features = backend.upload(pair, 1, 2, 3, 0);
    try (GramLoss loss = GramLoss.relative(backend, target, 3)) {
      assertEquals(147, loss.value(features, features), 1e-4);
      // 4 w / (M ‖T‖²) · (G − T) F = 12 · (6.5 4 | 13.5 3), on top of what is there
      Tensor gradient = backend.upload(pair, 1, 1, 1, 1);
      loss.addGradientOfBoth(features, gradient);
      assertArrayEquals(new float[] {79, 49, 163, 37}, gradient.toArray(), 1e-4f);
    }
  }

  /** A backend tells a symmetric product, which costs half, by its features and their centre. */
  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void featuresWithThemselvesHaveOneCentre(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor exemplar = exemplar(backend, 3, 1);
    GramLoss.Target same = GramLoss.measure(backend, exemplar, exemplar, 1, true);
    assertSame(same.centreA(), same.centreB());
    GramLoss.Target two = GramLoss.measure(backend, exemplar, exemplar(backend, 3, 2), 1, true);
    assertNotSame(two.centreA(), two.centreB());
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void twoCentredPixelsByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape one = new Shape(1, 1, 2);
    Tensor exemplar = backend.upload(one, 2, 4);
    GramLoss.Target target = GramLoss.measure(backend, exemplar, exemplar, 1, true);
    assertArrayEquals(new float[] {3}, target.centreA().toArray());
    assertArrayEquals(new float[] {1}, target.gram().toArray()); // its variance
    assertEquals(1, target.trace());
    try (GramLoss loss = GramLoss.relative(backend, target, 1)) {
      Tensor features = backend.upload(one, 3, 6); // G = (0² + 3²) / 2
      assertEquals(3.5 * 3.5, loss.value(features, features), 1e-5);
      Tensor gradient = backend.zeros(one);
      loss.addGradientOfBoth(features, gradient);
      assertArrayEquals(new float[] {0, 21}, gradient.toArray(), 1e-5f); // 4/2 · 3.5 · (f − 3)
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theGradientOfFeaturesWithThemselvesIsTheSlope(
      Supplier<Backend> supplier, int height, int width, boolean centred) {
    Backend backend = supplier.get();
    Tensor exemplar = exemplar(backend, 5, 1);
    GramLoss.Target target = GramLoss.measure(backend, exemplar, exemplar, 1, centred);
    Tensor x = TestBackends.random(backend, new Shape(5, height, width), 2);
    try (GramLoss loss = GramLoss.relative(backend, target, 0.7)) {
      loss.value(x, x);
      Tensor gradient = backend.zeros(x.shape());
      loss.addGradientOfBoth(x, gradient);
      Slopes.assertGradient(backend, at -> loss.value(at, at), x, gradient, 1e-2, 2e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theGradientsOfRowsAndColumnsAreTheSlopes(
      Supplier<Backend> supplier, int height, int width, boolean centred) {
    Backend backend = supplier.get();
    GramLoss.Target target =
        GramLoss.measure(backend, exemplar(backend, 5, 1), exemplar(backend, 3, 2), 1, centred);
    Tensor a = TestBackends.random(backend, new Shape(5, height, width), 3);
    Tensor b = TestBackends.random(backend, new Shape(3, height, width), 4);
    try (GramLoss loss = GramLoss.relative(backend, target, 1.3)) {
      loss.value(a, b);
      Tensor rows = backend.zeros(a.shape());
      loss.addGradientOfRows(b, rows);
      Tensor columns = backend.zeros(b.shape());
      loss.addGradientOfColumns(a, columns);
      Slopes.assertGradient(backend, at -> loss.value(at, b), a, rows, 1e-2, 1e-3);
      Slopes.assertGradient(backend, at -> loss.value(a, at), b, columns, 1e-2, 1e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bothIsRowsAndColumnsTogether(
      Supplier<Backend> supplier, int height, int width, boolean centred) {
    Backend backend = supplier.get();
    Tensor exemplar = exemplar(backend, 5, 1);
    GramLoss.Target target = GramLoss.measure(backend, exemplar, exemplar, 1, centred);
    Tensor x = TestBackends.random(backend, new Shape(5, height, width), 2);
    try (GramLoss loss = GramLoss.relative(backend, target, 1)) {
      loss.value(x, x);
      Tensor both = backend.zeros(x.shape());
      loss.addGradientOfBoth(x, both);
      Tensor halves = backend.zeros(x.shape());
      loss.addGradientOfRows(x, halves);
      loss.addGradientOfColumns(x, halves);
      assertTrue(TestBackends.relativeError(halves.toArray(), both.toArray()) < 1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void doesNotSeeWhereAFeatureOccurs(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    float[] values = TestBackends.random(4 * 15, 6);
    float[] shuffled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      shuffled[i / 15 * 15 + (i % 15 * 7 + 3) % 15] = values[i];
    }
    Tensor exemplar = backend.upload(new Shape(4, 3, 5), values);
    Tensor other = backend.upload(new Shape(4, 5, 3), shuffled);
    GramLoss.Target target = GramLoss.measure(backend, exemplar, exemplar, 1, true);
    try (GramLoss loss = GramLoss.relative(backend, target, 1)) {
      assertEquals(0, loss.value(exemplar, exemplar), 1e-12);
      assertEquals(0, loss.value(other, other), 1e-12);
      Tensor brighter = backend.upload(new Shape(4, 3, 5), shuffled);
      backend.scale(1.1f, brighter);
      assertTrue(loss.value(brighter, brighter) > 1e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void twiceTheExemplarsSizeIsNoDistance(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor small = backend.upload(new Shape(2, 1, 2), 1, 2, 3, 5);
    Tensor large = backend.upload(new Shape(2, 2, 2), 1, 2, 1, 2, 3, 5, 3, 5);
    GramLoss.Target target = GramLoss.measure(backend, small, small, 1, false);
    try (GramLoss loss = GramLoss.relative(backend, target, 1)) {
      assertEquals(0, loss.value(large, large));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void whatIsNotTextureDoesNotDilute(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor all = backend.upload(new Shape(2, 1, 2), 1, 2, 3, 5);
    Tensor half = backend.upload(new Shape(2, 2, 2), 1, 0, 0, 2, 3, 0, 0, 5);
    for (boolean centred : new boolean[] {false, true}) {
      GramLoss.Target expected = GramLoss.measure(backend, all, all, 1, centred);
      GramLoss.Target actual = GramLoss.measure(backend, half, half, 0.5, centred);
      assertArrayEquals(expected.gram().toArray(), actual.gram().toArray(), 1e-6f);
      if (centred) {
        assertArrayEquals(expected.centreB().toArray(), actual.centreB().toArray(), 1e-6f);
      }
      expected.close();
      actual.close();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void nothingToRelateToIsNoDivisionByZero(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor nothing = backend.zeros(new Shape(2, 2, 2));
    GramLoss.Target target = GramLoss.measure(backend, nothing, nothing, 1, true);
    try (GramLoss loss = GramLoss.relative(backend, target, 1)) {
      assertEquals(0, loss.value(nothing, nothing));
      Tensor gradient = backend.zeros(nothing.shape());
      loss.addGradientOfBoth(nothing, gradient);
      assertArrayEquals(new float[8], gradient.toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void anotherNumberOfChannelsIsTheProgrammersError(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor exemplar = exemplar(backend, 5, 1);
    GramLoss.Target target = GramLoss.measure(backend, exemplar, exemplar, 1, true);
    try (GramLoss loss = GramLoss.relative(backend, target, 1)) {
      Tensor other = exemplar(backend, 4, 1);
      assertThrows(IllegalArgumentException.class, () -> loss.value(other, other));
    }
  }
}
