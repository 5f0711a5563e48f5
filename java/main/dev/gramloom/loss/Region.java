package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Shapes;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A part of a picture, with soft edges, as the layers of a network see it.
 *
 * <pre>
 *   t       how much a place belongs to the part, 0..1    [H][W], halved with the features
 *   r       t / √(mean of t²)                             the mean of r² is 1
 * </pre>
 *
 * <p>Features times r have the Gram matrix of the part alone. Source: Gatys et al. 2017
 * (Controlling Perceptual Factors in Neural Style Transfer, arXiv:1611.07865), section 4.1,
 * equations 4 and 5: the guidance channel, averaged down to each layer.
 *
 * <p>Not thread-safe.
 */
public final class Region implements AutoCloseable {
  /** Mean of t² below which a layer has nothing of the part, about a place in a million. */
  private static final double NOTHING = 1e-6;

  /** r and r² at one size of features. */
  private record Level(Tensor root, Tensor square) {
    void close() {
      root.close();
      square.close();
    }
  }

  private final Backend backend;
  private final Edges edges;
  private final Map<Shape, Level> levels = new LinkedHashMap<>(); // by [1][H][W]
  private final List<Tensor> masks = new ArrayList<>(); // t, halved ever again
  private final double share;

  /**
   * @param picture shape of the picture, [C][H][W]
   * @param weights t, [H·W]
   * @param edges how the picture goes on beyond its borders
   */
  public Region(Backend backend, Shape picture, float[] weights, Edges edges) {
    this.backend = backend;
    this.edges = edges;
    masks.add(backend.upload(picture.withChannels(1), weights));
    double sum = 0;
    for (float weight : weights) {
      sum += weight;
    }
    share = sum / weights.length;
  }

  /** Floats that a region of a picture takes, at most: t, r and r² at every size down to 1. */
  public static long floats(Backend backend, Shape picture) {
    return 4 * backend.floats(picture.withChannels(1));
  }

  /** The share of the picture that belongs to the part, 0..1. */
  public double share() {
    return share;
  }

  /** Whether features of this shape have anything of the part. */
  public boolean reaches(Shape features) {
    return level(features) != null;
  }

  /** t at features of this shape, [H·W]. */
  public float[] weights(Shape features) {
    return mask(features.withChannels(1)).toArray();
  }

  /** r at features of this shape, [1][H][W]; the region's own. */
  Tensor root(Shape features) {
    return level(features).root;
  }

  /** r² likewise. */
  Tensor square(Shape features) {
    return level(features).square;
  }

  /** to = from · r². */
  void square(Tensor from, Tensor to) {
    backend.multiplyMask(from, level(from.shape()).square, to);
  }

  private Level level(Shape features) {
    return levels.computeIfAbsent(features.withChannels(1), this::normalized);
  }

  private Level normalized(Shape shape) {
    float[] root = mask(shape).toArray();
    double sum = 0;
    for (float t : root) {
      sum += (double) t * t;
    }
    double mean = sum / root.length;
    if (mean < NOTHING) {
      return null;
    }
    float[] square = new float[root.length];
    for (int i = 0; i < root.length; i++) {
      square[i] = (float) (root[i] * (double) root[i] / mean);
      root[i] = (float) (root[i] / Math.sqrt(mean));
    }
    return new Level(backend.upload(shape, root), backend.upload(shape, square));
  }

  /**
   * @throws IllegalArgumentException if halving never comes to this size
   */
  private Tensor mask(Shape shape) {
    for (int i = 0; ; i++) {
      if (masks.get(i).shape().equals(shape)) {
        return masks.get(i);
      }
      if (i + 1 == masks.size()) {
        Shape half = Shapes.pooled(masks.get(i).shape());
        if (half.equals(masks.get(i).shape())) {
          throw new IllegalArgumentException(
              "halving %s never comes to %s".formatted(masks.get(0).shape(), shape));
        }
        Tensor pooled = backend.zeros(half);
        backend.averagePool(masks.get(i), edges, pooled);
        masks.add(pooled);
      }
    }
  }

  @Override
  public void close() {
    masks.forEach(Tensor::close);
    levels.values().stream().filter(Objects::nonNull).forEach(Level::close);
  }
}
