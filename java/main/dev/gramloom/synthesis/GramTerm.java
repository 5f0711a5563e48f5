package dev.gramloom.synthesis;

import dev.gramloom.loss.GramLoss;
import dev.gramloom.loss.PairLoss;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The Gram matrix at a tap, of all of the picture or of a region.
 *
 * @param tap where
 * @param loss closed with this
 * @param magnitude of the loss at features that are 0, less its weight
 * @param target closed with this
 */
record GramTerm(Tap tap, PairLoss loss, double magnitude, GramLoss.Target target) implements Term {
  @Override
  public double value(int node, NetworkPass pass) {
    return tap.ready() == node ? loss.value(pass.output(tap.a()), pass.output(tap.b())) : 0;
  }

  @Override
  public void tell(int node, NetworkPass pass, List<DoubleSupplier> values) {
    if (tap.ready() == node) {
      values.add(loss.later(pass.output(tap.a()), pass.output(tap.b())));
    }
  }

  @Override
  public boolean repeats() {
    return loss.repeats();
  }

  @Override
  public boolean reads(int node) {
    return tap.a() == node || tap.b() == node;
  }

  @Override
  public void addGradient(int node, NetworkPass pass, Tensor gradient) {
    if (tap.a() == node && tap.b() == node) {
      loss.addGradientOfBoth(pass.output(node), gradient);
    } else if (tap.a() == node) {
      loss.addGradientOfRows(pass.output(tap.b()), gradient);
    } else if (tap.b() == node) {
      loss.addGradientOfColumns(pass.output(tap.a()), gradient);
    }
  }

  @Override
  public void close() {
    loss.close();
    target.close();
  }
}
