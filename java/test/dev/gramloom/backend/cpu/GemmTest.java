package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.TestBackends;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The micro-kernel is a matrix product, adds to what is there, and touches nothing beside it. */
@AnyVectorWidth
class GemmTest {
  private static final int BEFORE = 5; // floats of each matrix that are not its own

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (int vectors = 1; vectors <= Gemm.MOST_VECTORS; vectors++) {
      for (int depth : new int[] {0, 1, 2, 17}) {
        cases.add(Arguments.of(vectors, depth, true));
        cases.add(Arguments.of(vectors, depth, false));
      }
    }
    return cases.stream();
  }

  /**
   * @param rowMajor whether a row of a lies side by side, or a column
   */
  @ParameterizedTest
  @MethodSource("cases")
  void addsAProduct(int vectors, int depth, boolean rowMajor) {
    int columns = vectors * Lanes.LANES;
    int aRow = rowMajor ? depth + 3 : 1;
    int aStep = rowMajor ? 1 : Gemm.ROWS + 2;
    int bStep = columns + 7;
    int mRow = columns + 4;
    float[] a = TestBackends.random(BEFORE + Gemm.ROWS * (depth + 3L) * 8, 1);
    float[] b = TestBackends.random(BEFORE + (depth + 1L) * bStep, 2);
    float[] m = TestBackends.random(BEFORE + (long) Gemm.ROWS * mRow, 3);
    double[] expected = new double[m.length];
    for (int i = 0; i < m.length; i++) {
      int row = (i - BEFORE) / mRow;
      int column = (i - BEFORE) % mRow;
      expected[i] = m[i];
      for (int c = 0; i >= BEFORE && column < columns && c < depth; c++) {
        double factor = a[BEFORE + row * aRow + c * aStep];
        expected[i] += factor * b[BEFORE + c * bStep + column];
      }
    }
    new Gemm(vectors, Strides.of(aRow, aStep), bStep, mRow)
        .add(depth, a, BEFORE, b, BEFORE, m, BEFORE);
    for (int i = 0; i < m.length; i++) {
      assertEquals(expected[i], m[i], 1e-6 * (depth + 1), "float " + i);
    }
  }
}
