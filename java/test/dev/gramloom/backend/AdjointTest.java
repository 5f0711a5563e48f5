package dev.gramloom.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's adjoints are adjoints: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩, and by hand. */
class AdjointTest {
  private static final Backend BACKEND = new ReferenceBackend();

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Edge vertical : Edge.values()) {
      for (Edge horizontal : Edge.values()) {
        for (int[] size : new int[][] {{1, 1}, {2, 3}, {6, 8}, {7, 5}, {13, 9}}) {
          cases.add(Arguments.of(new Shape(3, size[0], size[1]), new Edges(vertical, horizontal)));
        }
      }
    }
    return cases.stream();
  }

  private static void assertAdjoint(Tensor forward, Tensor y, Tensor x, Tensor back) {
    double there = BACKEND.dot(forward, y);
    assertEquals(there, BACKEND.dot(x, back), 1e-5 * (1 + Math.abs(there)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void convolution(Shape shape, Edges edges) {
    Kernel biased = TestBackends.kernel(4, 3, 5, 7);
    Kernel kernel = new Kernel(4, 3, 5, biased.weights(), new float[4]);
    Filters filters = BACKEND.filters(kernel);
    Tensor x = TestBackends.random(BACKEND, shape, 1);
    Tensor y = TestBackends.random(BACKEND, shape.withChannels(4), 2);
    Tensor forward = BACKEND.zeros(y.shape());
    Tensor back = BACKEND.zeros(shape);
    BACKEND.convolve(x, filters, edges, Activation.NONE, forward);
    BACKEND.convolveAdjoint(forward, y, filters, edges, Activation.NONE, back);
    assertAdjoint(forward, y, x, back);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void averagePool(Shape shape, Edges edges) {
    Tensor x = TestBackends.random(BACKEND, shape, 1);
    Tensor y = TestBackends.random(BACKEND, Shapes.pooled(shape), 2);
    Tensor forward = BACKEND.zeros(y.shape());
    Tensor back = BACKEND.zeros(shape);
    BACKEND.averagePool(x, edges, forward);
    BACKEND.averagePoolAdjoint(y, edges, back);
    assertAdjoint(forward, y, x, back);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void poolingKeepsAConstant(Shape shape, Edges edges) {
    Tensor x = BACKEND.zeros(shape);
    BACKEND.fill(0.75f, x);
    Tensor y = BACKEND.zeros(Shapes.pooled(shape));
    BACKEND.averagePool(x, edges, y);
    Tensor expected = BACKEND.zeros(y.shape());
    BACKEND.fill(0.75f, expected);
    assertArrayEquals(expected.toArray(), y.toArray(), 1e-6f);
  }

  @Test
  void aWrappingAxisOfOddLengthUsesEveryPixelAlike() {
    PoolAxis axis = PoolAxis.of(33, Edge.WRAP);
    double[] use = new double[33];
    for (int i = 0; i < 16; i++) {
      for (int j = 0; j < axis.weights()[i].length; j++) {
        use[axis.first()[i] + j] += axis.weights()[i][j];
      }
    }
    for (double u : use) {
      assertEquals(16.0 / 33, u, 1e-6);
    }
  }

  @Test
  void aFilterSeesItsNeighboursAcrossTheWrap() {
    Kernel shift = new Kernel(1, 1, 3, new float[] {0, 0, 0, 1, 0, 0, 0, 0, 0}, new float[1]);
    Shape row = new Shape(1, 1, 3);
    Tensor x = BACKEND.upload(row, 1, 2, 3);
    Tensor y = BACKEND.zeros(row);
    BACKEND.convolve(x, BACKEND.filters(shift), Edges.WRAP, Activation.NONE, y);
    assertArrayEquals(new float[] {3, 1, 2}, y.toArray());
    BACKEND.convolve(x, BACKEND.filters(shift), Edges.REFLECT, Activation.NONE, y);
    assertArrayEquals(new float[] {2, 1, 2}, y.toArray());
    BACKEND.convolve(x, BACKEND.filters(shift), Edges.ZERO, Activation.NONE, y);
    assertArrayEquals(new float[] {0, 1, 2}, y.toArray());
  }

  @Test
  void rectifyPutsLightAndDarkOnTheirOwnChannels() {
    Kernel one = new Kernel(1, 1, 1, new float[] {2}, new float[] {-1});
    Shape row = new Shape(1, 1, 2);
    Tensor y = BACKEND.zeros(row.withChannels(2));
    BACKEND.convolve(
        BACKEND.upload(row, 1, 0), BACKEND.filters(one), Edges.ZERO, Activation.RECTIFY, y);
    assertArrayEquals(new float[] {1, 0, 0, 1}, y.toArray());
  }
}
