package dev.gramloom.cli;

import dev.gramloom.cli.NetworkChoice.VggChoice;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.network.Layer;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.synthesis.VggRecipe;
import dev.gramloom.weights.RandomVgg;
import dev.gramloom.weights.VggWeights;
import dev.gramloom.weights.WeightCatalog;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What looks: the options that choose a network and where it is tapped. */
final class NetworkOptions {
  static final String AUTO = "auto";
  static final String FILTERS = "filters";

  /** The best measured: see VggAcceptanceTest; and what published distances are taken at. */
  private static final VggRecipe DEFAULT_RECIPE = VggRecipe.GATYS;

  /** What "auto" takes where it is installed. */
  private static final String PREFERRED = "vgg19";

  /** A layer that a list may name; both VGGs have fewer. */
  private static final String LAYER = "conv[1-5]_[1-9]|pool[1-5]";

  private enum Pool {
    AVG,
    MAX
  }

  @Option(
      names = "--network",
      paramLabel = "auto|filters|vgg19|vgg16|FILE",
      defaultValue = AUTO,
      description =
          "auto: vgg19 if it is installed, else the built-in filters; or weights by name or file"
              + " (default: auto)")
  private String network;

  @Option(
      names = "--recipe",
      paramLabel = "gatys|pyramid|deeptextures",
      description = "which layers of VGG count, by name (default: gatys)")
  private VggRecipe recipe;

  @Option(
      names = "--layers",
      paramLabel = "LIST",
      description = "which layers of VGG count: conv1_1,pool2,conv4_1")
  private String layers;

  @Option(
      names = "--layer-weights",
      paramLabel = "LIST",
      description = "their weights: 1,1,0.5 (default: 1 each)")
  private String layerWeights;

  @Option(
      names = "--pool",
      paramLabel = "avg|max",
      description = "pooling between VGG's blocks (default: avg)")
  private Pool pool;

  /** Refuses what cannot be, before any file is read. */
  void check() {
    if (network.isBlank()) {
      throw Numbers.usage("--network must be a name or a file, got '" + network + "'");
    }
    if (network.equals(FILTERS)) {
      requireNone("--recipe", recipe);
      requireNone("--layers", layers);
      requireNone("--layer-weights", layerWeights);
      requireNone("--pool", pool);
    }
    taps();
  }

  private static void requireNone(String flag, Object value) {
    if (value != null) {
      throw Numbers.usage(flag + " is for VGG; the built-in filters have nothing to choose");
    }
  }

  /** Says what was found, unless it is just what was asked for. */
  void announce(NetworkChoice choice, Console console) {
    if (!network.equals(FILTERS)) {
      console.say("Network " + choice.description());
    }
  }

  /**
   * The network.
   *
   * @throws Failure if the weights are not there or cannot be used
   */
  NetworkChoice choose(WeightStore store) {
    if (network.equals(FILTERS)) {
      return filters("");
    }
    if (!network.equals(AUTO)) {
      return vgg(network, file(store), store);
    }
    boolean wantsVgg = recipe != null || layers != null || layerWeights != null || pool != null;
    Optional<Path> installed = store.find(PREFERRED);
    if (installed.isPresent()) {
      return vgg(PREFERRED, installed.get(), store);
    }
    if (wantsVgg) {
      throw notInstalled(PREFERRED);
    }
    return filters("; VGG-19 makes better pictures: gramloom weights install " + PREFERRED);
  }

  private static NetworkChoice filters(String hint) {
    String description = FILTERS + ", built in" + hint;
    return new NetworkChoice(FILTERS, description, NetworkRecipe::filters, null);
  }

  private Path file(WeightStore store) {
    Optional<Path> installed = store.find(network);
    if (installed.isPresent()) {
      return installed.get();
    }
    Path file = FileName.of("--network", network);
    if (WeightCatalog.names().contains(network) && !Files.exists(file)) {
      throw notInstalled(network);
    }
    return file;
  }

  private static Failure notInstalled(String name) {
    return new Failure(
        ExitCode.MISSING_INPUT,
        "%s is not installed; run gramloom weights install %s, or gramloom weights import FILE"
            .formatted(name, name));
  }

  /** Whether {@code --network} is this word. */
  boolean asksFor(String name) {
    return network.equals(name);
  }

  /**
   * {@link RandomVgg}, which is good for nothing but measuring time, and so not among what {@link
   * #choose} finds.
   *
   * @throws Failure if VGG-19 has not all the layers
   */
  NetworkChoice random() {
    Vgg vgg =
        new Vgg(
            RandomVgg.NAME,
            RandomVgg.convolutions(),
            RandomVgg::kernel,
            Preprocessing.NONE,
            pooling());
    return tapped(vgg, RandomVgg.NAME, "VGG-19's shapes, random weights", RandomVgg.NAME);
  }

  private NetworkChoice vgg(String name, Path file, WeightStore store) {
    VggWeights weights = store.read(file);
    return tapped(vgg(weights), name, weights.description(), file.toString());
  }

  /**
   * A VGG with the layers that the flags name.
   *
   * @param description what it is, for people
   * @param place where it was found, for a refusal
   */
  private NetworkChoice tapped(Vgg vgg, String name, String description, String place) {
    VggRecipe wanted = recipe();
    List<TapPoint> taps = taps();
    String missing =
        taps.stream()
            .map(TapPoint::layer)
            .filter(layer -> !vgg.reaches(layer))
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "%s: it has no %s; its last layer is %s".formatted(place, missing, vgg.deepest()));
    }
    int octaves = layers != null && recipe == null ? 1 : wanted.octaves();
    String how = layers == null ? wanted.toString() : "custom";
    NetworkRecipe networks = NetworkRecipe.vgg(vgg, taps, octaves);
    return new NetworkChoice(
        name,
        "%s (%s), recipe %s".formatted(name, description, how),
        exemplar -> networks,
        new VggChoice(how, pool == Pool.MAX ? "max" : "avg", octaves, taps));
  }

  private Vgg vgg(VggWeights weights) {
    Preprocessing preprocessing =
        switch (weights.convention()) {
          case CAFFE_BGR -> Preprocessing.CAFFE_BGR;
          case TORCHVISION_RGB -> Preprocessing.TORCHVISION_RGB;
          case NONE -> Preprocessing.NONE;
        };
    return new Vgg(
        "vgg conv1_1 sha256 " + weights.fingerprint(),
        weights.convolutions().stream().map(VggWeights.Convolution::name).toList(),
        weights::kernel,
        preprocessing,
        pooling());
  }

  private Layer pooling() {
    return pool == Pool.MAX ? new Layer.MaxPool() : new Layer.AveragePool();
  }

  private VggRecipe recipe() {
    return recipe == null ? DEFAULT_RECIPE : recipe;
  }

  private List<TapPoint> taps() {
    List<String> names = layers == null ? recipe().layers() : List.of(layers.split(",", -1));
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!name.strip().matches(LAYER) || !seen.add(name.strip())) {
        throw Numbers.usage(
            "--layers must be different layers like conv1_1,pool2,conv5_1, got '" + layers + "'");
      }
    }
    double[] weights =
        layerWeights == null ? null : Numbers.weights("--layer-weights", layerWeights);
    if (weights != null && weights.length != names.size()) {
      throw Numbers.usage(
          "--layer-weights must be as many numbers as there are layers, %d, got '%s'"
              .formatted(names.size(), layerWeights));
    }
    List<TapPoint> taps = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      taps.add(new TapPoint(names.get(i).strip(), weights == null ? 1 : weights[i]));
    }
    return taps;
  }
}
