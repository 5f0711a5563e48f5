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
import java.nio.file.Path;
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

  /** What computes, checked but not opened; says what "auto" chose. */
  Backends.Status chooseBackend(Console console) {
    Backends.Status status = Backends.choose(backend, threadCount());
    if (backend.equals(Backends.AUTO)) {
      console.say("Backend " + status.name() + ": " + status.description());
    }
    return status;
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
    VggFile file = VggFile.read(Path.of(network));
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

  private Layer pooling() {
    if (pool == null || pool.equals("avg")) {
      return new Layer.AveragePool();
    }
    if (pool.equals("max")) {
      return new Layer.MaxPool();
    }
    throw new Failure(ExitCode.USAGE, "--pool must be avg or max, got '%s'".formatted(pool));
  }
}
