package dev.gramloom.cli;

import com.google.gson.JsonObject;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.cli.batch.Companions;
import dev.gramloom.cli.batch.JobCommand;
import dev.gramloom.cli.batch.Made;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.synthesis.Identity;
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
final class SynthCommand implements JobCommand, Callable<Integer> {
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
  @Mixin private ResumeOptions resumeOptions;

  @Option(
      names = "--frames-every",
      paramLabel = "K",
      description = "write every K-th iterate as a picture to frames/")
  private Integer framesEvery;

  @Option(names = "--gif", description = "write the iterations as an animation")
  private boolean gif;

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
    try (StopSignal stop = StopSignal.open()) { // weights take their time to be read, too
      check();
      stop.requireGoingOn();
      try (Workbench bench = Workbench.open(engine.chooseBackend(), engine.threadCount())) {
        run(bench);
      }
    }
    return 0;
  }

  @Override
  public void check() {
    settingsOptions.check();
    networkOptions.check();
    resumeOptions.check();
    networkOptions.choose(store);
    checkFrames();
    ImageFile.requireReadable(exemplarFile);
    settingsOptions.requireReadable();
    checkWritable(outputs());
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
    SynthesisSettings settings = settingsOptions.settings(exemplar.image());
    NetworkRecipe recipe = network.recipe().apply(exemplar.image());
    Identity identity = identity(exemplar, settings, network, recipe, bench.backend());
    try (ResumableRun run = ResumableRun.open(resumeOptions, console, outputs, identity, stop);
        FrameWriter frames = frameWriter(outputs, settings)) {
      if (run.isFinished(companions(outputs))) {
        run.finish();
        tellFinished(outputs);
        return new Made(exemplar.image(), ImageFile.read(outputs.picture()), true);
      }
      stop.requireGoingOn();
      run.begin(settings.schedule().scales(), frames);
      ProgressLine line =
          new ProgressLine(
              console, () -> announce(bench.status(), network), console.onTerminal() && !json);
      SynthesisResult result =
          new Synthesizer(bench.backend(), recipe, settings)
              .run(exemplar.image(), frames.alongside(bench.alongside(line)), run);
      try (var statistics = result.statistics()) {
        write(outputs, result);
        frames.finish(result.picture());
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
    return output == null ? Outputs.forExemplar(exemplarFile) : new Outputs(output);
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
            .with("mask", exemplar.image().mask())
            .with("frames_every", framesEvery)
            .with("gif", gif);
    return RunIdentity.with(network, recipe, settings, run);
  }

  /** What lies beside a finished picture. */
  private List<Path> companions(Outputs outputs) {
    List<Path> files = new ArrayList<>();
    if (!noPreview) {
      files.add(outputs.preview());
    }
    if (gif) {
      files.add(outputs.gif());
    }
    if (framesEvery != null) {
      files.add(outputs.firstFrame());
    }
    return files;
  }

  private void tellFinished(Outputs outputs) {
    if (json) {
      JsonObject report = Companions.readReport(outputs.picture()).orElseGet(JsonObject::new);
      console.result(RunReport.json(report, outputs));
    } else {
      console.say(outputs.picture() + " is finished already; --force makes it again");
    }
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
    List<Path> files = companions(outputs);
    files.addAll(List.of(outputs.picture(), outputs.report(), outputs.checkpoint()));
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
    if (json) {
      console.result(RunReport.json(written, outputs));
    } else if (!quiet) {
      report.measurements().table().forEach(console::result);
      console.result("wrote " + outputs.picture());
    }
  }
}
