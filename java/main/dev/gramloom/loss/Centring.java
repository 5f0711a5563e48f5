package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;

/**
 * What is subtracted from features before their Gram matrix is taken.
 *
 * @param means whether it is the exemplar's mean of each feature
 * @param constant else this number for all; 0 leaves features as they are. The activation shift s
 *     of Novak and Nikulin 2016 (arXiv:1605.04603, section 3.3) is the constant −s
 */
public record Centring(boolean means, double constant) {
  /** Nothing. */
  public static final Centring NONE = new Centring(false, 0);

  /** The exemplar's means. */
  public static final Centring MEANS = new Centring(true, 0);

  /**
   * The target of centred features from what was measured of them as they are; closes what it does
   * not keep.
   *
   * @param gram mean of the products, [1][N][K]
   * @param meanA [1][1][N]
   * @param meanB [1][1][K]; the same tensor where the features are the same
   */
  GramLoss.Target centred(Backend backend, Tensor gram, Tensor meanA, Tensor meanB) {
    if (means) {
      Tensor covariance = corrected(backend, gram, meanA, meanB, meanA, meanB);
      gram.close();
      return new GramLoss.Target(covariance, meanA, meanB);
    }
    GramLoss.Target target = new GramLoss.Target(gram, null, null);
    if (constant != 0) {
      Tensor centreA = constant(backend, meanA);
      // one and the same where the features are: half of a symmetric product is then left out
      Tensor centreB = meanA == meanB ? centreA : constant(backend, meanB);
      Tensor shifted = corrected(backend, gram, meanA, meanB, centreA, centreB);
      target = new GramLoss.Target(shifted, centreA, centreB);
      gram.close();
    }
    meanA.close();
    if (meanB != meanA) {
      meanB.close();
    }
    return target;
  }

  private Tensor constant(Backend backend, Tensor like) {
    float[] values = new float[(int) like.shape().size()];
    Arrays.fill(values, (float) constant);
    return backend.upload(like.shape(), values);
  }

  /** gram − α m_Bᵀ − m_A βᵀ + α βᵀ, once an exemplar, on the heap. */
  private static Tensor corrected(
      Backend backend, Tensor gram, Tensor meanA, Tensor meanB, Tensor centreA, Tensor centreB) {
    float[] values = gram.toArray();
    float[] a = meanA.toArray();
    float[] b = meanB.toArray();
    float[] alpha = centreA.toArray();
    float[] beta = centreB.toArray();
    for (int i = 0; i < values.length; i++) {
      int n = i / b.length;
      int k = i % b.length;
      double less = (double) alpha[n] * (b[k] - beta[k]) + (double) a[n] * beta[k];
      values[i] = (float) (values[i] - less);
    }
    return backend.upload(gram.shape(), values);
  }
}
