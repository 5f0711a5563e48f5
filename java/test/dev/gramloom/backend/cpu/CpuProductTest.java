package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.gramloom.backend.TestBackends;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of every count of channels that fills rows, vectors and lines or does not. */
@AnyVectorWidth
class CpuProductTest {
  private static final int[] CHANNELS = {1, 3, 15, 16, 17, 37, 74, 134};
  private static final int[] PIXELS = {1, 63, 64, 65, 1000};
  private static final int[] FEW_PIXELS = {1, 65, 200}; // an item of work is 192
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();
  private static final List<Workers> WORKERS = Stream.of(1, 2, 3, 5).map(Workers::new).toList();

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (int pixels : VectorWidth.isAsked() ? FEW_PIXELS : PIXELS) {
      for (boolean transposed : new boolean[] {false, true}) {
        for (boolean centred : new boolean[] {false, true}) {
          cases.add(Arguments.of(pixels, transposed, centred));
        }
      }
    }
    return cases.stream();
  }

  @AfterAll
  static void close() {
    WORKERS.forEach(Workers::close);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addsTheReferencesProduct(int pixels, boolean transposed, boolean centred) {
    for (int i = 0; i < CHANNELS.length; i++) {
      for (int step : new int[] {0, 1, 3, 6}) {
        int rows = CHANNELS[i]; // N
        int columns = CHANNELS[(i + step) % CHANNELS.length]; // K
        Shape from = new Shape(columns, 1, pixels);
        float[] matrix = TestBackends.random((long) rows * columns, 1);
        float[] centre = centred ? TestBackends.random(columns, 2) : null;
        float[] x = TestBackends.random(from.size(), 3);
        float[] before = TestBackends.random((long) rows * pixels, 4);
        float[] expected = expected(matrix, transposed, from, x, centre, before);
        float[] last = null;
        for (Workers workers : WORKERS) {
          CpuTensor sum = CpuTensor.copyOf(from.withChannels(rows), before);
          Features features = new Features(CpuTensor.copyOf(from, x), centre);
          CpuProduct.add(workers, new CpuProduct.Matrix(0.5f, matrix, transposed), features, sum);
          workers.settle();
          Tensors.assertPaddingIsZero(sum);
          Tensors.assertNear(expected, sum.toArray(), columns);
          if (last != null) {
            assertArrayEquals(last, sum.values(), "threads " + workers.count());
          }
          last = sum.values();
        }
      }
    }
  }

  private static float[] expected(
      float[] matrix, boolean transposed, Shape from, float[] x, float[] centre, float[] before) {
    int columns = from.channels();
    int rows = matrix.length / columns;
    Shape shape = transposed ? Shape.matrix(columns, rows) : Shape.matrix(rows, columns);
    try (Tensor sum = REFERENCE.upload(from.withChannels(rows), before)) {
      REFERENCE.addProduct(
          0.5f,
          REFERENCE.upload(shape, matrix),
          transposed,
          REFERENCE.upload(from, x),
          centre == null ? null : REFERENCE.upload(Shape.matrix(1, columns), centre),
          sum);
      return sum.toArray();
    }
  }
}
