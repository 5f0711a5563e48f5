package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.TestBackends;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The unrolled transforms are products with the published matrices, and those convolve.
 *
 * <p>Sources: Lavin and Gray 2015, arXiv:1509.09308, section 4.2, for F(4, 3); Lavin's wincnn for
 * F(6, 3) of the points 0, ±1, ±2, ±½, whose rows of ±2 and ±½ we scale by 4 and ¼.
 */
@AnyVectorWidth
class WinogradTransformTest {
  private static final double[][] B4 = {
    {4, 0, -5, 0, 1, 0},
    {0, -4, -4, 1, 1, 0},
    {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0},
    {0, 2, -1, -2, 1, 0},
    {0, 4, 0, -5, 0, 1}
  };
  private static final double[][] G4 = {
    {1 / 4.0, 0, 0},
    {-1 / 6.0, -1 / 6.0, -1 / 6.0},
    {-1 / 6.0, 1 / 6.0, -1 / 6.0},
    {1 / 24.0, 1 / 12.0, 1 / 6.0},
    {1 / 24.0, -1 / 12.0, 1 / 6.0},
    {0, 0, 1}
  };
  private static final double[][] A4 = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
  };
  private static final double[][] B6 = {
    {1, 0, -21 / 4.0, 0, 21 / 4.0, 0, -1, 0},
    {0, 1, 1, -17 / 4.0, -17 / 4.0, 1, 1, 0},
    {0, -1, 1, 17 / 4.0, -17 / 4.0, -1, 1, 0},
    {0, 1 / 2.0, 1 / 4.0, -5 / 2.0, -5 / 4.0, 2, 1, 0},
    {0, -1 / 2.0, 1 / 4.0, 5 / 2.0, -5 / 4.0, -2, 1, 0},
    {0, 2, 4, -5 / 2.0, -5, 1 / 2.0, 1, 0},
    {0, -2, 4, 5 / 2.0, -5, -1 / 2.0, 1, 0},
    {0, -1, 0, 21 / 4.0, 0, -21 / 4.0, 0, 1}
  };
  private static final double[][] G6 = {
    {1, 0, 0},
    {-2 / 9.0, -2 / 9.0, -2 / 9.0},
    {-2 / 9.0, 2 / 9.0, -2 / 9.0},
    {1 / 90.0, 1 / 45.0, 2 / 45.0},
    {1 / 90.0, -1 / 45.0, 2 / 45.0},
    {32 / 45.0, 16 / 45.0, 8 / 45.0},
    {32 / 45.0, -16 / 45.0, 8 / 45.0},
    {0, 0, 1}
  };
  private static final double[][] A6 = {
    {1, 1, 1, 1, 1, 1, 1, 0},
    {0, 1, -1, 2, -2, 1 / 2.0, -1 / 2.0, 0},
    {0, 1, 1, 4, 4, 1 / 4.0, 1 / 4.0, 0},
    {0, 1, -1, 8, -8, 1 / 8.0, -1 / 8.0, 0},
    {0, 1, 1, 16, 16, 1 / 16.0, 1 / 16.0, 0},
    {0, 1, -1, 32, -32, 1 / 32.0, -1 / 32.0, 1}
  };

  /** What we multiply the rows of G by, and divide those of Bᵀ by. */
  private static final double[] SCALE6 = {1, 1, 1, 4, 4, 1 / 4.0, 1 / 4.0, 1};

  private static double[][] input(WinogradTransform transform) {
    return transform == WinogradTransform.F4 ? B4 : scaled(B6, -1);
  }

  private static double[][] weights(WinogradTransform transform) {
    return transform == WinogradTransform.F4 ? G4 : scaled(G6, 1);
  }

  private static double[][] output(WinogradTransform transform) {
    return transform == WinogradTransform.F4 ? A4 : A6;
  }

  private static double[][] scaled(double[][] matrix, int power) {
    double[][] scaled = new double[matrix.length][];
    for (int i = 0; i < matrix.length; i++) {
      scaled[i] = matrix[i].clone();
      for (int j = 0; j < scaled[i].length; j++) {
        scaled[i][j] *= Math.pow(SCALE6[i], power);
      }
    }
    return scaled;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int k = 0; k < b.length; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  private static double[][] transposed(double[][] a) {
    double[][] transposed = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        transposed[j][i] = a[i][j];
      }
    }
    return transposed;
  }

  private static double[][] random(int side, long seed) {
    float[] values = TestBackends.random((long) side * side, seed);
    double[][] matrix = new double[side][side];
    for (int i = 0; i < values.length; i++) {
      matrix[i / side][i % side] = values[i];
    }
    return matrix;
  }

  private static double[][] both(double[][] matrix, double[][] x) {
    return product(product(matrix, x), transposed(matrix));
  }

  @ParameterizedTest
  @EnumSource
  void theMatricesConvolve(WinogradTransform transform) {
    double[][] d = random(transform.size(), 1);
    double[][] g = random(3, 2);
    double[][] frequencies = both(input(transform), d);
    double[][] u = both(weights(transform), g);
    for (int i = 0; i < transform.size(); i++) {
      for (int j = 0; j < transform.size(); j++) {
        frequencies[i][j] *= u[i][j];
      }
    }
    double[][] y = both(output(transform), frequencies);
    for (int i = 0; i < transform.outputs(); i++) {
      for (int j = 0; j < transform.outputs(); j++) {
        double sum = 0;
        for (int tap = 0; tap < 9; tap++) {
          sum += g[tap / 3][tap % 3] * d[i + tap / 3][j + tap % 3];
        }
        assertEquals(sum, y[i][j], 1e-12);
      }
    }
  }

  /**
   * Where vector {@code index} of a line of a test's grid begins: lines apart, vectors together.
   */
  private static int at(int line, int index, int blocks) {
    return (line * 8 + index) * blocks * LANES;
  }

  private static Grid grid(float[] values, int blocks) {
    return new Grid(values, blocks * LANES, 8 * blocks * LANES, CpuTensor.LINE);
  }

  /** Each lane of each line of {@code out} is the matrix times the same lane of {@code in}. */
  private static void assertTransformed(
      double[][] matrix, float[] in, float[] out, int lines, int blocks, float floor) {
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < blocks * LANES; lane++) {
        for (int i = 0; i < matrix.length; i++) {
          double sum = 0;
          double size = 0;
          for (int j = 0; j < matrix[i].length; j++) {
            double term = matrix[i][j] * in[at(line, j, blocks) + lane];
            sum += term;
            size += Math.abs(term);
          }
          assertEquals(Math.max(sum, floor), out[at(line, i, blocks) + lane], 4e-7 * size);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPassOfTheInputIsBTransposed(WinogradTransform transform) {
    for (int blocks = 1; blocks <= 3; blocks++) {
      float[] in = TestBackends.random(at(8, 0, blocks), 1);
      float[] out = new float[in.length];
      WinogradInput.pass(transform, grid(in, blocks), 0, grid(out, blocks), 0, blocks);
      assertTransformed(
          input(transform), in, out, transform.size(), blocks, Float.NEGATIVE_INFINITY);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPassOfTheOutputIsATransposed(WinogradTransform transform) {
    for (int blocks = 1; blocks <= 3; blocks++) {
      for (int lines : new int[] {transform.size(), transform.outputs()}) {
        for (float floor : new float[] {Float.NEGATIVE_INFINITY, 0}) {
          float[] in = TestBackends.random(at(8, 0, blocks), 1);
          float[] out = new float[in.length];
          WinogradOutput.pass(
              transform, grid(in, blocks), 0, grid(out, blocks), 0, lines, blocks, floor);
          assertTransformed(output(transform), in, out, lines, blocks, floor);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFiltersFrequenciesAreGOnBothSides(WinogradTransform transform) {
    int inners = 3;
    int rows = Gemm.PANEL + 2;
    double[][][] filters = new double[rows * inners][][];
    for (int i = 0; i < filters.length; i++) {
      filters[i] = random(3, i);
    }
    try (Workers workers = new Workers(1)) {
      var weights =
          new WinogradWeights(
              workers, rows, inners, (k, c, i, j) -> (float) filters[k * inners + c][i][j]);
      int size = transform.size();
      int first = 1;
      int plane = (inners - first) * Gemm.PANEL + 5;
      for (int panel = 0; panel < 2; panel++) {
        for (int row = 0; row < size; row++) {
          float[] to = new float[size * plane];
          weights.transform(transform, panel, row, first, inners - first, to, 0, plane);
          for (int i = 0; i < (inners - first) * Gemm.PANEL; i++) {
            int k = panel * Gemm.PANEL + i % Gemm.PANEL;
            double[] expected = new double[size]; // zero beyond the last filter
            if (k < rows) {
              int c = first + i / Gemm.PANEL;
              expected = both(weights(transform), filters[k * inners + c])[row];
            }
            double[] actual = new double[size];
            for (int j = 0; j < size; j++) {
              actual[j] = to[j * plane + i];
            }
            assertArrayEquals(expected, actual, 1e-6);
          }
        }
      }
    }
  }
}
