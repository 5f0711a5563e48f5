package dev.gramloom.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What two pictures show, place by place. */
class ContentLossTest {
  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void twoPlacesByHand(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor content = backend.upload(new Shape(1, 1, 2), 1, 3);
    try (ContentLoss loss = new ContentLoss(backend, content, null, 5)) {
      // off by 1 and −2: E = 5 · (1 + 4) / (1 + 9)
      assertEquals(2.5, loss.value(backend.upload(new Shape(1, 1, 2), 2, 1)), 1e-6);
      // 2 · 5 / 10 · (1, −2), on top of what is there
      Tensor gradient = backend.upload(new Shape(1, 1, 2), 10, 10);
      loss.addGradient(gradient);
      assertArrayEquals(new float[] {11, 8}, gradient.toArray(), 1e-5f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aPlaceCountsAsMuchAsItsMaskSays(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor content = backend.upload(new Shape(1, 1, 3), 2, 4, 100);
    try (ContentLoss loss = new ContentLoss(backend, content, new float[] {1, 0.25f, 0}, 1)) {
      // off by 1, 2 and much: (1 + 0.25 · 4) / (4 + 0.25 · 16)
      assertEquals(0.25, loss.value(backend.upload(new Shape(1, 1, 3), 3, 6, -7)), 1e-6);
      // 2 / 8 · (1, 0.25 · 2, 0)
      Tensor gradient = backend.zeros(content.shape());
      loss.addGradient(gradient);
      assertArrayEquals(new float[] {0.25f, 0.125f, 0}, gradient.toArray(), 1e-6f);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theGradientIsTheSlope(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    for (int[] size : new int[][] {{1, 1}, {1, 2}, {13, 9}}) {
      Shape shape = new Shape(5, size[0], size[1]);
      float[] mask = TestBackends.random(shape.pixels(), 7);
      for (int i = 0; i < mask.length; i++) {
        mask[i] = Math.abs(mask[i]);
      }
      for (float[] places : new float[][] {null, mask}) {
        Tensor x = TestBackends.random(backend, shape, 2);
        Tensor content = TestBackends.random(backend, shape, 1);
        try (ContentLoss loss = new ContentLoss(backend, content, places, 0.7)) {
          loss.value(x);
          Tensor gradient = backend.zeros(shape);
          loss.addGradient(gradient);
          Slopes.assertGradient(backend, loss::value, x, gradient, 1e-2, 1e-3);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void contentOfNothingIsNoDivisionByZero(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor nothing = backend.zeros(new Shape(1, 1, 2));
    try (ContentLoss loss = new ContentLoss(backend, nothing, null, 1)) {
      assertEquals(0, loss.value(nothing));
      assertEquals(1, loss.value(backend.upload(new Shape(1, 1, 2), 1, 0)), 1e-6);
    }
  }
}
