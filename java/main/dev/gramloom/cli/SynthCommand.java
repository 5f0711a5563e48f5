package dev.gramloom.cli;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.NetworkRecipe;
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
final class SynthCommand implements Callable<Integer> {
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
    outputOptions.check(console);
    try (StopSignal stop = StopSignal.open()) {
      synthesize(stop);
    }
    return 0;
  }

  private void check() {
    settingsOptions.check();
    networkOptions.check();
    resumeOptions.check();
    if (!guide.isEmpty() && guide.size() != 2) {
      throw Numbers.usage("--guide must be two maps, SOURCE_MAP,TARGET_MAP, got " + guide.size());
    }
    if (!guide.isEmpty()) {
      settingsOptions.requireGrams("--guide");
    }
  }

  private void synthesize(StopSignal stop) {
    check();
    Backends.Status status = engine.chooseBackend();
    Outputs outputs = outputOptions.outputs(Outputs.forExemplar(exemplarFile));
    List<Path> inputs = new ArrayList<>(settingsOptions.inputs(exemplarFile));
    inputs.addAll(guide);
    outputOptions.checkWritable(outputs, inputs);
    NetworkChoice network = networkOptions.choose(store);
    Exemplar exemplar = Exemplar.read(exemplarFile, settingsOptions.mask);
    SynthesisSettings settings = settingsOptions.settings(exemplar.image());
    List<Part> parts =
        guide.isEmpty()
            ? List.of()
            : GuideMaps.read(exemplar.image(), guide.get(0), guide.get(1)).parts();
    NetworkRecipe recipe = network.recipe().apply(exemplar.image());
    try (Backend backend = Backends.open(status, engine.threadCount())) {
      Identity identity =
          identity(exemplar, settings, network, recipe, backend).with("guide", parts);
      try (ResumableRun run = ResumableRun.open(resumeOptions, console, outputs, identity, stop);
          FrameWriter frames = outputOptions.frameWriter(outputs, settings, 1)) {
        if (run.isFinished(outputOptions.companions(outputs))) {
          run.finish();
          outputOptions.tellFinished(console, outputs);
          return;
        }
        run.begin(settings.schedule().scales(), frames);
        ProgressLine line =
            new ProgressLine(
                console,
                () -> announce(status, network),
                console.onTerminal() && !outputOptions.json());
        Synthesizer synthesizer = new Synthesizer(backend, recipe, settings);
        SynthesisResult result =
            parts.isEmpty()
                ? synthesizer.run(exemplar.image(), frames.alongside(line), run)
                : synthesizer.run(exemplar.image(), parts, frames.alongside(line), run);
        write(outputs, result);
        frames.finish(result.picture());
        frames.publish();
        report(outputs, exemplar, settings, network, status, backend, result, identity);
        run.finish();
      }
    }
  }

  private Identity identity(
      Exemplar exemplar,
      SynthesisSettings settings,
      NetworkChoice network,
      NetworkRecipe recipe,
      Backend backend) {
    Identity inputs =
        outputOptions.addTo(
            Identity.of(settings)
                .with("command", "synth")
                .with("version", GramloomCommand.Version.current())
                .with("exemplar", exemplar.sha256())
                .with("mask", exemplar.image().mask())
                .with("backend", backend.name() + " on " + backend.machine()));
    return network.addTo(inputs, recipe, settings.schedule().finest().shortSide());
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

  private void report(
      Outputs outputs,
      Exemplar exemplar,
      SynthesisSettings settings,
      NetworkChoice network,
      Backends.Status status,
      Backend backend,
      SynthesisResult result,
      Identity identity) {
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
            words,
            exemplar,
            settings,
            network,
            status,
            engine.threadCount(),
            result,
            measurements,
            identity);
    report.write(outputs);
    if (outputOptions.json()) {
      console.result(report.json(outputs));
    } else if (!outputOptions.quiet()) {
      measurements.table().forEach(console::result);
      console.result("wrote " + outputs.picture());
    }
  }
}
