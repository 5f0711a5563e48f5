package dev.gramloom.synthesis;

import dev.gramloom.loss.FeatureLoss;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * A loss at one node.
 *
 * @param node whose output it looks at
 * @param loss closed with this
 * @param magnitude of the loss at features that are 0, less its weight; 0 if that says nothing
 * @param target closed with this; null where the loss has its own
 * @param ofStyle whether it is a part of the style
 */
record FeatureTerm(int node, FeatureLoss loss, double magnitude, Tensor target, boolean ofStyle)
    implements Term {
  /** What the picture shows. */
  static FeatureTerm content(int node, FeatureLoss loss) {
    return new FeatureTerm(node, loss, 0, null, false);
  }

  @Override
  public double value(int computed, NetworkPass pass) {
    return node == computed ? loss.value(pass.output(node)) : 0;
  }

  @Override
  public void tell(int computed, NetworkPass pass, List<DoubleSupplier> values) {
    if (node == computed) {
      values.add(loss.later(pass.output(node)));
    }
  }

  @Override
  public boolean repeats() {
    return loss.repeats();
  }

  @Override
  public boolean reads(int other) {
    return node == other;
  }

  @Override
  public void addGradient(int other, NetworkPass pass, Tensor gradient) {
    if (node == other) {
      loss.addGradient(gradient);
    }
  }

  @Override
  public void close() {
    loss.close();
    if (target != null) {
      target.close();
    }
  }
}
