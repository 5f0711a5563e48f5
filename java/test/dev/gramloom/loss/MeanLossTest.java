package dev.gramloom.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How much there is of each feature. */
@Tag("backends")
class MeanLossTest {
  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void twoPixelsByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor target = MeanLoss.measure(backend, backend.upload(new Shape(2, 1, 2), 1, 3, 0, 1), 1);
    assertArrayEquals(new float[] {2, 0.5f}, target.toArray());
    try (MeanLoss loss = new MeanLoss(backend, target, 4, 3)) {
      // means 5 and 2.5, off by 3 and 2: E = 3 · 13 / 4
      assertEquals(9.75, loss.value(backend.upload(new Shape(2, 1, 2), 4, 6, 5, 0)), 1e-6);
      // 2 · 3 / (2 · 4) · (3, 2), on top of what is there
      Tensor gradient = backend.upload(new Shape(2, 1, 2), 1, 1, 1, 1);
      loss.addGradient(gradient);
      assertArrayEquals(new float[] {3.25f, 3.25f, 2.5f, 2.5f}, gradient.toArray(), 1e-6f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theGradientIsTheSlope(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    for (int[] size : new int[][] {{1, 1}, {1, 2}, {5, 3}, {13, 9}, {8, 16}}) {
      Tensor target = TestBackends.random(backend, Shape.matrix(1, 5), 1);
      Tensor x = TestBackends.random(backend, new Shape(5, size[0], size[1]), 2);
      try (MeanLoss loss = new MeanLoss(backend, target, 0.3, 0.7)) {
        loss.value(x);
        Tensor gradient = backend.zeros(x.shape());
        loss.addGradient(gradient);
        Slopes.assertGradient(backend, loss::value, x, gradient, 1e-2, 1e-4);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aPictureWithoutVarianceIsNoDivisionByZero(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor plain = backend.upload(new Shape(1, 1, 2), 3, 3);
    try (MeanLoss loss = new MeanLoss(backend, MeanLoss.measure(backend, plain, 1), 0, 1)) {
      assertEquals(0, loss.value(plain));
      assertEquals(1, loss.value(backend.upload(new Shape(1, 1, 2), 4, 4)), 1e-6);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void whatIsNotTextureDoesNotDilute(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor quarter = backend.upload(new Shape(2, 1, 4), 0, 8, 0, 0, 0, 4, 0, 0);
    assertArrayEquals(
        new float[] {8, 4}, MeanLoss.measure(backend, quarter, 0.25).toArray(), 1e-6f);
  }
}
