package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Shapes;
import dev.gramloom.tensor.Tensor;
import java.util.function.DoubleSupplier;

/**
 * Compares how much there is of each feature, on average over the picture.
 *
 * <pre>
 *   m       mean of each feature of the output      [C]
 *   t       the same for the exemplar               [C]
 *   v       the exemplar's variance, summed over features
 *   E       w · ‖m − t‖² / v                        scalar, ≥ 0
 *   ∂E/∂F   2w / (M v) · (m − t) at each pixel      [C][H][W]
 * </pre>
 *
 * <p>The companion of a centred {@link GramLoss}, which hardly sees the means; v is the trace of
 * its target.
 */
public final class MeanLoss implements FeatureLoss {
  private final Backend backend;
  private final Tensor target; // t
  private final Tensor difference; // m − t of the last evaluation
  private final double scale; // w / v

  /**
   * @param target t, [1][1][C]; not closed with this
   * @param variance v
   * @param weight w, at least 0
   */
  public MeanLoss(Backend backend, Tensor target, double variance, double weight) {
    this.backend = backend;
    this.target = target;
    this.difference = backend.zeros(target.shape());
    this.scale = variance > 0 ? weight / variance : weight;
  }

  /**
   * Measures an exemplar: [1][1][C].
   *
   * @param features [C][H][W], zero where the exemplar is not texture
   * @param texture the share of the H·W pixels that is texture, in (0, 1]
   */
  public static Tensor measure(Backend backend, Tensor features, double texture) {
    Tensor means = backend.zeros(Shapes.perChannel(features));
    backend.channelMeans(features, means);
    backend.scale((float) (1 / texture), means);
    return means;
  }

  /** Returns E and remembers m − t for the gradient. */
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
    backend.channelMeans(features, difference);
    backend.addScaled(-1, target, difference);
    DoubleSupplier dot = backend.laterDot(difference, difference);
    return () -> scale * dot.getAsDouble();
  }

  /** dF [C][H][W] += ∂E/∂F at the point of the last {@link #value}. */
  @Override
  public void addGradient(Tensor dF) {
    backend.addPerChannel((float) (2 * scale / dF.shape().pixels()), difference, dF);
  }

  @Override
  public void close() {
    difference.close();
  }
}
