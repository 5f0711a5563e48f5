package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.loss.PatchLoss;
import dev.gramloom.loss.SlicedLoss;
import dev.gramloom.metric.Photograph;
import dev.gramloom.network.Mask;
import dev.gramloom.network.Network;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a style's picture has beyond Gram matrices: sorted features, or patches of them. */
final class StyleSamples {
  /**
   * Halvings of the picture at which Li and Wand (arXiv:1601.04589) look for patches: blocks 3, 4.
   */
  private static final int LEAST_HALVINGS = 2;

  private static final int MOST_HALVINGS = 3;
  private static final int LEAST_SIDE = 3;

  private final Map<Tap, SlicedLoss.Target> sliced = new LinkedHashMap<>();
  private final Map<Tap, PatchLoss.Target> patches = new LinkedHashMap<>();

  /**
   * @param image at the scale; its mask says which part has the style
   * @param kind not {@link StyleLoss#GRAM}, of which there is nothing to remember
   */
  StyleSamples(Backend backend, Network network, Photograph image, StyleLoss kind) {
    if (kind == StyleLoss.GRAM) {
      return;
    }
    Shape shape = image.shape();
    List<Mask> masks = image.visible(network);
    try (NetworkPass pass = new NetworkPass(backend, network, shape, Edges.REFLECT, false)) {
      pass.forward(
          image.pixels(),
          node -> {
            Mask mask = masks == null ? null : masks.get(node);
            for (Tap tap : network.taps()) {
              if (tap.a() == node && tap.b() == node && (mask == null || mask.count() > 0)) {
                float[] places = mask == null ? null : mask.texture();
                measure(backend, tap, pass.output(node), places, kind, shape.height());
              }
            }
          });
    }
  }

  private void measure(
      Backend backend, Tap tap, Tensor features, float[] places, StyleLoss kind, int height) {
    if (kind != StyleLoss.MRF) {
      int channels = features.shape().channels();
      float[] directions =
          kind == StyleLoss.SWD ? SlicedLoss.directions(channels, tap.name().hashCode()) : null;
      sliced.put(tap, SlicedLoss.measure(backend, features, directions, places));
    } else if (hasPatches(features.shape(), height)) {
      PatchLoss.Target target = PatchLoss.measure(features, places);
      if (target.patches().length > 0) {
        patches.put(tap, target);
      }
    }
  }

  private static boolean hasPatches(Shape features, int height) {
    int halvings =
        Math.round((float) (Math.log((double) height / features.height()) / Math.log(2)));
    return halvings >= LEAST_HALVINGS
        && halvings <= MOST_HALVINGS
        && Math.min(features.height(), features.width()) >= LEAST_SIDE;
  }

  /** No layer has what the loss looks at. */
  static Failure nothing(StyleLoss kind, Shape picture) {
    return new Failure(
        ExitCode.USAGE,
        "--style-loss %s finds nothing to compare in %d x %d pixels; use larger scales or more layers"
            .formatted(kind, picture.width(), picture.height()));
  }

  /** Floats that the losses take at an output of this shape, for one style. */
  static long floats(Network network, Shape output, StyleLoss kind) {
    Shape[] shapes = network.shapes(output);
    long floats = 0;
    for (Tap tap : network.taps()) {
      Shape features = shapes[tap.a()];
      if (tap.a() == tap.b() && kind == StyleLoss.MRF && hasPatches(features, output.height())) {
        floats += PatchLoss.floats(features);
      } else if (tap.a() == tap.b() && (kind == StyleLoss.SWD || kind == StyleLoss.HISTOGRAM)) {
        floats += SlicedLoss.floats(features, kind == StyleLoss.HISTOGRAM);
      }
    }
    return floats;
  }

  /**
   * The losses of styles for all of an output.
   *
   * @param styles at least one
   * @param weights of each
   * @param shapes of the nodes for the output
   */
  static List<Term> terms(
      Backend backend, List<StyleSamples> styles, double[] weights, Shape[] shapes, Edges edges) {
    List<Term> terms = new ArrayList<>();
    for (Tap tap : styles.get(0).sliced.keySet()) {
      List<SlicedLoss.Target> targets = new ArrayList<>();
      double[] shares = new double[styles.size()];
      int count = 0;
      for (int i = 0; i < shares.length; i++) {
        if (styles.get(i).sliced.containsKey(tap)) {
          targets.add(styles.get(i).sliced.get(tap));
          shares[count++] = weights[i] * tap.weight();
        }
      }
      double[] those = Arrays.copyOf(shares, count);
      terms.add(
          new FeatureTerm(
              tap.a(), new SlicedLoss(backend, shapes[tap.a()], targets, those), 1, null, true));
    }
    for (int i = 0; i < weights.length; i++) {
      double weight = weights[i];
      styles
          .get(i)
          .patches
          .forEach((tap, target) ->
              terms.add(
                  new FeatureTerm(
                      tap.a(),
                      new PatchLoss(backend, target, edges, weight * tap.weight()),
                      1,
                      null,
                      true)));
    }
    return terms;
  }
}
