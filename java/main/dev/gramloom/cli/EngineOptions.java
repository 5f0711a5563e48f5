package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.network.Layer;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.weights.VggFile;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** What computes and what looks: the options that every measuring command shares. */
final class EngineOptions {
  private static final String FILTERS = "filters";

  @Option(
      names = "--network",
      paramLabel = "filters|FILE",
      defaultValue = FILTERS,
      description = "the built-in filter bank, or VGG weights in safetensors (default: filters)")
  String network;

  @Option(
      names = "--pool",
      paramLabel = "avg|max",
      description = "pooling between VGG's blocks (default: avg)")
  String pool;

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|reference",
      defaultValue = Backends.AUTO,
      description = "what computes (default: ${DEFAULT-VALUE})")
  String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of the CPU backend (default: all cores); results do not depend on it")
  Integer threads;

  /** Threads to use, at least 1. */
  int threadCount() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1 || threads > 1024) {
      throw new Failure(ExitCode.USAGE, "--threads must be from 1 to 1024, got " + threads);
    }
    return threads;
  }

  /** What computes, checked but not opened. */
  Backends.Status chooseBackend() {
    return Backends.choose(backend, threadCount());
  }

  /** Says what "auto" chose. */
  void announce(Backends.Status status, Console console) {
    if (backend.equals(Backends.AUTO)) {
      console.say("Backend " + status.name() + ": " + status.description());
    }
  }

  /**
   * The network, from the exemplar once that is read.
   *
   * @throws Failure if the weights cannot be used
   */
  Function<Image, NetworkRecipe> chooseNetwork() {
    if (network.equals(FILTERS)) {
      if (pool != null) {
        throw new Failure(
            ExitCode.USAGE, "--pool is for VGG; the built-in network has no pooling to choose");
      }
      return NetworkRecipe::filters;
    }
    Layer pooling = pooling();
    VggFile file = VggFile.read(FileName.of("--network", network));
    Preprocessing preprocessing =
        switch (file.convention()) {
          case CAFFE_BGR -> Preprocessing.CAFFE_BGR;
          case TORCHVISION_RGB -> Preprocessing.TORCHVISION_RGB;
          case NONE -> Preprocessing.NONE;
        };
    NetworkRecipe recipe =
        NetworkRecipe.fixed(Vgg.network(file.identity(), file.kernels(), preprocessing, pooling));
    return exemplar -> recipe;
  }

  /** VGG's pooling, or null where there is nothing to choose. */
  String poolName() {
    return network.equals(FILTERS) ? null : pool == null ? "avg" : pool;
  }

  private Layer pooling() {
    return switch (poolName()) {
      case "avg" -> new Layer.AveragePool();
      case "max" -> new Layer.MaxPool();
      default -> throw Numbers.usage("--pool must be avg or max, got '" + pool + "'");
    };
  }
}
