package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
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
 * mix places, so r² goes to the features first and the gradient needs no buffer of its own.
 */
public final class RegionGramLoss implements PairLoss {
  private final Backend backend;
  private final GramLoss loss; // of features that are centred and masked already
  private final Region region;
  private final Scratch scratch;
  private final Tensor centreA;
  private final Tensor centreB;

  /**
   * @param target not closed with this
   * @param scale s, at least 0
   * @param region that reaches the features; not closed with this
   * @param scratch not closed with this
   */
  public RegionGramLoss(
      Backend backend, GramLoss.Target target, double scale, Region region, Scratch scratch) {
    this.backend = backend;
    this.region = region;
    this.scratch = scratch;
    centreA = target.centreA();
    centreB = target.centreB();
    loss = new GramLoss(backend, new GramLoss.Target(target.gram(), null, null), scale);
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
    Tensor keptA = scratch.tensor(a.shape(), 0);
    Tensor keptB = a == b ? keptA : scratch.tensor(b.shape(), 1);
    Tensor gram = backend.zeros(Shape.matrix(a.shape().channels(), b.shape().channels()));
    region.root(a, keptA);
    if (a != b) {
      region.root(b, keptB);
    }
    backend.gram(keptA, null, keptB, null, gram);
    Tensor meanA = RegionMeanLoss.measure(backend, a, region, scratch);
    Tensor meanB = a == b ? meanA : RegionMeanLoss.measure(backend, b, region, scratch);
    return centring.centred(backend, gram, meanA, meanB);
  }

  /** Returns E and remembers G − T for the gradients. */
  @Override
  public double value(Tensor a, Tensor b) {
    Tensor keptA = kept(a, centreA, 0, false);
    return loss.value(keptA, a == b ? keptA : kept(b, centreB, 1, false));
  }

  /** dA [N][H][W] += ∂E/∂A at the point of the last {@link #value}. */
  @Override
  public void addGradientOfRows(Tensor b, Tensor dA) {
    loss.addGradientOfRows(kept(b, centreB, 0, true), dA);
  }

  /** dB [K][H][W] += ∂E/∂B at the point of the last {@link #value}. */
  @Override
  public void addGradientOfColumns(Tensor a, Tensor dB) {
    loss.addGradientOfColumns(kept(a, centreA, 0, true), dB);
  }

  /** dA [N][H][W] += ∂E/∂A for A = B. */
  @Override
  public void addGradientOfBoth(Tensor a, Tensor dA) {
    loss.addGradientOfBoth(kept(a, centreA, 0, true), dA);
  }

  /** (features − centre) · r, or r². */
  private Tensor kept(Tensor features, Tensor centre, int which, boolean squared) {
    Tensor kept = scratch.tensor(features.shape(), which);
    Tensor from = features;
    if (centre != null) {
      from = scratch.tensor(features.shape(), which + 2);
      backend.copy(features, from);
      backend.addPerChannel(-1, centre, from);
    }
    if (squared) {
      region.square(from, kept);
    } else {
      region.root(from, kept);
    }
    return kept;
  }

  @Override
  public void close() {
    loss.close();
  }
}
