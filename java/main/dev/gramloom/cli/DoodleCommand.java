package dev.gramloom.cli;

import dev.gramloom.cli.batch.JobCommand;
import dev.gramloom.cli.batch.Made;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.Transfer;
import dev.gramloom.synthesis.Transfer.Style;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gramloom doodle}: a rough map painted with the parts of a picture. */
@Command(
    name = "doodle",
    description = "Paints a map in few colours with the parts of a picture.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class DoodleCommand implements JobCommand, Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STYLE", description = "the picture whose parts to paint with")
  private Path styleFile;

  @Option(
      names = "--style-map",
      required = true,
      paramLabel = "MAP",
      description = "a picture of the style's size: each part in a colour of its own")
  private Path styleMap;

  @Option(
      names = "--target-map",
      required = true,
      paramLabel = "MAP",
      description = "what to paint: the same colours, where each part is to be")
  private Path targetMap;

  @Option(
      names = "--content",
      paramLabel = "FILE",
      description = "what the picture shows besides, of the target map's proportions")
  private Path contentFile;

  @Mixin private PaintOptions paint;
  @Mixin private NetworkOptions networkOptions;
  @Mixin private EngineOptions engine;
  @Mixin private OutputOptions outputOptions;

  DoodleCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    outputOptions.beginOn(console);
    return engine.runAlone(this);
  }

  @Override
  public void check() {
    outputOptions.check();
    outputOptions.series().requireNoMetric();
    paint.check(networkOptions, contentFile != null);
    paint.requireGrams("--style-map");
    networkOptions.check();
    networkOptions.choose(store);
    List<Path> inputs = new ArrayList<>(List.of(styleFile, styleMap, targetMap));
    inputs.addAll(paint.inputs());
    if (contentFile != null) {
      inputs.add(contentFile);
    }
    inputs.forEach(ImageFile::requireReadable);
    outputOptions.checkWritable(outputs(), inputs);
  }

  @Override
  public Made run(Workbench bench) {
    try (StopSignal stop = StopSignal.open()) {
      NetworkChoice network = networkOptions.choose(store);
      stop.requireGoingOn();
      PaintRun.Job job = job(paint.contentWeight(network));
      return new PaintRun(console, engine, networkOptions, outputOptions, paint, network)
          .paint(job, outputs(), bench, stop);
    }
  }

  private Outputs outputs() {
    return outputOptions.outputs(Outputs.forTransfer(targetMap, styleFile));
  }

  private PaintRun.Job job(double contentWeight) {
    Exemplar style = Exemplar.read(styleFile, null);
    GuideMaps maps = GuideMaps.read(style.image(), styleMap, targetMap);
    Exemplar content = contentFile == null ? null : Exemplar.read(contentFile, null);
    Image shown = content == null ? null : HoleFill.fill(content.image());
    if (shown != null) {
      requireLike(shown, maps.target());
    }
    SynthesisSettings settings = paint.settings(maps.target(), shown);
    double scale = paint.scale(style.image(), settings.schedule());
    Style painted = new Style(style.image(), scale, 1, maps.parts());
    Transfer transfer = new Transfer(shown, null, contentWeight, List.of(painted));
    List<String> words = spec.commandLine().getParseResult().originalArgs();
    return new PaintRun.Job("doodle", words, content, List.of(style), settings, List.of(transfer));
  }

  private void requireLike(Image content, Image map) {
    double stretch =
        (double) content.width() * map.height() / ((double) content.height() * map.width());
    if (Math.abs(stretch - 1) > 0.02) {
      throw new Failure(
          ExitCode.USAGE,
          "the content must have the target map's proportions, %d x %d, but %s is %d x %d"
              .formatted(
                  map.width(), map.height(), contentFile, content.width(), content.height()));
    }
  }
}
