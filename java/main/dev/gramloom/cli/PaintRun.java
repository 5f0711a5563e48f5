package dev.gramloom.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import dev.gramloom.synthesis.Checkpoints;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.NetworkRecipe;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.Synthesizer;
import dev.gramloom.synthesis.Transfer;
import dev.gramloom.synthesis.TransferResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A run of transfer or doodle, when everything is read and checked.
 *
 * @param console where words go
 * @param engine options
 * @param status of the backend that was chosen
 * @param networkOptions options
 * @param network that was chosen
 */
record PaintRun(
    Console console,
    EngineOptions engine,
    Backends.Status status,
    NetworkOptions networkOptions,
    NetworkChoice network) {

  /**
   * What to paint.
   *
   * @param arguments as given
   * @param content what to show; null for nothing
   * @param styles in the order given
   * @param settings every one with its value
   * @param series content and styles, weighted and masked: one for each picture
   */
  record Job(
      List<String> arguments,
      Exemplar content,
      List<Exemplar> styles,
      SynthesisSettings settings,
      List<Transfer> series) {}

  /** Paints, writes and reports; the last of a series is the result. */
  void paint(Job job, Outputs outputs, OutputOptions options, PaintOptions paint) {
    try (StopSignal stop = StopSignal.open();
        Backend backend = Backends.open(status, engine.threadCount())) {
      NetworkRecipe recipe = network.recipe().apply(job.series.get(0).palette());
      Identity identity = identity(job, options, paint, recipe, backend);
      try (ResumableRun run =
              ResumableRun.open(paint.resumeOptions(), console, outputs, identity, stop);
          FrameWriter frames = options.frameWriter(outputs, job.settings, job.series.size())) {
        if (run.isFinished(options.companions(outputs))) {
          run.finish();
          options.tellFinished(console, outputs);
          return;
        }
        boolean one = job.series.size() == 1;
        if (one) {
          run.begin(job.settings.schedule().scales(), frames);
        }
        TransferResult result = null;
        Image picture = null;
        for (Transfer transfer : job.series) {
          ProgressLine line =
              new ProgressLine(console, this::announce, console.onTerminal() && !options.json());
          result =
              new Synthesizer(backend, recipe, job.settings)
                  .run(transfer, frames.alongside(line), one ? run : Checkpoints.NONE);
          picture = paint.colored(result.picture(), result.content());
          frames.finish(picture);
        }
        ImageFile.write(picture, outputs.picture());
        if (options.preview()) {
          ImageFile.write(preview(result, picture), outputs.preview());
        }
        frames.publish();
        JsonObject report = report(job, paint, result, identity, outputs);
        RunReport.write(report, outputs.report());
        run.finish();
        if (options.json()) {
          console.result(RunReport.json(report, outputs));
        } else if (!options.quiet()) {
          say(result);
          console.result("wrote " + outputs.picture());
        }
      }
    }
  }

  private Identity identity(
      Job job, OutputOptions options, PaintOptions paint, NetworkRecipe recipe, Backend backend) {
    JsonObject flags = new JsonObject();
    paint.describe(flags);
    Identity inputs =
        options
            .addTo(Identity.of(job.settings))
            .with("command", "transfer")
            .with("version", GramloomCommand.Version.current())
            .with("series", job.series)
            .with("flags", flags.toString())
            .with("backend", backend.name() + " on " + backend.machine());
    return network.addTo(inputs, recipe, job.settings.schedule().finest().shortSide());
  }

  private void announce() {
    engine.announce(status, console);
    networkOptions.announce(network, console);
  }

  private static Image preview(TransferResult result, Image picture) {
    List<Image> row = new ArrayList<>();
    if (result.content() != null) {
      row.add(result.content());
    }
    row.addAll(result.styles());
    row.add(picture);
    return Preview.row(row);
  }

  private void say(TransferResult result) {
    console.result(String.format(Locale.ROOT, "%-28s %.5f", "style loss", result.styleLoss()));
    if (result.content() != null) {
      console.result(
          String.format(Locale.ROOT, "%-28s %.5f", "content loss", result.contentLoss()));
    }
  }

  private JsonObject report(
      Job job, PaintOptions paint, TransferResult result, Identity identity, Outputs outputs) {
    JsonObject tree = RunReport.head(job.arguments, job.settings, identity, outputs);
    JsonObject settings = RunReport.settingsTree(job.settings);
    paint.describe(settings);
    tree.add("settings", settings);
    if (job.content != null) {
      tree.add("content", RunReport.pictureTree(job.content));
    }
    JsonArray styles = new JsonArray();
    job.styles.forEach(style -> styles.add(RunReport.pictureTree(style)));
    tree.add("styles", styles);
    tree.add("network", RunReport.networkTree(network, result.network()));
    tree.add("backend", RunReport.backendTree(status, engine.threadCount()));
    tree.addProperty("planned_mib", result.memory().needed());
    tree.add("scales", RunReport.scalesTree(result.scales()));
    tree.addProperty("style_loss", result.styleLoss());
    tree.addProperty("content_loss", result.contentLoss());
    return tree;
  }
}
