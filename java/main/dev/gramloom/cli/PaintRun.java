package dev.gramloom.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.backend.Backend;
import dev.gramloom.cli.batch.Made;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.synthesis.Progress;
import dev.gramloom.synthesis.SeriesCheckpoints;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.Synthesizer;
import dev.gramloom.synthesis.Transfer;
import dev.gramloom.synthesis.TransferResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A run of transfer or doodle, when everything is read and checked.
 *
 * @param console where words go
 * @param engine options
 * @param networkOptions options
 * @param outputOptions options
 * @param paint options
 * @param network that was chosen
 */
record PaintRun(
    Console console,
    EngineOptions engine,
    NetworkOptions networkOptions,
    OutputOptions outputOptions,
    PaintOptions paint,
    NetworkChoice network) {

  /**
   * What to paint.
   *
   * @param command that asks for it
   * @param arguments as given
   * @param content what to show; null for nothing
   * @param styles in the order given
   * @param settings every one with its value
   * @param series content and styles, weighted and masked: one for each picture
   */
  record Job(
      String command,
      List<String> arguments,
      Exemplar content,
      List<Exemplar> styles,
      SynthesisSettings settings,
      List<Transfer> series) {
    /** The picture that it is about. */
    Image input() {
      return (content == null ? styles.get(0) : content).image();
    }
  }

  /** Paints, writes and reports; the last of a series is the result. */
  Made paint(Job job, Outputs outputs, Workbench bench, StopSignal stop) {
    NetworkRecipe recipe = network.recipe().apply(job.series.get(0).palette());
    Identity identity = identity(job, recipe, bench.backend());
    try (ResumableRun run =
            ResumableRun.open(paint.resumeOptions(), console, outputs, identity, stop);
        FrameWriter frames = outputOptions.frameWriter(outputs, job.settings, job.series.size())) {
      if (run.isFinished(outputOptions.companions(outputs))) {
        run.finish();
        outputOptions.tellFinished(console, outputs);
        return new Made(job.input(), ImageFile.read(outputs.picture()), true);
      }
      stop.requireGoingOn();
      Series watch = outputOptions.series().watch(job.settings, null);
      run.begin(legs(job), job.settings.method(), frames, watch);
      Progress progress = frames.alongside(bench.listener()).then(watch);
      TransferResult result = series(job, recipe, bench, progress, run, frames);
      ImageFile.write(result.picture(), outputs.picture());
      if (outputOptions.preview()) {
        ImageFile.write(preview(result), outputs.preview());
      }
      watch.write(outputs, console, best -> paint.colored(best, result.content()));
      frames.publish();
      JsonObject report = report(job, result, identity, bench, outputs);
      RunReport.write(report, outputs.report());
      outputOptions.tell(console, outputs, report, losses(result));
      run.finish();
      return new Made(job.input(), result.picture(), false);
    }
  }

  /** The scales of all pictures, one after the other. */
  private static List<Scale> legs(Job job) {
    List<Scale> scales = job.settings.schedule().scales();
    return Collections.nCopies(job.series.size(), scales).stream().flatMap(List::stream).toList();
  }

  /** Paints what is left of the series. */
  private TransferResult series(
      Job job,
      NetworkRecipe recipe,
      Workbench bench,
      Progress progress,
      ResumableRun run,
      FrameWriter frames) {
    SeriesCheckpoints kept = new SeriesCheckpoints(run, job.settings.schedule().scales().size());
    TransferResult result = null;
    for (Transfer transfer : job.series.subList(kept.behind(), job.series.size())) {
      Progress line = outputOptions.progress(console, () -> announce(bench));
      TransferResult painted =
          new Synthesizer(bench.backend(), recipe, job.settings)
              .run(transfer, line.then(progress), kept.next());
      kept.ended(painted.scales());
      result = painted.with(paint.colored(painted.picture(), painted.content()));
      frames.finish(result.picture());
    }
    return result;
  }

  private Identity identity(Job job, NetworkRecipe recipe, Backend backend) {
    JsonObject flags = new JsonObject();
    paint.describe(flags, network);
    Identity run =
        RunIdentity.of(job.command, job.settings, backend)
            .with("series", job.series)
            .with("flags", flags.toString());
    return RunIdentity.with(network, recipe, job.settings, outputOptions.addTo(run));
  }

  private void announce(Workbench bench) {
    engine.announce(bench.status(), console);
    networkOptions.announce(network, console);
  }

  private static Image preview(TransferResult result) {
    List<Image> row = new ArrayList<>();
    if (result.content() != null) {
      row.add(result.content());
    }
    row.addAll(result.styles());
    row.add(result.picture());
    return Preview.row(row);
  }

  private static List<String> losses(TransferResult result) {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%-28s %.5f", "style loss", result.styleLoss()));
    if (result.content() != null) {
      lines.add(String.format(Locale.ROOT, "%-28s %.5f", "content loss", result.contentLoss()));
    }
    return lines;
  }

  private JsonObject report(
      Job job, TransferResult result, Identity identity, Workbench bench, Outputs outputs) {
    JsonObject tree = RunReport.head(job.arguments, job.settings, identity, outputs);
    JsonObject settings = RunReport.settingsTree(job.settings);
    paint.describe(settings, network);
    tree.add("settings", settings);
    if (job.content != null) {
      tree.add("content", RunReport.pictureTree(job.content));
    }
    JsonArray styles = new JsonArray();
    job.styles.forEach(style -> styles.add(RunReport.pictureTree(style)));
    tree.add("styles", styles);
    tree.add("network", RunReport.networkTree(network, result.network()));
    tree.add("backend", RunReport.backendTree(bench));
    tree.addProperty("planned_mib", result.memory().needed());
    tree.add("scales", RunReport.scalesTree(result.scales()));
    tree.addProperty("style_loss", result.styleLoss());
    tree.addProperty("content_loss", result.contentLoss());
    return tree;
  }
}
