package dev.gramloom.cli;

import dev.gramloom.cli.NetworkChoice.VggChoice;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.network.Layer;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.weights.RandomVgg;
import dev.gramloom.weights.VggWeights;
import dev.gramloom.weights.WeightCatalog;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What looks: the options that choose a network and where it is tapped. */
final class NetworkOptions {
  static final String AUTO = "auto";
  static final String FILTERS = "filters";

  /** What "auto" takes, the first that is installed. */
  private static final List<String> PREFERRED = List.of("vgg19", "vgg16");

  private enum Pool {
    AVG,
    MAX
  }

  @Option(
      names = "--network",
      paramLabel = "auto|filters|vgg19|vgg16|FILE",
      defaultValue = AUTO,
      description =
          "auto: vgg19 or else vgg16 if it is installed, else the built-in filters; or weights by"
              + " name or file (default: auto)")
  private String network;

  @Mixin private TapOptions tapOptions;

  @Option(
      names = "--pool",
      paramLabel = "avg|max",
      description = "pooling between VGG's blocks (default: avg)")
  private Pool pool;

  private List<String> contents = List.of();

  /**
   * Wants the layers that say what a picture shows, too.
   *
   * @param layers of a VGG; the filters have their own
   */
  void lookAtContent(List<String> layers) {
    contents = List.copyOf(layers);
  }

  /** Refuses what cannot be, before any file is read. */
  void check() {
    if (network.isBlank()) {
      throw Numbers.usage("--network must be a name or a file, got '" + network + "'");
    }
    if (network.equals(FILTERS)) {
      tapOptions.requireNone();
      requireNone("--pool", pool);
    }
    tapOptions.check();
  }

  /**
   * @throws Failure USAGE if a flag is there that only a VGG has
   */
  static void requireNone(String flag, Object value) {
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
    boolean wantsVgg = tapOptions.any() || pool != null;
    for (String name : PREFERRED) {
      Optional<Path> installed = store.find(name);
      if (installed.isPresent()) {
        return vgg(name, installed.get(), store);
      }
    }
    String best = PREFERRED.get(0);
    if (wantsVgg) {
      throw notInstalled(best);
    }
    return filters("; VGG-19 makes better pictures: gramloom weights install " + best);
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
    List<TapPoint> taps = tapOptions.taps(vgg);
    String missing =
        Stream.concat(
                taps.stream().flatMap(tap -> Stream.of(tap.layer(), tap.deeper())),
                contents.stream())
            .filter(layer -> !vgg.reaches(layer))
            .distinct()
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "%s: it has no %s; its last layer is %s".formatted(place, missing, vgg.deepest()));
    }
    int octaves = tapOptions.octaves();
    String how = tapOptions.name();
    NetworkRecipe networks = NetworkRecipe.vgg(vgg, taps, contents, octaves);
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
}
