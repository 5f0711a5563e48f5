package dev.gramloom.cli;

import dev.gramloom.network.Vgg;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.synthesis.VggRecipe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Where a VGG is tapped, and how its layers count. */
final class TapOptions {
  /** The best measured: see VggAcceptanceTest; and what published distances are taken at. */
  private static final VggRecipe DEFAULT_RECIPE = VggRecipe.GATYS;

  /** A layer that a list may name; both VGGs have fewer. */
  private static final String LAYER = "conv[1-5]_[1-9]|pool[1-5]";

  private static final String ALL = "all";

  /** Of the features of VGG, Novak and Nikulin 2016, arXiv:1605.04603, section 3.3. */
  private static final double INETWORK_SHIFT = -1;

  @Option(
      names = "--recipe",
      paramLabel = "gatys|pyramid|deeptextures|inetwork",
      description = "which layers of VGG count, by name (default: gatys)")
  private VggRecipe recipe;

  @Option(
      names = "--layers",
      paramLabel = "LIST|all",
      description = "which layers of VGG count: conv1_1,pool2,conv4_1; all: every convolution")
  private String layers;

  @Option(
      names = "--layer-weights",
      paramLabel = "LIST|geometric",
      description =
          "their weights: 1,1,0.5; geometric: each half of the one before (default: 1 each)")
  private String layerWeights;

  @Option(
      names = "--activation-shift",
      paramLabel = "S",
      description = "added to VGG's features before their Gram matrix is taken (default: 0)")
  private Double shift;

  @Option(
      names = "--correlation-chain",
      arity = "0",
      description = "correlate each layer of VGG with the next one, not with itself")
  private Boolean chain;

  /** Whether any flag was given. */
  boolean any() {
    return recipe != null
        || layers != null
        || layerWeights != null
        || shift != null
        || chain != null;
  }

  /** Refuses all of them: there is no VGG. */
  void requireNone() {
    NetworkOptions.requireNone("--recipe", recipe);
    NetworkOptions.requireNone("--layers", layers);
    NetworkOptions.requireNone("--layer-weights", layerWeights);
    NetworkOptions.requireNone("--activation-shift", shift);
    NetworkOptions.requireNone("--correlation-chain", chain);
  }

  /** Refuses what cannot be, whatever the weights have. */
  void check() {
    if (shift != null) {
      Numbers.within("--activation-shift", shift, -1e4, 1e4);
    }
    List<String> names = names();
    if (!names.isEmpty()) {
      weights(names.size());
    } else if (layerWeights != null && !isGeometric()) {
      throw Numbers.usage("--layer-weights must be geometric for all layers, got " + layerWeights);
    }
    if (isChain() && names.size() == 1) {
      throw Numbers.usage("--correlation-chain needs at least two layers, got " + layers);
    }
  }

  /** What the choice is called: a recipe's name, or "custom". */
  String name() {
    return layers == null ? recipe().toString() : "custom";
  }

  /** How many octaves of the picture are looked at. */
  int octaves() {
    return layers != null && recipe == null ? 1 : recipe().octaves();
  }

  /** The taps, some of which the weights may not have. */
  List<TapPoint> taps(Vgg vgg) {
    List<String> names = names().isEmpty() ? vgg.convolutions() : names();
    double[] weights = weights(names.size());
    double added = shift != null ? shift : isInetwork() ? INETWORK_SHIFT : 0;
    List<TapPoint> taps = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int next = isChain() ? i + 1 : i;
      if (next < names.size()) {
        taps.add(new TapPoint(names.get(i), names.get(next), weights[i], added));
      }
    }
    return taps;
  }

  private VggRecipe recipe() {
    return recipe == null ? DEFAULT_RECIPE : recipe;
  }

  private boolean isInetwork() {
    return recipe() == VggRecipe.INETWORK;
  }

  private boolean isChain() {
    return chain != null ? chain : isInetwork();
  }

  private boolean isGeometric() {
    return layerWeights == null ? isInetwork() : layerWeights.strip().equals("geometric");
  }

  /** The layers, in the network's order where they are a chain; empty for all convolutions. */
  private List<String> names() {
    if (layers == null) {
      return recipe().layers();
    }
    if (layers.strip().equals(ALL)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String item : layers.split(",", -1)) {
      String name = item.strip();
      if (!name.matches(LAYER) || !seen.add(name)) {
        throw Numbers.usage(
            "--layers must be different layers like conv1_1,pool2,conv5_1, got '" + layers + "'");
      }
      names.add(name);
    }
    if (isChain()) {
      // a pooling comes after its block's convolutions
      names.sort((a, b) -> place(a).compareTo(place(b)));
    }
    return names;
  }

  private static String place(String layer) {
    return layer.startsWith("pool")
        ? layer.charAt(layer.length() - 1) + "_pool"
        : layer.substring("conv".length());
  }

  /** [layers]; geometric ones as Novak and Nikulin 2016 have them, with a mean of 1. */
  private double[] weights(int count) {
    if (layerWeights != null && !isGeometric()) {
      double[] weights = Numbers.weights("--layer-weights", layerWeights);
      if (weights.length != count) {
        throw Numbers.usage(
            "--layer-weights must be as many numbers as there are layers, %d, got '%s'"
                .formatted(count, layerWeights));
      }
      return weights;
    }
    double[] weights = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = isGeometric() ? StrictMath.scalb(1.0, -i) : 1;
      sum += weights[i];
    }
    for (int i = 0; i < count && isGeometric(); i++) {
      weights[i] *= count / sum;
    }
    return weights;
  }
}
