package dev.gramloom.backend.cpu;

/**
 * The matrices of Winograd's minimal filtering F(m x m, 3 x 3): Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
 * turns T x T pixels, T = m + 2, into m x m sums with T² multiplications in place of 9 m².
 *
 * <p>Source: Lavin and Gray 2015, arXiv:1509.09308, section 4, for the points 0, ±1, ±2, (±½,) ∞.
 * In F(6, 3) the rows of ±2 and ±½ are scaled by powers of two (exactly, G up and B down) so that a
 * flipped kernel has the same transform in another order: a network's weights are then kept once
 * for both directions.
 *
 * @param outputs m
 * @param kernel G, [T][3]
 * @param input Bᵀ, [T][T]
 * @param output Aᵀ, [m][T]
 * @param flipped place of each frequency of a flipped kernel among those of the kernel, [T]; null
 *     if it is not among them
 */
record WinogradTransform(
    int outputs, double[][] kernel, double[][] input, double[][] output, int[] flipped) {

  /** F(4 x 4, 3 x 3): 6 x 6 frequencies. */
  static final WinogradTransform F4 =
      new WinogradTransform(
          4,
          new double[][] {
            {1 / 4.0, 0, 0},
            {-1 / 6.0, -1 / 6.0, -1 / 6.0},
            {-1 / 6.0, 1 / 6.0, -1 / 6.0},
            {1 / 24.0, 1 / 12.0, 1 / 6.0},
            {1 / 24.0, -1 / 12.0, 1 / 6.0},
            {0, 0, 1}
          },
          new double[][] {
            {4, 0, -5, 0, 1, 0},
            {0, -4, -4, 1, 1, 0},
            {0, 4, -4, -1, 1, 0},
            {0, -2, -1, 2, 1, 0},
            {0, 2, -1, -2, 1, 0},
            {0, 4, 0, -5, 0, 1}
          },
          new double[][] {
            {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
          },
          null);

  /** F(6 x 6, 3 x 3): 8 x 8 frequencies. */
  static final WinogradTransform F6 =
      new WinogradTransform(
          6,
          new double[][] {
            {1, 0, 0},
            {-2 / 9.0, -2 / 9.0, -2 / 9.0},
            {-2 / 9.0, 2 / 9.0, -2 / 9.0},
            {2 / 45.0, 4 / 45.0, 8 / 45.0},
            {2 / 45.0, -4 / 45.0, 8 / 45.0},
            {8 / 45.0, 4 / 45.0, 2 / 45.0},
            {8 / 45.0, -4 / 45.0, 2 / 45.0},
            {0, 0, 1}
          },
          new double[][] {
            {1, 0, -5.25, 0, 5.25, 0, -1, 0},
            {0, 1, 1, -4.25, -4.25, 1, 1, 0},
            {0, -1, 1, 4.25, -4.25, -1, 1, 0},
            {0, 0.125, 0.0625, -0.625, -0.3125, 0.5, 0.25, 0},
            {0, -0.125, 0.0625, 0.625, -0.3125, -0.5, 0.25, 0},
            {0, 8, 16, -10, -20, 2, 4, 0},
            {0, -8, 16, 10, -20, -2, 4, 0},
            {0, -1, 0, 5.25, 0, -5.25, 0, 1}
          },
          new double[][] {
            {1, 1, 1, 1, 1, 1, 1, 0},
            {0, 1, -1, 2, -2, 0.5, -0.5, 0},
            {0, 1, 1, 4, 4, 0.25, 0.25, 0},
            {0, 1, -1, 8, -8, 0.125, -0.125, 0},
            {0, 1, 1, 16, 16, 0.0625, 0.0625, 0},
            {0, 1, -1, 32, -32, 0.03125, -0.03125, 1}
          },
          new int[] {7, 1, 2, 5, 6, 3, 4, 0});

  /** T = m + 2: pixels of a tile and frequencies, along one axis. */
  int size() {
    return outputs + 2;
  }

  /** Floats of a tile's frequencies. */
  int floats() {
    return size() / 2 * Frequencies.PAIR;
  }

  /** Places of the frequencies of an unflipped kernel: as they come. */
  int[] straight() {
    int[] order = new int[size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    return order;
  }

  /**
   * The transform of one 3x3 filter: G g Gᵀ.
   *
   * @param filter g, [3][3]
   * @param to {@link #floats}, as {@link Frequencies#place} says; what no frequency fills stays
   */
  void transform(double[] filter, float[] to) {
    int t = size();
    double[] half = new double[t * 3];
    for (int i = 0; i < t; i++) {
      for (int j = 0; j < 3; j++) {
        for (int l = 0; l < 3; l++) {
          half[i * 3 + j] += kernel[i][l] * filter[l * 3 + j];
        }
      }
    }
    for (int i = 0; i < t; i++) {
      for (int j = 0; j < t; j++) {
        double sum = 0;
        for (int l = 0; l < 3; l++) {
          sum += half[i * 3 + l] * kernel[j][l];
        }
        to[Frequencies.place(i, j, t)] = (float) sum;
      }
    }
  }
}
