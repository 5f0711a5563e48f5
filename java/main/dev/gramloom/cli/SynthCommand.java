package dev.gramloom.cli;

import com.google.gson.JsonObject;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.cli.batch.JobCommand;
import dev.gramloom.cli.batch.Made;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.image.ColorMatch;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.synthesis.Progress;
import dev.gramloom.synthesis.SynthesisResult;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.Synthesizer;
import dev.gramloom.synthesis.Transfer.Part;
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
final class SynthCommand implements JobCommand, Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "EXEMPLAR", description = "the photograph")
  private Path exemplarFile;

  @Option(
      names = "--guide",
      split = ",",
      paramLabel = "SOURCE_MAP,TARGET_MAP",
      description =
          "two maps in the same few colours: where the exemplar's parts are, and where they are"
              + " to go; the result is the second one's texture")
  private List<Path> guide = List.of();

  @Mixin private SettingsOptions settingsOptions;
  @Mixin private NetworkOptions networkOptions;
  @Mixin private EngineOptions engine;
  @Mixin private OutputOptions outputOptions;
  @Mixin private ResumeOptions resumeOptions;

  SynthCommand(Console console, WeightStore store) {
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
    settingsOptions.check();
    networkOptions.check();
    resumeOptions.check();
    outputOptions.check();
    if (!guide.isEmpty()) {
      if (guide.size() != 2) {
        throw Numbers.usage("--guide must be two maps, SOURCE_MAP,TARGET_MAP, got " + guide.size());
      }
      settingsOptions.requireGrams("--guide");
    }
    networkOptions.choose(store);
    List<Path> inputs = new ArrayList<>(settingsOptions.inputs(exemplarFile));
    inputs.addAll(guide);
    inputs.forEach(ImageFile::requireReadable);
    outputOptions.checkWritable(outputs(), inputs);
  }

  @Override
  public Made run(Workbench bench) {
    try (StopSignal stop = StopSignal.open()) {
      return synthesize(bench, stop);
    }
  }

  private Made synthesize(Workbench bench, StopSignal stop) {
    Outputs outputs = outputs();
    NetworkChoice network = networkOptions.choose(store);
    stop.requireGoingOn();
    Exemplar exemplar = Exemplar.read(exemplarFile, settingsOptions.mask);
    boolean ofFilters = network.vgg() == null && guide.isEmpty();
    SynthesisSettings settings = settingsOptions.settings(exemplar.image(), ofFilters);
    List<Part> parts =
        guide.isEmpty()
            ? List.of()
            : GuideMaps.read(exemplar.image(), guide.get(0), guide.get(1)).parts();
    NetworkRecipe recipe = network.recipe().apply(exemplar.image());
    Identity identity =
        identity(exemplar, settings, network, recipe, bench.backend()).with("guide", parts);
    try (ResumableRun run = ResumableRun.open(resumeOptions, console, outputs, identity, stop);
        FrameWriter frames = outputOptions.frameWriter(outputs, settings, 1)) {
      if (run.isFinished(outputOptions.companions(outputs))) {
        run.finish();
        outputOptions.tellFinished(console, outputs);
        return new Made(exemplar.image(), ImageFile.read(outputs.picture()), true);
      }
      stop.requireGoingOn();
      Series series = outputOptions.series().watch(settings, exemplar.image());
      run.begin(settings.schedule().scales(), settings.method(), frames, series);
      Progress line = outputOptions.progress(console, () -> announce(bench.status(), network));
      Progress progress = frames.alongside(bench.alongside(line)).then(series);
      Synthesizer synthesizer = new Synthesizer(bench.backend(), recipe, settings);
      SynthesisResult result =
          parts.isEmpty()
              ? synthesizer.run(exemplar.image(), progress, run)
              : synthesizer.run(exemplar.image(), parts, progress, run);
      try (var statistics = result.statistics()) {
        write(outputs, result);
        boolean matched = settings.matchColors() && parts.isEmpty();
        series.write(
            outputs, console, best -> matched ? ColorMatch.match(best, result.exemplar()) : best);
        frames.finish(result.picture());
        frames.publish();
        Measurements measurements = measured(bench.backend(), settings, result, statistics);
        report(
            outputs,
            new RunReport(
                words(), exemplar, settings, network, bench, result, measurements, identity));
      }
      run.finish();
      return new Made(result.exemplar(), result.picture(), false);
    }
  }

  private Outputs outputs() {
    return outputOptions.outputs(Outputs.forExemplar(exemplarFile));
  }

  private Identity identity(
      Exemplar exemplar,
      SynthesisSettings settings,
      NetworkChoice network,
      NetworkRecipe recipe,
      Backend backend) {
    Identity run =
        RunIdentity.of("synth", settings, backend)
            .with("exemplar", exemplar.sha256())
            .with("mask", exemplar.image().mask());
    return RunIdentity.with(network, recipe, settings, outputOptions.addTo(run));
  }

  private void announce(Backends.Status status, NetworkChoice network) {
    engine.announce(status, console);
    networkOptions.announce(network, console);
  }

  private void write(Outputs outputs, SynthesisResult result) {
    ImageFile.write(result.picture(), outputs.picture());
    if (outputOptions.preview()) {
      Image preview = Preview.compose(result.exemplar(), result.picture(), 3, 3);
      ImageFile.write(preview, outputs.preview());
    }
  }

  private static Measurements measured(
      Backend backend,
      SynthesisSettings settings,
      SynthesisResult result,
      TextureStatistics statistics) {
    return Measurements.of(
        backend, result.picture(), settings.tiling().edges(), result.exemplar(), statistics);
  }

  private List<String> words() {
    return spec.commandLine().getParseResult().originalArgs();
  }

  private void report(Outputs outputs, RunReport report) {
    JsonObject written = report.write(outputs);
    outputOptions.tell(console, outputs, written, report.measurements().table());
  }
}
