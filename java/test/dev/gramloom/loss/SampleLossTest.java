package dev.gramloom.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses that look at features one by one: how they are distributed, and in which patches. */
class SampleLossTest {
  private static final double[] ONE = {1};

  @Test
  void numbersAreSortedAsTheyAre() {
    float[] values = TestBackends.random(5000, 1);
    values[17] = 0;
    values[18] = -0f;
    values[19] = Float.POSITIVE_INFINITY;
    values[20] = -3e30f;
    int[] order = new SortedOrder(4000).of(values, 5, 4000);
    for (int i = 1; i < 4000; i++) {
      assertTrue(values[5 + order[i - 1]] <= values[5 + order[i]]);
    }
    assertEquals(4000, IntStream.of(order).limit(4000).distinct().count());
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void histogramsByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(1, 1, 3);
    Tensor exemplar = backend.upload(shape, 5, 1, 2);
    SlicedLoss.Target target = SlicedLoss.measure(backend, exemplar, null, null);
    try (SlicedLoss loss = new SlicedLoss(backend, shape, List.of(target), new double[] {3})) {
      assertEquals(0, loss.value(backend.upload(shape, 2, 5, 1)), 1e-9); // the same numbers
      // sorted 0 4 7 against 1 2 5: off by −1, 2, 2; Z = 30 / 3: E = 3 / 10 · 9 / 3
      assertEquals(0.9, loss.value(backend.upload(shape, 4, 0, 7)), 1e-6);
      Tensor gradient = backend.zeros(shape);
      loss.addGradient(gradient);
      // 2 · 3 / (10 · 3) · off
      assertArrayEquals(new float[] {0.4f, -0.2f, 0.4f}, gradient.toArray(), 1e-6f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aDirectionByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(2, 1, 2);
    float[] axis = {0.6f, 0.8f};
    // 0.6 · 5 = 3 and 0.8 · 5 = 4
    Tensor exemplar = backend.upload(shape, 5, 0, 0, 5);
    SlicedLoss.Target target = SlicedLoss.measure(backend, exemplar, axis, null);
    assertArrayEquals(new float[] {3, 4}, target.sorted()[0], 1e-6f);
    try (SlicedLoss loss = new SlicedLoss(backend, shape, List.of(target), ONE)) {
      // 6 and 0: sorted off by −3 and 2; Z = 25 / 2: E = 2 / 25 · 13 / 2
      assertEquals(0.52, loss.value(backend.upload(shape, 10, 0, 0, 0)), 1e-6);
      Tensor gradient = backend.zeros(shape);
      loss.addGradient(gradient);
      // 2 · 2 / 25 / 2 · (2, −3), along the axis
      float[] expected = {0.096f, -0.144f, 0.128f, -0.192f};
      assertArrayEquals(expected, gradient.toArray(), 1e-6f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void slicesHaveTheSlopeAsGradientWhateverTheSizes(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(5, 6, 7);
    Tensor exemplar = TestBackends.random(backend, new Shape(5, 9, 4), 1);
    Tensor x = TestBackends.random(backend, shape, 2);
    for (float[] directions : new float[][] {null, SlicedLoss.directions(5, 3)}) {
      SlicedLoss.Target target = SlicedLoss.measure(backend, exemplar, directions, null);
      try (SlicedLoss loss = new SlicedLoss(backend, shape, List.of(target), ONE)) {
        loss.value(x);
        Tensor gradient = backend.zeros(shape);
        loss.addGradient(gradient);
        Slopes.assertGradient(backend, loss::value, x, gradient, 1e-4, 1e-2);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void oneStyleTwiceAtHalfTheWeightIsOnce(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(3, 4, 4);
    Tensor exemplar = TestBackends.random(backend, shape, 1);
    Tensor x = TestBackends.random(backend, shape, 2);
    SlicedLoss.Target target =
        SlicedLoss.measure(backend, exemplar, SlicedLoss.directions(3, 1), null);
    try (SlicedLoss once = new SlicedLoss(backend, shape, List.of(target), ONE);
        SlicedLoss twice =
            new SlicedLoss(backend, shape, List.of(target, target), new double[] {0.5, 0.5})) {
      assertEquals(once.value(x), twice.value(x));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aPatchByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(1, 3, 3);
    // patches of a torus of 3 x 3 hold all nine values each; those of the exemplar are all 1, all 2
    Tensor exemplar =
        backend.upload(new Shape(1, 3, 6), 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2);
    float[] corners = new float[18];
    corners[7] = 1; // the middles of the two that are of one value
    corners[10] = 1;
    PatchLoss.Target target = PatchLoss.measure(exemplar, corners);
    assertEquals(2, target.patches().length);
    try (PatchLoss loss = new PatchLoss(backend, target, Edges.WRAP, 5)) {
      float[] three = {3, 3, 3, 3, 3, 3, 3, 3, 3};
      // alike to both; the first one stays: (3 − 1)² · 9 for each place; Z = (9 + 36) / 2
      assertEquals(5 / 22.5 * 36, loss.value(backend.upload(shape, three)), 1e-4);
      Tensor gradient = backend.zeros(shape);
      loss.addGradient(gradient);
      // 2 · 5 / (22.5 · 9) · nine patches' 2 at each place
      float each = (float) (10 / (22.5 * 9) * 18);
      float[] expected = new float[9];
      Arrays.fill(expected, each);
      assertArrayEquals(expected, gradient.toArray(), 1e-5f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void patchesHaveTheSlopeAsGradientAndAPictureItselfHasNoLoss(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(4, 6, 5);
    Tensor exemplar = TestBackends.random(backend, new Shape(4, 7, 9), 1);
    float[] values = TestBackends.random(shape.size(), 2);
    for (int i = 0; i < values.length; i++) { // near the exemplar: no patch is torn between two
      int place = i % 30 / 5 * 9 + i % 5;
      values[i] = 0.05f * values[i] + exemplar.toArray()[i / 30 * 63 + place];
    }
    Tensor x = backend.upload(shape, values);
    for (Edges edges : List.of(Edges.WRAP, Edges.REFLECT, Edges.ZERO)) {
      try (PatchLoss loss = new PatchLoss(backend, PatchLoss.measure(exemplar, null), edges, 1)) {
        loss.value(x);
        Tensor gradient = backend.zeros(shape);
        loss.addGradient(gradient);
        Slopes.assertGradient(backend, loss::value, x, gradient, 2e-4, 1e-2);
      }
    }
    Tensor even = backend.zeros(shape);
    backend.fill(2, even);
    try (PatchLoss loss = new PatchLoss(backend, PatchLoss.measure(even, null), Edges.REFLECT, 1)) {
      assertEquals(0, loss.value(even), 1e-9);
    }
  }
}
