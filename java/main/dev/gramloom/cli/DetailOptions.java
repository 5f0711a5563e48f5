package dev.gramloom.cli;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.loss.GramNormalization;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.SynthesisResult;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Synthesizer;
import dev.gramloom.synthesis.Tiling;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** {@code finish --detail}: the synthesis once more, from the enlarged picture, at its new size. */
final class DetailOptions {
  private static final Set<String> FLAGS =
      Set.of(
          "--iterations",
          "--seed",
          "--exemplar-scale",
          "--network",
          "--recipe",
          "--layers",
          "--layer-weights",
          "--activation-shift",
          "--correlation-chain",
          "--pool",
          "--backend",
          "--threads");

  @Option(
      names = "--detail",
      paramLabel = "EXEMPLAR",
      description = "give an enlarged texture this photograph's detail; the flags below are for it")
  private Path exemplarFile;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "60",
      description = "iterations at the new size (default: 60)")
  private int iterations;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "of the noise")
  private long seed;

  @Mixin private ExemplarScale exemplarScale;
  @Mixin private NetworkOptions networkOptions;
  @Mixin private EngineOptions engine;

  /** The exemplar's file, or null where no detail is asked for. */
  Path exemplarFile() {
    return exemplarFile;
  }

  /** Refuses what cannot be, before any file is read. */
  void check(ParseResult flags, boolean resizes) {
    if (exemplarFile == null) {
      for (String flag : FLAGS.stream().sorted().toList()) {
        if (flags.hasMatchedOption(flag)) {
          throw Numbers.usage(flag + " is for --detail EXEMPLAR, which is not given");
        }
      }
      return;
    }
    if (!resizes) {
      throw Numbers.usage("--detail needs a new size: --upscale or --resize");
    }
    Numbers.within("--iterations", iterations, 1, 100_000);
    exemplarScale.check();
    networkOptions.check();
    engine.chooseBackend();
  }

  /**
   * Everything that a run needs, read and checked.
   *
   * @return what makes the picture
   */
  Pass prepare(WeightStore store, Console console) {
    Backends.Status status = engine.chooseBackend();
    NetworkChoice network = networkOptions.choose(store);
    Image exemplar = ImageFile.read(exemplarFile);
    return (picture, width, height, tiling) -> {
      Scale scale = new Scale(width, height, iterations);
      SynthesisSettings settings =
          new SynthesisSettings(
              new ScaleSchedule(List.of(scale)),
              seed,
              tiling,
              new Start.Picture(picture, true),
              exemplarScale.factor(true, exemplar, scale.shortSide()),
              1,
              GramNormalization.RELATIVE,
              0,
              true,
              Method.LBFGS);
      Runnable opening =
          () -> {
            engine.announce(status, console);
            networkOptions.announce(network, console);
          };
      try (Backend backend = Backends.open(status, engine.resources())) {
        SynthesisResult result =
            new Synthesizer(backend, network.recipe().apply(exemplar), settings)
                .run(exemplar, new ProgressLine(console, opening, console.onTerminal()));
        result.statistics().close();
        return result.picture();
      }
    };
  }

  /** From a picture to the one of another size with detail. */
  @FunctionalInterface
  interface Pass {
    Image apply(Image picture, int width, int height, Tiling tiling);
  }
}
