package dev.gramloom.cli;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.synthesis.Tiling;
import dev.gramloom.tensor.Edges;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gramloom compare}: how good a texture is, in numbers. */
@Command(
    name = "compare",
    description = "Measures how close a texture is to an exemplar, and whether it tiles.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class CompareCommand implements Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Parameters(index = "0", paramLabel = "CANDIDATE", description = "the texture")
  private Path candidateFile;

  @Parameters(index = "1", paramLabel = "EXEMPLAR", description = "the photograph")
  private Path exemplarFile;

  @Mixin private NetworkOptions networkOptions;
  @Mixin private EngineOptions engine;
  @Mixin private ExemplarScale exemplarScale;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "a picture of the exemplar's size: white = use")
  private Path mask;

  @Option(
      names = "--tile",
      paramLabel = "both|x|y|none",
      defaultValue = "both",
      description = "where the candidate tiles (default: both)")
  private Tiling tile;

  @Option(names = "--json", description = "print one JSON object and nothing else")
  private boolean json;

  CompareCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    if (json) {
      console.beQuiet();
    }
    exemplarScale.check();
    networkOptions.check();
    Backends.Status status = engine.chooseBackend();
    NetworkChoice network = networkOptions.choose(store);
    Image candidate = HoleFill.fill(ImageFile.read(candidateFile));
    Image photograph = Exemplar.read(exemplarFile, mask).image();
    double factor = exemplarScale.factor(false, photograph, shortSide(candidate));
    Image exemplar = Resample.scale(photograph, factor, Edges.REFLECT);
    engine.announce(status, console);
    networkOptions.announce(network, console);
    try (Backend backend = Backends.open(status, engine.resources())) {
      int side = Math.min(shortSide(candidate), shortSide(exemplar));
      TextureStatistics statistics =
          new TextureStatistics(backend, network.recipe().apply(photograph).at(side), exemplar);
      Measurements measurements =
          Measurements.of(backend, candidate, tile.edges(), exemplar, statistics);
      if (json) {
        console.result(measurements.json().toString());
      } else {
        measurements.table().forEach(console::result);
      }
    }
    return 0;
  }

  private static int shortSide(Image image) {
    return Math.min(image.height(), image.width());
  }
}
