package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.gramloom.backend.Shapes;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Of several largest pixels the first one gets the gradient, in vectors and beside them. */
@AnyVectorWidth
class CpuPoolingTest {
  private static final int LEVELS = 3; // so few that every other window has ties

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Edges edges : new Edges[] {Edges.WRAP, Edges.REFLECT, Edges.ZERO}) {
      for (int channels : new int[] {1, 7, 13, 16, 20}) {
        for (int[] side : new int[][] {{1, 1}, {2, 2}, {8, 6}, {7, 9}, {9, 8}}) {
          cases.add(Arguments.of(new Shape(channels, side[0], side[1]), edges));
        }
      }
    }
    return cases.stream();
  }

  /** A few levels, negative ones and both zeros among them. */
  private static float[] levels(Shape shape) {
    float[] values = TestBackends.random(shape.size(), 1);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(values[i] * LEVELS / 2);
      values[i] = values[i] == 0 && i % 2 == 0 ? -0f : values[i];
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ofTiesTheFirstIsTaken(Shape shape, Edges edges) {
    float[] picture = levels(shape);
    Shape small = Shapes.pooled(shape);
    float[] slopes = TestBackends.random(small.size(), 2);
    try (ReferenceBackend reference = new ReferenceBackend();
        Tensor x = reference.upload(shape, picture);
        Tensor y = reference.zeros(small);
        Tensor dX = reference.zeros(shape);
        Workers workers = new Workers(2)) {
      reference.maxPool(x, edges, y);
      reference.maxPoolAdjoint(x, y, reference.upload(small, slopes), edges, dX);
      CpuTensor from = CpuTensor.copyOf(shape, picture);
      CpuTensor most = Tensors.dirty(small);
      new CpuPooling(workers, from, most, edges).maximum();
      assertArrayEquals(y.toArray(), most.toArray(), 1e-9f);
      Tensors.assertPaddingIsZero(most);
      CpuTensor back = CpuTensor.zeros(shape);
      CpuTensor given = CpuTensor.copyOf(small, slopes);
      new CpuPooling(workers, back, given, edges).maximumAdjoint(from);
      Tensors.assertNear(dX.toArray(), back.toArray(), 1);
      Tensors.assertPaddingIsZero(back);
    }
  }
}
