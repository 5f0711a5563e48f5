package dev.gramloom.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gram matrices and means of parts of a picture. */
class RegionGramLossTest {
  private static final List<Centring> CENTRINGS =
      List.of(Centring.NONE, Centring.MEANS, new Centring(false, 0.3));

  private static float[] soft(int pixels) {
    float[] weights = TestBackends.random(pixels, 9);
    for (int i = 0; i < pixels; i++) {
      weights[i] = Math.abs(weights[i]);
    }
    return weights;
  }

  private static Region region(Backend backend, Shape picture, float... weights) {
    return new Region(backend, picture, weights, Edges.REFLECT);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void threePlacesByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = backend.upload(new Shape(1, 1, 3), 3, 2, 50);
    // t² = 1, 1/4, 0: G = (9 + 4 / 4) / (5 / 4) = 8
    try (Region region = region(backend, x.shape(), 1, 0.5f, 0);
        Scratch scratch = new Scratch(backend)) {
      GramLoss.Target own = RegionGramLoss.measure(backend, x, x, region, scratch, Centring.NONE);
      assertEquals(8, own.gram().toArray()[0], 1e-5);
      Tensor five = backend.upload(Shape.matrix(1, 1), 5);
      GramLoss.Target target = new GramLoss.Target(five, null, null);
      try (RegionGramLoss loss = new RegionGramLoss(backend, target, 2, region)) {
        assertEquals(2 * 9, loss.value(x, x), 1e-4); // 2 · (8 − 5)²
        Tensor gradient = backend.zeros(x.shape());
        loss.addGradientOfBoth(x, gradient);
        // 2 · 2 · 3 · 2 · t² x / (5 / 4) = 19.2 t² x
        assertArrayEquals(new float[] {57.6f, 9.6f, 0}, gradient.toArray(), 1e-3f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theMeanOfAPartByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = backend.upload(new Shape(1, 1, 3), 3, 2, 50);
    try (Region region = region(backend, x.shape(), 1, 0.5f, 0);
        Scratch scratch = new Scratch(backend)) {
      Tensor target = backend.upload(Shape.matrix(1, 1), 2.3f);
      try (RegionMeanLoss loss = new RegionMeanLoss(backend, target, 2, region, scratch)) {
        // m = (3 + 2 / 4) / (5 / 4) = 2.8, E = 2 · 0.5²
        assertEquals(0.5, loss.value(x), 1e-5);
        Tensor gradient = backend.zeros(x.shape());
        loss.addGradient(gradient);
        // 2 · 2 · 0.5 · t² / (5 / 4)
        assertArrayEquals(new float[] {1.6f, 0.4f, 0}, gradient.toArray(), 1e-5f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theGradientsAreTheSlopes(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(5, 7, 6);
    Tensor a = TestBackends.random(backend, shape, 1);
    Tensor b = TestBackends.random(backend, shape.withChannels(3), 2);
    Tensor style = TestBackends.random(backend, shape, 3);
    Tensor other = TestBackends.random(backend, shape.withChannels(3), 4);
    try (Region region = region(backend, shape, soft(shape.pixels()));
        Scratch scratch = new Scratch(backend)) {
      for (Centring centring : CENTRINGS) {
        GramLoss.Target same =
            RegionGramLoss.measure(backend, style, style, region, scratch, centring);
        try (var loss = new RegionGramLoss(backend, same, 0.3, region)) {
          loss.value(a, a);
          Tensor both = backend.zeros(shape);
          loss.addGradientOfBoth(a, both);
          Slopes.assertGradient(backend, at -> loss.value(at, at), a, both, 1e-2, 1e-3);
        }
        GramLoss.Target cross =
            RegionGramLoss.measure(backend, style, other, region, scratch, centring);
        try (var loss = new RegionGramLoss(backend, cross, 0.3, region)) {
          loss.value(a, b);
          Tensor rows = backend.zeros(shape);
          loss.addGradientOfRows(b, rows);
          Tensor columns = backend.zeros(b.shape());
          loss.addGradientOfColumns(a, columns);
          Slopes.assertGradient(backend, at -> loss.value(at, b), a, rows, 1e-2, 1e-3);
          Slopes.assertGradient(backend, at -> loss.value(a, at), b, columns, 1e-2, 1e-3);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aPartThatIsAllIsNoPart(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(4, 6, 5);
    Tensor x = TestBackends.random(backend, shape, 1);
    float[] all = new float[shape.pixels()];
    Arrays.fill(all, 1);
    try (Region region = region(backend, shape, all);
        Scratch scratch = new Scratch(backend)) {
      for (Centring centring : CENTRINGS) {
        float[] part =
            RegionGramLoss.measure(backend, x, x, region, scratch, centring).gram().toArray();
        float[] whole = GramLoss.measure(backend, x, x, 1, centring).gram().toArray();
        assertTrue(TestBackends.relativeError(part, whole) < 1e-5, centring::toString);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void whatLiesElsewhereDoesNotCount(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(2, 1, 4);
    try (Region region = region(backend, shape, 1, 1, 0, 0);
        Scratch scratch = new Scratch(backend)) {
      Tensor one = backend.upload(shape, 1, 2, 9, 9, 3, 4, 9, 9);
      Tensor two = backend.upload(shape, 1, 2, -5, 0, 3, 4, 7, 1);
      float[] first =
          RegionGramLoss.measure(backend, one, one, region, scratch, Centring.MEANS)
              .gram()
              .toArray();
      float[] second =
          RegionGramLoss.measure(backend, two, two, region, scratch, Centring.MEANS)
              .gram()
              .toArray();
      assertArrayEquals(first, second, 1e-6f);
      // 1 2 and 3 4 alone: (x − mean)(y − mean) / 2
      assertArrayEquals(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, first, 1e-5f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aPartFadesAsItIsHalvedAndIsLeftOutWhereItIsGone(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape picture = new Shape(3, 4, 4);
    float[] corner = new float[16];
    corner[0] = 1;
    try (Region region = region(backend, picture, corner)) {
      assertEquals(1.0 / 16, region.share(), 1e-9);
      assertArrayEquals(new float[] {0.25f, 0, 0, 0}, region.weights(new Shape(7, 2, 2)), 1e-6f);
      assertTrue(region.reaches(new Shape(7, 1, 1)));
    }
    try (Region nothing = region(backend, picture, new float[16])) {
      assertFalse(nothing.reaches(picture));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void severalStylesAreTheSumOfTheirLosses(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(3, 4, 5);
    Tensor x = TestBackends.random(backend, shape, 1);
    Tensor first = TestBackends.random(backend, shape, 2);
    Tensor second = TestBackends.random(backend, shape, 3);
    GramLoss.Target one = GramLoss.measure(backend, first, first, 1, false);
    GramLoss.Target two = GramLoss.measure(backend, second, second, 1, false);
    Tensor sum = backend.zeros(shape);
    for (GramLoss.Target target : List.of(one, two)) {
      try (GramLoss loss = new GramLoss(backend, target, target == one ? 0.7 : 0.2)) {
        loss.value(x, x);
        loss.addGradientOfBoth(x, sum);
      }
    }
    Tensor blended = backend.zeros(shape);
    GramLoss.Target blend = Blend.target(backend, List.of(one, two), new double[] {0.7, 0.2});
    try (GramLoss loss = new GramLoss(backend, blend, 0.9)) {
      loss.value(x, x);
      loss.addGradientOfBoth(x, blended);
    }
    assertTrue(TestBackends.relativeError(blended.toArray(), sum.toArray()) < 1e-5);
  }
}
