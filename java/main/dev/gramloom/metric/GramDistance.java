package dev.gramloom.metric;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.Image;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** How far a picture's Gram matrices are from an exemplar's: ‖G − T‖² / ‖T‖² at each tap. */
public final class GramDistance {
  private GramDistance() {}

  /**
   * The distance at each tap, by its name, in the network's order.
   *
   * @param edges how the picture goes on beyond its borders
   * @param exemplar what was measured of the exemplar
   */
  public static Map<String, Double> between(
      Backend backend, Image picture, Edges edges, TextureStatistics exemplar) {
    Shape shape = new Shape(3, picture.height(), picture.width());
    Map<String, Double> distances = new LinkedHashMap<>();
    try (NetworkPass pass = new NetworkPass(backend, exemplar.network(), shape, edges, false);
        Tensor pixels = backend.upload(shape, picture.rgb())) {
      pass.forward(
          pixels,
          node -> {
            for (Map.Entry<Tap, GramLoss.Target> entry : exemplar.targets().entrySet()) {
              Tap tap = entry.getKey();
              if (tap.ready() == node) {
                try (GramLoss loss = GramLoss.relative(backend, entry.getValue(), 1)) {
                  double distance = loss.value(pass.output(tap.a()), pass.output(tap.b()));
                  distances.put(tap.name(), distance);
                }
              }
            }
          });
    }
    return distances;
  }

  /** The plain mean over taps. */
  public static double mean(Map<String, Double> distances) {
    return distances.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
