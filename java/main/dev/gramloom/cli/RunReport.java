package dev.gramloom.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.Json;
import dev.gramloom.file.Sha256;
import dev.gramloom.network.Network;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.SynthesisResult;
import dev.gramloom.synthesis.SynthesisResult.ScaleReport;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What repeats a run, and how it went: {@code <stem>.run.json}.
 *
 * @param arguments as given
 * @param exemplar the photograph
 * @param settings every one with its value
 * @param network that looked
 * @param bench where it was computed
 * @param result the picture and the scales
 * @param measurements of the picture
 * @param identity of what decided the picture
 */
record RunReport(
    List<String> arguments,
    Exemplar exemplar,
    SynthesisSettings settings,
    NetworkChoice network,
    Workbench bench,
    SynthesisResult result,
    Measurements measurements,
    Identity identity) {
  /** The key of the identity's hash. */
  static final String IDENTITY = "identity";

  /** The key of the checksum of the picture's file. */
  static final String PICTURE_SHA256 = "picture_sha256";

  /** Writes the report, whole or not at all, and returns what it says. */
  JsonObject write(Outputs outputs) {
    return write(tree(outputs), outputs.report());
  }

  /** Writes a report, whole or not at all, and returns it. */
  static JsonObject write(JsonObject tree, Path file) {
    byte[] text = (Json.pretty(tree) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(text));
    return tree;
  }

  /** A report as it was written, and the picture's name, on one line. */
  static String json(JsonObject tree, Outputs outputs) {
    tree.addProperty("output", outputs.picture().toString());
    return Json.line(tree);
  }

  private JsonObject tree(Outputs outputs) {
    JsonObject tree = head(arguments, settings, identity, outputs);
    JsonObject chosen = settingsTree(settings);
    chosen.addProperty("exemplar_scale", settings.exemplarScale());
    chosen.addProperty("color", settings.matchColors() ? "match" : "free");
    tree.add("settings", chosen);
    tree.add("exemplar", pictureTree(exemplar));
    tree.add("network", networkTree(network, result.statistics().network()));
    tree.add("backend", backendTree(bench));
    tree.addProperty("planned_mib", result.memory().needed());
    tree.add("scales", scalesTree(result.scales()));
    measurements.json().entrySet().forEach(e -> tree.add(e.getKey(), e.getValue()));
    return tree;
  }

  /** What any run's report begins with. */
  static JsonObject head(
      List<String> arguments, SynthesisSettings settings, Identity identity, Outputs outputs) {
    JsonObject tree = new JsonObject();
    tree.addProperty("version", GramloomCommand.Version.current());
    tree.addProperty("java", Runtime.version().toString());
    JsonArray command = new JsonArray();
    command.add("gramloom");
    arguments.forEach(command::add);
    tree.add("command", command);
    tree.addProperty(IDENTITY, identity.hash());
    tree.addProperty(PICTURE_SHA256, Sha256.of(outputs.picture()));
    tree.addProperty("seed", settings.seed());
    return tree;
  }

  /** How each scale went. */
  static JsonArray scalesTree(List<ScaleReport> reports) {
    JsonArray scales = new JsonArray();
    reports.forEach(scale -> scales.add(scaleTree(scale)));
    return scales;
  }

  /** What decides the pixels of any run. */
  static JsonObject settingsTree(SynthesisSettings settings) {
    JsonObject tree = new JsonObject();
    JsonArray sizes = new JsonArray();
    JsonArray iterations = new JsonArray();
    for (Scale scale : settings.schedule().scales()) {
      sizes.add(scale.size());
      iterations.add(scale.iterations());
    }
    tree.add("scales", sizes);
    tree.add("iterations", iterations);
    tree.addProperty("tile", lower(settings.tiling()));
    tree.addProperty("init", init(settings.start()));
    tree.addProperty("style_weight", settings.styleWeight());
    tree.addProperty("gram_normalization", settings.gramNormalization().toString());
    tree.addProperty("tv_weight", settings.tvWeight());
    tree.addProperty("optimizer", lower(settings.method()));
    tree.addProperty("style_loss", settings.styleLoss().toString());
    tree.addProperty("min_improvement", settings.minImprovement());
    return tree;
  }

  private static String init(Start start) {
    if (start instanceof Start.Noise) {
      return "noise";
    }
    if (start instanceof Start.Grey) {
      return "gray";
    }
    return start instanceof Start.Exemplar ? "exemplar" : "picture";
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Which photograph it was. */
  static JsonObject pictureTree(Exemplar exemplar) {
    JsonObject tree = new JsonObject();
    tree.addProperty("name", String.valueOf(exemplar.file().getFileName()));
    tree.addProperty("sha256", exemplar.sha256());
    tree.addProperty("width", exemplar.image().width());
    tree.addProperty("height", exemplar.image().height());
    tree.addProperty("masked", exemplar.image().mask() != null);
    return tree;
  }

  /** What looked. */
  static JsonObject networkTree(NetworkChoice network, Network used) {
    JsonObject tree = network.json();
    tree.addProperty("identity", used.identity());
    return tree;
  }

  /** What computed. */
  static JsonObject backendTree(Workbench bench) {
    JsonObject tree = new JsonObject();
    tree.addProperty("name", bench.status().name());
    tree.addProperty("description", bench.status().description());
    tree.addProperty("threads", bench.resources().threads());
    return tree;
  }

  private static JsonObject scaleTree(ScaleReport report) {
    JsonObject tree = new JsonObject();
    tree.addProperty("width", report.scale().width());
    tree.addProperty("height", report.scale().height());
    tree.addProperty("exemplar_width", report.exemplarWidth());
    tree.addProperty("exemplar_height", report.exemplarHeight());
    tree.addProperty("iterations", report.losses().length);
    tree.addProperty("seconds", report.seconds());
    JsonArray losses = new JsonArray();
    for (double loss : report.losses()) {
      losses.add(loss);
    }
    tree.add("losses", losses);
    return tree;
  }
}
