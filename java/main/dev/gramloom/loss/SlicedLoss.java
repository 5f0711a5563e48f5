package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Compares the distribution of features, seen along directions.
 *
 * <pre>
 *   F       features of the output, M places              [C][H][W]
 *   V       directions of unit length, K of them          [K][C]
 *   P       V F, sorted in each row                       [K][M]
 *   Q       the same for the exemplar, at M even ranks    [K][M]
 *   E       w / Z · Σ (P − Q)² / M                        scalar, ≥ 0; Z = Σ Q² / M
 *   ∂E/∂F   2w / (Z M) · Vᵀ (P − Q), each at its place    [C][H][W]
 * </pre>
 *
 * <p>With random directions: the sliced Wasserstein loss (Heitz, Vanhoey, Chambon and Belcour 2021,
 * arXiv:2006.07229, algorithm 1). Departures: directions are drawn once, so that a line search sees
 * one function, and there are at most {@link #MOST}. With the channels themselves as directions:
 * the histogram loss (Risser, Wilmot and Barnes 2017, arXiv:1701.08893, section 4.2), exact ranks
 * in place of 255 bins. Exemplars of several styles meet rank by rank, which is what minimises the
 * sum of their losses.
 *
 * <p>Not thread-safe.
 */
public final class SlicedLoss implements FeatureLoss {
  /** Directions, at most. */
  private static final int MOST = 32;

  /**
   * What is remembered of an exemplar.
   *
   * @param directions V, [K][C] row by row; null for the channels themselves
   * @param sorted [K][N], N the exemplar's places, each row ascending
   */
  public record Target(float[] directions, float[][] sorted) {
    /** Σ Q² / M: what the loss is relative to. */
    double norm() {
      double sum = 0;
      for (float[] row : sorted) {
        double square = 0;
        for (float value : row) {
          square += (double) value * value;
        }
        sum += square / row.length;
      }
      return sum;
    }
  }

  private final Backend backend;
  private final Tensor directions; // [1][K][C] or null
  private final float[][] target; // Q, [K][M]
  private final SortedOrder sorting;
  private final double scale; // w / Z
  private float[] difference; // P − Q, each at its place, [K][M], of the last evaluation

  /**
   * @param features shape of F
   * @param targets one a style, with the same directions
   * @param weights w of each
   */
  public SlicedLoss(Backend backend, Shape features, List<Target> targets, double[] weights) {
    this.backend = backend;
    float[] axes = targets.get(0).directions;
    int rows = targets.get(0).sorted.length;
    directions =
        axes == null ? null : backend.upload(Shape.matrix(rows, features.channels()), axes);
    sorting = new SortedOrder(features.pixels());
    double sum = 0;
    double[] scales = new double[weights.length];
    for (int i = 0; i < scales.length; i++) {
      double norm = targets.get(i).norm();
      scales[i] = norm > 0 ? weights[i] / norm : weights[i];
      sum += scales[i];
    }
    scale = sum;
    target = new float[rows][features.pixels()];
    for (int i = 0; i < scales.length && sum > 0; i++) {
      for (int k = 0; k < rows; k++) {
        addAtRanks(targets.get(i).sorted[k], scales[i] / sum, target[k]);
      }
    }
  }

  /** to[j] += share · the value at the middle of rank j of as many as {@code to} has. */
  private static void addAtRanks(float[] sorted, double share, float[] to) {
    int n = sorted.length;
    for (int j = 0; j < to.length; j++) {
      double at = Math.min(n - 1, Math.max(0, (j + 0.5) * n / to.length - 0.5));
      int low = (int) at;
      int high = Math.min(n - 1, low + 1);
      double value = sorted[low] + (at - low) * (sorted[high] - (double) sorted[low]);
      to[j] += (float) (share * value);
    }
  }

  /** Floats that the loss for features of this shape takes. */
  public static long floats(Shape features, boolean channels) {
    long rows = channels ? features.channels() : Math.min(MOST, features.channels());
    return 4 * rows * features.pixels(); // ranks, projections on both sides, differences
  }

  /**
   * Random directions, the same for the same seed.
   *
   * @param channels C
   * @return [K][C], row by row
   */
  public static float[] directions(int channels, long seed) {
    Random random = new Random(seed);
    int rows = Math.min(MOST, channels);
    float[] axes = new float[rows * channels];
    for (int k = 0; k < rows; k++) {
      double square = 0;
      for (int c = 0; c < channels; c++) {
        axes[k * channels + c] = (float) random.nextGaussian();
        square += (double) axes[k * channels + c] * axes[k * channels + c];
      }
      for (int c = 0; c < channels; c++) {
        axes[k * channels + c] /= (float) Math.sqrt(square);
      }
    }
    return axes;
  }

  /**
   * Measures an exemplar.
   *
   * @param directions V, [K][C] row by row; null for the channels themselves
   * @param places [H·W], above 0 where the exemplar is texture, at least once; null for everywhere
   */
  public static Target measure(
      Backend backend, Tensor features, float[] directions, float[] places) {
    Shape shape = features.shape();
    float[] projected;
    if (directions == null) {
      projected = features.toArray();
    } else {
      int rows = directions.length / shape.channels();
      try (Tensor axes = backend.upload(Shape.matrix(rows, shape.channels()), directions)) {
        projected = projected(backend, axes, features);
      }
    }
    int m = shape.pixels();
    float[][] sorted = new float[projected.length / m][];
    for (int k = 0; k < sorted.length; k++) {
      float[] row = new float[m];
      int count = 0;
      for (int i = 0; i < m; i++) {
        if (places == null || places[i] > 0) {
          row[count++] = projected[k * m + i];
        }
      }
      sorted[k] = Arrays.copyOf(row, count);
      Arrays.sort(sorted[k]);
    }
    return new Target(directions, sorted);
  }

  private static float[] projected(Backend backend, Tensor axes, Tensor features) {
    try (Tensor rows = backend.zeros(features.shape().withChannels(axes.shape().height()))) {
      backend.addProduct(1, axes, false, features, null, rows);
      return rows.toArray();
    }
  }

  @Override
  public double value(Tensor features) {
    float[] values =
        directions == null ? features.toArray() : projected(backend, directions, features);
    int m = features.shape().pixels();
    double sum = 0;
    for (int k = 0; k < target.length; k++) {
      int[] order = sorting.of(values, k * m, m);
      for (int j = 0; j < m; j++) {
        int place = k * m + order[j];
        float off = values[place] - target[k][j];
        values[place] = off;
        sum += (double) off * off;
      }
    }
    difference = values;
    return scale * sum / m;
  }

  @Override
  public void addGradient(Tensor dF) {
    float factor = (float) (2 * scale / dF.shape().pixels());
    Shape shape = dF.shape().withChannels(target.length);
    try (Tensor off = backend.upload(shape, difference)) {
      if (directions == null) {
        backend.addScaled(factor, off, dF);
      } else {
        backend.addProduct(factor, directions, true, off, null, dF);
      }
    }
  }

  @Override
  public void close() {
    if (directions != null) {
      directions.close();
    }
  }
}
