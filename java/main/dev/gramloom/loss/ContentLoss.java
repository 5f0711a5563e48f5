package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.function.DoubleSupplier;

/**
 * Compares what two pictures show: their features, place by place.
 *
 * <pre>
 *   F, C    features of the output, of the content    [N][H][W]
 *   t       how much each place counts, 0..1          [H][W]; 1 where there is no mask
 *   E       w / Z · Σ t (F − C)²                      scalar, ≥ 0; Z = Σ t C²
 *   ∂E/∂F   2w / Z · t (F − C)                        [N][H][W]
 * </pre>
 *
 * <p>Source: Gatys, Ecker and Bethge 2016 (Image Style Transfer Using Convolutional Neural
 * Networks, CVPR), equations 1 and 2. Departures: the distance is relative to the content's own
 * features, so that a weight means the same at every layer, size and network ({@link
 * GramNormalization} has the published ones); places may count less.
 *
 * <p>It keeps F − C, so that the features need not live until the gradient is asked for.
 */
public final class ContentLoss implements FeatureLoss {
  private final Backend backend;
  private final Tensor content; // C · √t
  private final Tensor difference; // (F − C) · √t of the last evaluation
  private final Tensor root; // √t, or null
  private final Tensor product; // scratch where there is a mask, or null
  private final double scale; // w / Z

  /**
   * @param content C, [N][H][W]; copied
   * @param mask t, [H·W], or null for 1 everywhere
   * @param weight w, at least 0
   */
  public ContentLoss(Backend backend, Tensor content, float[] mask, double weight) {
    this(backend, content, mask, weight, GramNormalization.RELATIVE);
  }

  /**
   * @param normalization whose content loss it is
   */
  public ContentLoss(
      Backend backend,
      Tensor content,
      float[] mask,
      double weight,
      GramNormalization normalization) {
    this.backend = backend;
    Shape shape = content.shape();
    this.content = backend.zeros(shape);
    difference = backend.zeros(shape);
    root = mask == null ? null : backend.upload(shape.withChannels(1), roots(mask));
    product = mask == null ? null : backend.zeros(shape);
    masked(content, this.content);
    double norm = backend.dot(this.content, this.content);
    scale = weight * normalization.contentFactor(norm, shape.size());
  }

  private static float[] roots(float[] mask) {
    float[] roots = new float[mask.length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = (float) Math.sqrt(mask[i]);
    }
    return roots;
  }

  private void masked(Tensor from, Tensor to) {
    if (root == null) {
      backend.copy(from, to);
    } else {
      backend.multiplyMask(from, root, to);
    }
  }

  /** Floats that the loss for features of this shape takes. */
  public static long floats(Backend backend, Shape shape, boolean masked) {
    return (masked ? 3 : 2) * backend.floats(shape)
        + (masked ? backend.floats(shape.withChannels(1)) : 0);
  }

  /** Returns E and remembers F − C for the gradient. */
  @Override
  public double value(Tensor features) {
    return later(features).getAsDouble();
  }

  @Override
  public boolean repeats() {
    return true;
  }

  @Override
  public DoubleSupplier later(Tensor features) {
    masked(features, difference);
    backend.addScaled(-1, content, difference);
    DoubleSupplier dot = backend.laterDot(difference, difference);
    return () -> scale * dot.getAsDouble();
  }

  /** dF [N][H][W] += ∂E/∂F at the point of the last {@link #value}. */
  @Override
  public void addGradient(Tensor dF) {
    if (root == null) {
      backend.addScaled((float) (2 * scale), difference, dF);
    } else {
      backend.multiplyMask(difference, root, product);
      backend.addScaled((float) (2 * scale), product, dF);
    }
  }

  @Override
  public void close() {
    content.close();
    difference.close();
    if (root != null) {
      root.close();
      product.close();
    }
  }
}
