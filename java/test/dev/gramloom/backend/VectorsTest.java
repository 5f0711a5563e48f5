package dev.gramloom.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an optimiser does with several tensors at once. */
class VectorsTest {
  private static final Backend REFERENCE = new ReferenceBackend();
  private static final List<Backend> BACKENDS =
      List.of(REFERENCE, new CpuBackend(1), new CpuBackend(3));

  @AfterAll
  static void close() {
    BACKENDS.forEach(Backend::close);
  }

  private static List<Tensor> tensors(Backend backend, Shape shape, int count, int seed) {
    return IntStream.range(0, count)
        .mapToObj(i -> TestBackends.random(backend, shape, seed + i))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 1", "3, 13, 33", "17, 40, 40", "3, 80, 90"})
  void dotsAreEachDotToTheBit(int channels, int height, int width) {
    Shape shape = new Shape(channels, height, width);
    for (Backend backend : BACKENDS) {
      List<Tensor> a = tensors(backend, shape, 3, 1);
      List<Tensor> b = tensors(backend, shape, 4, 2);
      double[][] dots = backend.dots(a, b);
      for (int i = 0; i < a.size(); i++) {
        for (int j = 0; j < b.size(); j++) {
          assertEquals(backend.dot(a.get(i), b.get(j)), dots[i][j], backend.name());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 1", "3, 13, 33", "17, 40, 40", "3, 80, 90"})
  void aCombinationIsTheSumOfItsTermsWhateverWasThere(int channels, int height, int width) {
    Shape shape = new Shape(channels, height, width);
    double[] factors = {1, -0.5, 3};
    float[] expected = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < factors.length; i++) {
      float[] term = TestBackends.random(shape.size(), 1 + i);
      for (int j = 0; j < expected.length; j++) {
        expected[j] += (float) factors[i] * term[j];
      }
    }
    for (Backend backend : BACKENDS) {
      Tensor out = backend.zeros(shape);
      backend.fill(Float.NaN, out);
      backend.combine(factors, tensors(backend, shape, 3, 1), out);
      assertArrayEquals(expected, out.toArray(), 1e-6f, backend.name());
    }
  }
}
