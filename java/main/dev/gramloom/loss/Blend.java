package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What lies between several exemplars.
 *
 * <p>Σ s_i ‖G − T_i‖² differs from (Σ s_i) ‖G − T‖² by a number that no output can change, where T
 * is the mean of the T_i weighted with s_i. So several styles cost as much as one.
 */
public final class Blend {
  private Blend() {}

  /**
   * The mean of Gram matrices. Where features are centred the centres are blended alike; then the
   * sum of the losses is no longer the same, for each style has its own centre, but this is as near
   * as one matrix comes.
   *
   * @param targets of one shape; at least one, not closed by this
   * @param shares s_i, in any unit, at least 0; all 0 counts as all alike
   */
  public static GramLoss.Target target(
      Backend backend, List<GramLoss.Target> targets, double[] shares) {
    Tensor gram = mean(backend, targets.stream().map(GramLoss.Target::gram).toList(), shares);
    if (targets.get(0).centreA() == null) {
      return new GramLoss.Target(gram, null, null);
    }
    List<Tensor> centresA = targets.stream().map(GramLoss.Target::centreA).toList();
    Tensor centreA = mean(backend, centresA, shares);
    if (targets.stream().allMatch(target -> target.centreA() == target.centreB())) {
      return new GramLoss.Target(gram, centreA, centreA);
    }
    List<Tensor> centresB = targets.stream().map(GramLoss.Target::centreB).toList();
    return new GramLoss.Target(gram, centreA, mean(backend, centresB, shares));
  }

  /**
   * The weighted mean of tensors, summed in double.
   *
   * @param tensors of one shape; at least one, not closed by this
   * @param shares their weights, in any unit, at least 0; all 0 counts as all alike
   */
  public static Tensor mean(Backend backend, List<Tensor> tensors, double[] shares) {
    double all = Arrays.stream(shares).sum();
    double[] sum = new double[(int) tensors.get(0).shape().size()];
    for (int i = 0; i < shares.length; i++) {
      float[] values = tensors.get(i).toArray();
      double share = all > 0 ? shares[i] / all : 1.0 / shares.length;
      for (int j = 0; j < sum.length; j++) {
        sum[j] += share * values[j];
      }
    }
    float[] mean = new float[sum.length];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = (float) sum[j];
    }
    return backend.upload(tensors.get(0).shape(), mean);
  }
}
