package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.Plane;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.loss.Region;
import dev.gramloom.loss.RegionGramLoss;
import dev.gramloom.loss.Scratch;
import dev.gramloom.metric.Photograph;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a style's picture has in each of its parts: Gram matrices by tap, all parts from one look.
 *
 * <p>Parts have soft edges and are averaged down to the layers, as in Gatys et al. 2017,
 * arXiv:1611.07865, section 4.1; a layer at which a part is gone is left out.
 */
final class StyleMeasure implements AutoCloseable {
  private final List<Map<Tap, GramLoss.Target>> parts = new ArrayList<>();

  /**
   * @param image at the scale
   * @param sources the parts, at any size; at least one
   */
  StyleMeasure(Backend backend, Network network, Photograph image, List<Plane> sources) {
    Shape shape = image.shape();
    float[] mask = image.mask();
    List<Region> regions = new ArrayList<>();
    try (Scratch scratch = new Scratch(backend);
        NetworkPass pass = new NetworkPass(backend, network, shape, Edges.REFLECT, false)) {
      for (Plane source : sources) {
        float[] weights = source.resized(shape.height(), shape.width(), Edges.REFLECT).values();
        for (int i = 0; i < weights.length; i++) {
          weights[i] *= mask == null || mask[i] > 0 ? 1 : 0;
        }
        regions.add(new Region(backend, shape, weights, Edges.REFLECT));
        parts.add(new LinkedHashMap<>());
      }
      pass.forward(
          image.pixels(),
          node -> {
            for (Tap tap : network.taps()) {
              for (int i = 0; tap.ready() == node && i < regions.size(); i++) {
                Tensor a = pass.output(tap.a());
                if (regions.get(i).reaches(a.shape())) {
                  Tensor b = pass.output(tap.b());
                  GramLoss.Target target =
                      RegionGramLoss.measure(
                          backend, a, b, regions.get(i), scratch, TextureStatistics.centring(tap));
                  parts.get(i).put(tap, target);
                }
              }
            }
          });
    } finally {
      regions.forEach(Region::close);
    }
  }

  /** What was measured of each part, in their order. */
  List<Map<Tap, GramLoss.Target>> parts() {
    return parts;
  }

  @Override
  public void close() {
    parts.forEach(part -> part.values().forEach(GramLoss.Target::close));
  }
}
