package dev.gramloom.metric;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.Image;
import dev.gramloom.loss.Centring;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.network.Mask;
import dev.gramloom.network.MemoryPlan;
import dev.gramloom.network.Network;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network remembers of an exemplar: a Gram matrix for each tap.
 *
 * <p>Where only a part of the exemplar is texture, the rest is filled smoothly before the network
 * looks, a layer's place counts only if the layers' {@link Mask} says so, and a tap at which too
 * few places are left is left out.
 */
public final class TextureStatistics implements AutoCloseable {
  /** Fewest places a masked layer's statistics may rest on. */
  private static final int FEWEST_PLACES = 64;

  /** Least share of all places; less than that stands for a corner of the exemplar, not for it. */
  private static final double LEAST_SHARE = 0.1;

  private final Backend backend;
  private final Network network;
  private final Map<Tap, GramLoss.Target> targets = new LinkedHashMap<>();

  /**
   * Measures a photograph, which ends at its borders: beyond them it is mirrored.
   *
   * @param exemplar its mask says which part is texture
   */
  public TextureStatistics(Backend backend, Network network, Image exemplar) {
    this.backend = backend;
    this.network = network;
    try (Photograph photograph = Photograph.upload(backend, exemplar)) {
      measure(photograph, () -> {});
    }
  }

  /**
   * {@link #TextureStatistics(Backend, Network, Image)}.
   *
   * @param moment runs at each of the network's nodes, and may end it all by throwing
   */
  public TextureStatistics(Backend backend, Network network, Photograph exemplar, Runnable moment) {
    this.backend = backend;
    this.network = network;
    measure(exemplar, moment);
  }

  private void measure(Photograph exemplar, Runnable moment) {
    List<Mask> masks = exemplar.visible(network);
    try (NetworkPass pass =
        new NetworkPass(backend, network, exemplar.shape(), Edges.REFLECT, false)) {
      pass.forward(
          exemplar.pixels(),
          node -> {
            moment.run();
            measure(pass, node, masks);
          });
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Floats that the statistics of an exemplar of shape [3][H][W] take. */
  public static long floats(Backend backend, Network network, Shape exemplar) {
    Shape[] shapes = network.shapes(exemplar);
    long floats = 0;
    for (Tap tap : network.taps()) {
      int rows = shapes[tap.a()].channels();
      int columns = shapes[tap.b()].channels();
      floats += backend.floats(Shape.matrix(rows, columns));
      if (tap.centred()) {
        floats += backend.floats(Shape.matrix(1, rows)) + backend.floats(Shape.matrix(1, columns));
      }
    }
    return floats;
  }

  /**
   * Floats that are needed while an exemplar is measured, besides the exemplar and its statistics.
   *
   * @param exemplar its shape, [3][H][W]
   * @param masked whether only a part of it is texture
   */
  public static long measuringFloats(
      Backend backend, Network network, Shape exemplar, boolean masked) {
    long floats = new MemoryPlan(backend, network, exemplar, false).floats();
    if (!masked) {
      return floats;
    }
    Shape[] shapes = network.shapes(exemplar);
    long kept = 0;
    for (Tap tap : network.taps()) {
      kept = Math.max(kept, backend.floats(shapes[tap.a()]) + backend.floats(shapes[tap.b()]));
    }
    long masks = Arrays.stream(shapes).mapToLong(Shape::pixels).sum();
    return floats + exemplar.size() + masks + kept; // its holes are filled in a copy
  }

  /**
   * @param masks one a node; null where all is texture
   */
  private void measure(NetworkPass pass, int node, List<Mask> masks) {
    for (Tap tap : network.taps()) {
      if (tap.ready() == node) {
        Mask mask = masks == null ? null : masks.get(tap.a()).and(masks.get(tap.b()));
        measure(tap, pass.output(tap.a()), pass.output(tap.b()), mask);
      }
    }
  }

  private void measure(Tap tap, Tensor a, Tensor b, Mask mask) {
    if (mask == null) {
      targets.put(tap, GramLoss.measure(backend, a, b, 1, centring(tap)));
      return;
    }
    Shape place = new Shape(1, mask.height(), mask.width());
    double share = (double) mask.count() / place.pixels();
    if (mask.count() < FEWEST_PLACES || share < LEAST_SHARE) {
      return;
    }
    try (Tensor texture = backend.upload(place, mask.texture());
        Tensor keptA = backend.zeros(a.shape());
        Tensor keptB = backend.zeros(b.shape())) {
      backend.multiplyMask(a, texture, keptA);
      backend.multiplyMask(b, texture, keptB);
      Tensor second = tap.a() == tap.b() ? keptA : keptB;
      targets.put(tap, GramLoss.measure(backend, keptA, second, share, centring(tap)));
    }
  }

  /** What a tap wants subtracted from its features. */
  public static Centring centring(Tap tap) {
    return tap.centred() ? Centring.MEANS : new Centring(false, 0 - tap.shift());
  }

  /** The network that measured. */
  public Network network() {
    return network;
  }

  /** What was measured at each tap that saw enough texture, in the network's order. */
  public Map<Tap, GramLoss.Target> targets() {
    return targets;
  }

  @Override
  public void close() {
    targets.values().forEach(GramLoss.Target::close);
    targets.clear();
  }
}
