package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.function.DoubleSupplier;

/**
 * Compares two textures by which features occur together.
 *
 * <p>The Gram matrix holds, for each pair of features, the mean over all pixels of their product.
 * It remembers what occurs with what and forgets where, which is what makes it a description of a
 * texture and not of a picture.
 *
 * <pre>
 *   A, B    features of the output              [N][H][W], [K][H][W]; often the same
 *   α, β    centres: the exemplar's mean of each feature, or zero
 *   G       (A − α)(B − β)ᵀ / M, M = H·W        [N][K]
 *   T       the same for the exemplar           [N][K]; its H and W may be others
 *   E       s · ‖G − T‖²                        scalar, ≥ 0; s = w / ‖T‖² unless told otherwise
 *   ∂E/∂A   2s / M · (G − T)(B − β)             [N][H][W], and likewise (G − T)ᵀ(A − α) for B
 * </pre>
 *
 * <p>Source: Gatys, Ecker and Bethge 2015, arXiv:1505.07376, equations 1, 2 and 4. Departures: each
 * Gram matrix is divided by its own M, so that sizes may differ; the distance is relative to ‖T‖²,
 * so that a weight means the same at every layer ({@link GramNormalization} has the published
 * ones); B may be another layer's features (at another octave), which ties coarse structure to
 * fine; features may be centred, so that what varies is not drowned by what is always there.
 *
 * <p>Not thread-safe: evaluations share one scratch matrix.
 */
public final class GramLoss implements PairLoss {
  /**
   * What is remembered of an exemplar.
   *
   * @param gram T, [1][N][K]
   * @param centreA α, [1][1][N], or null for zero
   * @param centreB β, [1][1][K], or null for zero
   */
  public record Target(Tensor gram, Tensor centreA, Tensor centreB) {
    /** Sum of the diagonal of a centred T: the variance of all features together. */
    public double trace() {
      float[] values = gram.toArray();
      int columns = gram.shape().width();
      double sum = 0;
      for (int i = 0; i < gram.shape().height(); i++) {
        sum += values[i * columns + i];
      }
      return sum;
    }

    /** Gives the memory back. */
    public void close() {
      gram.close();
      if (centreA != null) {
        centreA.close();
        if (centreB != centreA) {
          centreB.close();
        }
      }
    }
  }

  private final Backend backend;
  private final Target target;
  private final Tensor difference; // G − T of the last evaluation
  private final double scale; // s

  /**
   * A loss relative to ‖T‖².
   *
   * @param target not closed with this
   * @param weight w, at least 0
   */
  public static GramLoss relative(Backend backend, Target target, double weight) {
    double norm = backend.dot(target.gram, target.gram);
    return new GramLoss(backend, target, weight * GramNormalization.RELATIVE.factor(norm, 1, 1, 1));
  }

  /**
   * @param target not closed with this
   * @param scale factor of ‖G − T‖², at least 0
   */
  public GramLoss(Backend backend, Target target, double scale) {
    this.backend = backend;
    this.target = target;
    this.difference = backend.zeros(target.gram.shape());
    this.scale = scale;
  }

  /**
   * Measures an exemplar.
   *
   * @param a [N][H][W], zero where the exemplar is not texture
   * @param b [K][H][W], likewise; may be the same tensor
   * @param texture the share of the H·W pixels that is texture, in (0, 1]
   * @param centred whether α and β are the exemplar's means, or zero
   */
  public static Target measure(
      Backend backend, Tensor a, Tensor b, double texture, boolean centred) {
    return measure(backend, a, b, texture, centred ? Centring.MEANS : Centring.NONE);
  }

  /**
   * Measures an exemplar.
   *
   * @param a [N][H][W], zero where the exemplar is not texture
   * @param b [K][H][W], likewise; may be the same tensor
   * @param texture the share of the H·W pixels that is texture, in (0, 1]
   * @param centring what becomes α and β
   */
  public static Target measure(
      Backend backend, Tensor a, Tensor b, double texture, Centring centring) {
    Tensor gram = backend.zeros(Shape.matrix(a.shape().channels(), b.shape().channels()));
    backend.gram(a, null, b, null, gram);
    backend.scale((float) (1 / texture), gram);
    if (centring.equals(Centring.NONE)) {
      return new Target(gram, null, null);
    }
    Tensor meanA = MeanLoss.measure(backend, a, texture);
    Tensor meanB = a == b ? meanA : MeanLoss.measure(backend, b, texture);
    return centring.centred(backend, gram, meanA, meanB);
  }

  /**
   * Returns E and remembers G − T for the gradients.
   *
   * @throws IllegalArgumentException if the channel counts are not the exemplar's
   */
  @Override
  public double value(Tensor a, Tensor b) {
    return later(a, b).getAsDouble();
  }

  @Override
  public boolean repeats() {
    return true;
  }

  @Override
  public DoubleSupplier later(Tensor a, Tensor b) {
    backend.gram(a, target.centreA, b, target.centreB, difference);
    backend.addScaled(-1, target.gram, difference);
    DoubleSupplier dot = backend.laterDot(difference, difference);
    return () -> scale * dot.getAsDouble();
  }

  /** dA [N][H][W] += ∂E/∂A at the point of the last {@link #value}. */
  @Override
  public void addGradientOfRows(Tensor b, Tensor dA) {
    backend.addProduct(factor(b), difference, false, b, target.centreB, dA);
  }

  /** dB [K][H][W] += ∂E/∂B at the point of the last {@link #value}. */
  @Override
  public void addGradientOfColumns(Tensor a, Tensor dB) {
    backend.addProduct(factor(a), difference, true, a, target.centreA, dB);
  }

  /** dA [N][H][W] += ∂E/∂A for A = B, where G is symmetric and both halves are alike. */
  @Override
  public void addGradientOfBoth(Tensor a, Tensor dA) {
    backend.addProduct(2 * factor(a), difference, false, a, target.centreA, dA);
  }

  private float factor(Tensor features) {
    return (float) (2 * scale / features.shape().pixels());
  }

  @Override
  public void close() {
    difference.close();
  }
}
