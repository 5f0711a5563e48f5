package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Masked;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/**
 * Compares which features occur together in a part of the output.
 *
 * <pre>
 *   A, B, α, β, T, s                           as {@link GramLoss} has them
 *   r       the part, see {@link Region}       [H][W], mean of r² 1
 *   G       (A − α)r · ((B − β)r)ᵀ / M         [N][K]
 *   E       s · ‖G − T‖²
 *   ∂E/∂A   2s / M · (G − T)(B − β) r²         [N][H][W], and likewise for B
 * </pre>
 *
 * <p>Source: Gatys et al. 2017, arXiv:1611.07865, section 4.1. The product with a matrix does not
 * mix places, so r² goes to the features first and the gradient needs no buffer.
 */
public final class RegionGramLoss implements PairLoss {
  private final Backend backend;
  private final GramLoss.Target target;
  private final Tensor difference; // G − T of the last evaluation
  private final double scale;
  private final Region region;

  /**
   * @param target not closed with this
   * @param scale s, at least 0
   * @param region that reaches the features; not closed with this
   */
  public RegionGramLoss(Backend backend, GramLoss.Target target, double scale, Region region) {
    this.backend = backend;
    this.target = target;
    this.scale = scale;
    this.region = region;
    difference = backend.zeros(target.gram().shape());
  }

  /**
   * Measures a part of an exemplar.
   *
   * @param a [N][H][W]
   * @param b [K][H][W]; may be the same tensor
   * @param region that reaches the features
   * @param centring what becomes α and β
   */
  public static GramLoss.Target measure(
      Backend backend, Tensor a, Tensor b, Region region, Scratch scratch, Centring centring) {
    Tensor gram = backend.zeros(Shape.matrix(a.shape().channels(), b.shape().channels()));
    Tensor mask = region.root(a.shape());
    backend.gram(new Masked(a, null, mask), new Masked(b, null, mask), gram);
    Tensor meanA = RegionMeanLoss.measure(backend, a, region, scratch);
    Tensor meanB = a == b ? meanA : RegionMeanLoss.measure(backend, b, region, scratch);
    return centring.centred(backend, gram, meanA, meanB);
  }

  /** Returns E and remembers G − T for the gradients. */
  @Override
  public double value(Tensor a, Tensor b) {
    Tensor mask = region.root(a.shape());
    Masked keptA = new Masked(a, target.centreA(), mask);
    backend.gram(keptA, a == b ? keptA : new Masked(b, target.centreB(), mask), difference);
    backend.addScaled(-1, target.gram(), difference);
    return scale * backend.dot(difference, difference);
  }

  /** dA [N][H][W] += ∂E/∂A at the point of the last {@link #value}. */
  @Override
  public void addGradientOfRows(Tensor b, Tensor dA) {
    backend.addProduct(factor(b), difference, false, squared(b, target.centreB()), dA);
  }

  /** dB [K][H][W] += ∂E/∂B at the point of the last {@link #value}. */
  @Override
  public void addGradientOfColumns(Tensor a, Tensor dB) {
    backend.addProduct(factor(a), difference, true, squared(a, target.centreA()), dB);
  }

  /** dA [N][H][W] += ∂E/∂A for A = B. */
  @Override
  public void addGradientOfBoth(Tensor a, Tensor dA) {
    backend.addProduct(2 * factor(a), difference, false, squared(a, target.centreA()), dA);
  }

  private Masked squared(Tensor features, Tensor centre) {
    return new Masked(features, centre, region.square(features.shape()));
  }

  private float factor(Tensor features) {
    return (float) (2 * scale / features.shape().pixels());
  }

  @Override
  public void close() {
    difference.close();
  }
}
