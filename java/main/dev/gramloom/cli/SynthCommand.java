package dev.gramloom.cli;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.synthesis.SynthesisResult;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.Synthesizer;
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

/** {@code gramloom synth}: a seamless texture from one photograph. */
@Command(
    name = "synth",
    description = "Makes a seamless texture from one photograph.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class SynthCommand implements Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "EXEMPLAR", description = "the photograph")
  private Path exemplarFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "PNG, JPEG, TGA or BMP (default: out/<exemplar>.png)")
  private Path output;

  @Mixin private SettingsOptions settingsOptions;
  @Mixin private NetworkOptions networkOptions;
  @Mixin private EngineOptions engine;

  @Option(
      names = "--frames-every",
      paramLabel = "K",
      description = "write every K-th iterate as a picture to frames/")
  private Integer framesEvery;

  @Option(names = "--gif", description = "write the iterations as an animation")
  private boolean gif;

  @Mixin private SeriesOptions seriesOptions;

  @Option(names = "--no-preview", description = "do not write the picture of the tiling")
  private boolean noPreview;

  @Option(names = "--json", description = "print one JSON object, and nothing else, at the end")
  private boolean json;

  @Option(names = "--quiet", description = "say nothing but errors")
  private boolean quiet;

  SynthCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    if (quiet) {
      console.beQuiet();
    }
    settingsOptions.check();
    networkOptions.check();
    checkFrames();
    seriesOptions.check();
    Backends.Status status = engine.chooseBackend();
    Outputs outputs = output == null ? Outputs.forExemplar(exemplarFile) : new Outputs(output);
    checkWritable(outputs);
    NetworkChoice network = networkOptions.choose(store);
    Exemplar exemplar = Exemplar.read(exemplarFile, settingsOptions.mask);
    SynthesisSettings settings = settingsOptions.settings(exemplar.image());
    try (Backend backend = Backends.open(status, engine.threadCount());
        FrameWriter frames = frameWriter(outputs, settings)) {
      NetworkRecipe recipe = network.recipe().apply(exemplar.image());
      ProgressLine line =
          new ProgressLine(console, () -> announce(status, network), console.onTerminal() && !json);
      SeriesOptions.Series series = seriesOptions.watch(settings, exemplar.image());
      SynthesisResult result =
          new Synthesizer(backend, recipe, settings)
              .run(exemplar.image(), series.alongside(frames.alongside(line)));
      write(outputs, result);
      series.write(outputs, console);
      frames.finish(result.picture());
      report(outputs, exemplar, settings, network, status, backend, result);
    }
    return 0;
  }

  private void announce(Backends.Status status, NetworkChoice network) {
    engine.announce(status, console);
    networkOptions.announce(network, console);
  }

  private void checkFrames() {
    if (framesEvery != null && framesEvery < 1) {
      throw Numbers.usage("--frames-every must be at least 1, got " + framesEvery);
    }
  }

  /** Everything that will be written can be, before any long work. */
  private void checkWritable(Outputs outputs) {
    ImageFile.requireWritable(outputs.picture());
    List<Path> files = new ArrayList<>(List.of(outputs.picture(), outputs.report()));
    if (!noPreview) {
      files.add(outputs.preview());
    }
    if (gif) {
      files.add(outputs.gif());
    }
    if (framesEvery != null) {
      files.add(outputs.firstFrame());
    }
    files.addAll(seriesOptions.files(outputs));
    files.forEach(AtomicFile::requireWritable);
    for (Path input : settingsOptions.inputs(exemplarFile)) {
      files.forEach(file -> Outputs.requireOther(input, file));
      if (framesEvery != null) {
        outputs.requireNoFrame(input);
      }
    }
  }

  private FrameWriter frameWriter(Outputs outputs, SynthesisSettings settings) {
    return new FrameWriter(
        outputs, settings.schedule(), settings.tiling().edges(), framesEvery, gif);
  }

  private void write(Outputs outputs, SynthesisResult result) {
    ImageFile.write(result.picture(), outputs.picture());
    if (!noPreview) {
      Image preview = Preview.compose(result.exemplar(), result.picture(), 3, 3);
      ImageFile.write(preview, outputs.preview());
    }
  }

  private void report(
      Outputs outputs,
      Exemplar exemplar,
      SynthesisSettings settings,
      NetworkChoice network,
      Backends.Status status,
      Backend backend,
      SynthesisResult result) {
    Measurements measurements =
        Measurements.of(
            backend,
            result.picture(),
            settings.tiling().edges(),
            result.exemplar(),
            result.statistics());
    List<String> words = spec.commandLine().getParseResult().originalArgs();
    RunReport report =
        new RunReport(
            words, exemplar, settings, network, status, engine.threadCount(), result, measurements);
    report.write(outputs.report());
    if (json) {
      console.result(report.json(outputs));
    } else if (!quiet) {
      measurements.table().forEach(console::result);
      console.result("wrote " + outputs.picture());
    }
  }
}
