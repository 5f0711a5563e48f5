package dev.gramloom.loss;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares every 3x3 patch of features with the exemplar's patch that is most like it.
 *
 * <pre>
 *   Ψ_i     the patch around place i of the output     [9 C]; M of them
 *   Φ_n     a patch of the exemplar                    [9 C]
 *   n(i)    argmax over n of ⟨Ψ_i, Φ_n⟩ / ‖Φ_n‖
 *   E       w / (Z M) · Σ_i ‖Ψ_i − Φ_n(i)‖²            scalar, ≥ 0; Z = mean of ‖Φ_n‖²
 *   ∂E/∂F   2w / (Z M) · Σ_i (Ψ_i − Φ_n(i)), each element at its place
 * </pre>
 *
 * <p>Source: Li and Wand 2016 (Combining Markov Random Fields and Convolutional Neural Networks for
 * Image Synthesis, arXiv:1601.04589), equations 2 and 3; the best patch is found by a convolution
 * with all of the exemplar's, as they do. Departures: the distance is relative; of a large exemplar
 * an even grid of at most {@link #MOST} patches is taken. Which patch is best is held fixed while
 * the derivative is taken.
 *
 * <p>Not thread-safe.
 */
public final class PatchLoss implements FeatureLoss {
  /** Patches of an exemplar, at most. */
  public static final int MOST = 1024;

  private static final int SIDE = 3;
  private static final int AREA = SIDE * SIDE;
  private static final int CHUNK = 128; // patches in one convolution

  /**
   * What is remembered of an exemplar.
   *
   * @param channels C
   * @param patches [n][9 C], channel by channel, row by row
   */
  public record Target(int channels, float[][] patches) {}

  private final Backend backend;
  private final Target target;
  private final Edges edges;
  private final List<Filters> filters = new ArrayList<>(); // chunks of patches of unit length
  private final double scale; // w / Z
  private float[] difference; // Σ over patches, at each element of F, of the last evaluation

  /**
   * @param target with at least one patch
   * @param edges how the output goes on beyond its borders
   * @param weight w, at least 0
   */
  public PatchLoss(Backend backend, Target target, Edges edges, double weight) {
    this.backend = backend;
    this.target = target;
    this.edges = edges;
    double sum = 0;
    int length = AREA * target.channels;
    for (int first = 0; first < target.patches.length; first += CHUNK) {
      int count = Math.min(CHUNK, target.patches.length - first);
      float[] weights = new float[count * length];
      for (int n = 0; n < count; n++) {
        float[] patch = target.patches[first + n];
        double square = square(patch);
        sum += square;
        double norm = square > 0 ? Math.sqrt(square) : 1;
        for (int i = 0; i < length; i++) {
          weights[n * length + i] = (float) (patch[i] / norm);
        }
      }
      Kernel kernel = new Kernel(count, target.channels, SIDE, weights, new float[count]);
      filters.add(backend.filters(kernel));
    }
    double mean = sum / target.patches.length;
    scale = mean > 0 ? weight / mean : weight;
  }

  private static double square(float[] patch) {
    double sum = 0;
    for (float value : patch) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** Floats that the loss for features of this shape takes, packed patches included. */
  public static long floats(Shape features) {
    return 5L * MOST * AREA * features.channels()
        + (long) CHUNK * features.pixels()
        + 3 * features.size();
  }

  /**
   * Measures an exemplar.
   *
   * @param features at least 3 places high and wide
   * @param places [H·W], above 0 where the exemplar is texture; null for everywhere
   */
  public static Target measure(Tensor features, float[] places) {
    Shape shape = features.shape();
    float[] values = features.toArray();
    List<Integer> corners = new ArrayList<>();
    for (int y = 0; y + SIDE <= shape.height(); y++) {
      for (int x = 0; x + SIDE <= shape.width(); x++) {
        int middle = (y + 1) * shape.width() + x + 1;
        if (places == null || places[middle] > 0) {
          corners.add(y * shape.width() + x);
        }
      }
    }
    int count = Math.min(MOST, corners.size());
    float[][] patches = new float[count][AREA * shape.channels()];
    for (int n = 0; n < count; n++) {
      int corner = corners.get((int) ((long) n * corners.size() / count));
      for (int i = 0; i < patches[n].length; i++) {
        int place = corner + i % AREA / SIDE * shape.width() + i % SIDE;
        patches[n][i] = values[i / AREA * shape.pixels() + place];
      }
    }
    return new Target(shape.channels(), patches);
  }

  @Override
  public double value(Tensor features) {
    Shape shape = features.shape();
    int[] nearest = nearest(features);
    float[] values = features.toArray();
    float[] off = new float[values.length];
    double sum = 0;
    for (int c = 0; c < shape.channels(); c++) {
      int plane = c * shape.pixels();
      for (int i = 0; i < nearest.length; i++) {
        float[] patch = target.patches[nearest[i]];
        for (int k = 0; k < AREA; k++) {
          int place = place(i, k, shape);
          if (place >= 0) {
            float difference = values[plane + place] - patch[c * AREA + k];
            off[plane + place] += difference;
            sum += (double) difference * difference;
          }
        }
      }
    }
    difference = off;
    return scale * sum / nearest.length;
  }

  /** The place of element k of the patch around place i, −1 where there is none. */
  private int place(int i, int k, Shape shape) {
    int y = edges.vertical().index(i / shape.width() + k / SIDE - 1, shape.height());
    int x = edges.horizontal().index(i % shape.width() + k % SIDE - 1, shape.width());
    return y < 0 || x < 0 ? -1 : y * shape.width() + x;
  }

  /** The most similar patch of the exemplar, for each place. */
  private int[] nearest(Tensor features) {
    int m = features.shape().pixels();
    int[] nearest = new int[m];
    float[] best = new float[m];
    Arrays.fill(best, Float.NEGATIVE_INFINITY);
    int first = 0;
    for (Filters chunk : filters) {
      int count = Math.min(CHUNK, target.patches.length - first);
      try (Tensor similar = backend.zeros(features.shape().withChannels(count))) {
        backend.convolve(features, chunk, edges, Activation.NONE, similar);
        float[] values = similar.toArray();
        for (int n = 0; n < count; n++) {
          for (int i = 0; i < m; i++) {
            if (values[n * m + i] > best[i]) {
              best[i] = values[n * m + i];
              nearest[i] = first + n;
            }
          }
        }
      }
      first += count;
    }
    return nearest;
  }

  @Override
  public void addGradient(Tensor dF) {
    try (Tensor off = backend.upload(dF.shape(), difference)) {
      backend.addScaled((float) (2 * scale / dF.shape().pixels()), off, dF);
    }
  }

  @Override
  public void close() {
    filters.forEach(Filters::close);
  }
}
