package dev.gramloom.color;

import java.util.function.DoubleUnaryOperator;

/**
 * Eigenvalues and eigenvectors of a symmetric 3x3 matrix.
 *
 * @param values falling
 * @param vectors rows, unit length, values[i] belongs to vectors[i]; of each row the entry of
 *     largest magnitude is positive, so that equal matrices give equal signs
 */
public record SymmetricEigen(double[] values, double[][] vectors) {
  private static final int N = 3;
  private static final int SWEEPS = 30; // convergence is quadratic; six are usual

  /** Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5). */
  public static SymmetricEigen of(double[][] symmetric) {
    double[][] a = {symmetric[0].clone(), symmetric[1].clone(), symmetric[2].clone()};
    double[][] v = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}; // rows
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int p = 0; p < N - 1; p++) {
        for (int q = p + 1; q < N; q++) {
          rotate(a, v, p, q);
        }
      }
    }
    return sorted(new double[] {a[0][0], a[1][1], a[2][2]}, v);
  }

  /** Makes a[p][q] zero and turns the rows of v along. */
  private static void rotate(double[][] a, double[][] v, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, tau) / (Math.abs(tau) + Math.hypot(1, tau));
    double cos = 1 / Math.hypot(1, t);
    double sin = t * cos;
    for (int k = 0; k < N; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = cos * kp - sin * kq;
      a[k][q] = sin * kp + cos * kq;
    }
    for (double[][] rows : new double[][][] {a, v}) {
      for (int k = 0; k < N; k++) {
        double pk = rows[p][k];
        double qk = rows[q][k];
        rows[p][k] = cos * pk - sin * qk;
        rows[q][k] = sin * pk + cos * qk;
      }
    }
    a[p][q] = 0;
    a[q][p] = 0;
  }

  private static SymmetricEigen sorted(double[] values, double[][] vectors) {
    for (int i = 1; i < N; i++) {
      for (int j = i; j > 0 && values[j] > values[j - 1]; j--) {
        double value = values[j];
        values[j] = values[j - 1];
        values[j - 1] = value;
        double[] vector = vectors[j];
        vectors[j] = vectors[j - 1];
        vectors[j - 1] = vector;
      }
    }
    for (double[] vector : vectors) {
      double largest = 0;
      for (double entry : vector) {
        largest = Math.abs(entry) > Math.abs(largest) + 1e-9 ? entry : largest;
      }
      for (int k = 0; k < N && largest < 0; k++) {
        vector[k] = -vector[k];
      }
    }
    return new SymmetricEigen(values, vectors);
  }

  /** Σ f(valueᵢ) vectorᵢ vectorᵢᵀ: the matrix with its eigenvalues replaced. */
  double[][] with(DoubleUnaryOperator f) {
    double[][] out = new double[N][N];
    for (int i = 0; i < N; i++) {
      double value = f.applyAsDouble(values[i]);
      for (int r = 0; r < N; r++) {
        for (int c = 0; c < N; c++) {
          out[r][c] += value * vectors[i][r] * vectors[i][c];
        }
      }
    }
    return out;
  }
}
