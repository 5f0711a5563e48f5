package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Shapes;
import dev.gramloom.tensor.Tensor;

/**
 * Compares how much there is of each feature in a part of the output: {@link MeanLoss} with the
 * mean weighted by r², see {@link Region}.
 *
 * <pre>
 *   m       Σ r² F / M                                [C]
 *   E       s · ‖m − t‖²                              scalar, ≥ 0
 *   ∂E/∂F   2s / M · (m − t) r²                       [C][H][W]
 * </pre>
 */
public final class RegionMeanLoss implements FeatureLoss {
  private final Backend backend;
  private final Tensor target;
  private final Tensor difference; // m − t of the last evaluation
  private final double scale;
  private final Region region;
  private final Scratch scratch;

  /**
   * @param target t, [1][1][C]; not closed with this
   * @param scale s, at least 0
   * @param region that reaches the features; not closed with this
   * @param scratch not closed with this
   */
  public RegionMeanLoss(
      Backend backend, Tensor target, double scale, Region region, Scratch scratch) {
    this.backend = backend;
    this.target = target;
    this.difference = backend.zeros(target.shape());
    this.scale = scale;
    this.region = region;
    this.scratch = scratch;
  }

  /** The means of a part of an exemplar: [1][1][C]. */
  static Tensor measure(Backend backend, Tensor features, Region region, Scratch scratch) {
    Tensor means = backend.zeros(Shapes.perChannel(features));
    measure(backend, features, region, scratch, means);
    return means;
  }

  private static void measure(
      Backend backend, Tensor features, Region region, Scratch scratch, Tensor means) {
    Tensor kept = scratch.tensor(features.shape(), 0);
    region.square(features, kept);
    backend.channelMeans(kept, means);
  }

  @Override
  public double value(Tensor features) {
    measure(backend, features, region, scratch, difference);
    backend.addScaled(-1, target, difference);
    return scale * backend.dot(difference, difference);
  }

  @Override
  public void addGradient(Tensor dF) {
    Tensor even = scratch.tensor(dF.shape(), 0);
    Tensor kept = scratch.tensor(dF.shape(), 1);
    backend.fill(0, even);
    backend.addPerChannel((float) (2 * scale / dF.shape().pixels()), difference, even);
    region.square(even, kept);
    backend.addScaled(1, kept, dF);
  }

  @Override
  public void close() {
    difference.close();
  }
}
