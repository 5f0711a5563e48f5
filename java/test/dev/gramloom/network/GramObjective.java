package dev.gramloom.network;

import dev.gramloom.backend.Backend;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** The sum of all taps' Gram losses, written down as plainly as can be. */
final class GramObjective implements NetworkPass.Source {
  private final Backend backend;
  private final Network network;
  private final Map<Network.Tap, GramLoss.Target> targets = new HashMap<>();
  private final Map<Network.Tap, GramLoss> losses = new HashMap<>();
  private NetworkPass pass;

  GramObjective(Backend backend, Network network, Shape shape, Tensor exemplar, Edges edges) {
    this.backend = backend;
    this.network = network;
    try (NetworkPass measuring = new NetworkPass(backend, network, shape, edges, false)) {
      measuring.forward(
          exemplar,
          node -> {
            for (Network.Tap tap : network.taps()) {
              if (tap.ready() == node) {
                Tensor a = measuring.output(tap.a());
                Tensor b = measuring.output(tap.b());
                targets.put(tap, GramLoss.measure(backend, a, b, 1, tap.centred()));
              }
            }
          });
    }
    targets.forEach(
        (tap, target) -> losses.put(tap, GramLoss.relative(backend, target, tap.weight())));
  }

  /** What was measured of the exemplar. */
  GramLoss.Target target(Network.Tap tap) {
    return targets.get(tap);
  }

  /** Returns the loss; gradient is overwritten. */
  double evaluate(Tensor picture, Edges edges, Tensor gradient) {
    double[] value = {0};
    backend.fill(0, gradient);
    try (NetworkPass walk = new NetworkPass(backend, network, picture.shape(), edges, true)) {
      pass = walk;
      walk.forward(picture, node -> value[0] += lossesAt(node));
      walk.backward(this, gradient);
    }
    return value[0];
  }

  private double lossesAt(int node) {
    double value = 0;
    for (Network.Tap tap : network.taps()) {
      if (tap.ready() == node) {
        value += losses.get(tap).value(pass.output(tap.a()), pass.output(tap.b()));
      }
    }
    return value;
  }

  @Override
  public boolean reads(int node) {
    return network.taps().stream().anyMatch(tap -> tap.a() == node || tap.b() == node);
  }

  @Override
  public void addGradient(int node, Tensor gradient) {
    for (Network.Tap tap : network.taps()) {
      if (tap.a() == node && tap.b() == node) {
        losses.get(tap).addGradientOfBoth(pass.output(node), gradient);
      } else if (tap.a() == node) {
        losses.get(tap).addGradientOfRows(pass.output(tap.b()), gradient);
      } else if (tap.b() == node) {
        losses.get(tap).addGradientOfColumns(pass.output(tap.a()), gradient);
      }
    }
  }
}
