package dev.gramloom.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.Json;
import dev.gramloom.file.Sha256;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.synthesis.SynthesisResult;
import dev.gramloom.synthesis.SynthesisResult.ScaleReport;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import java.nio.charset.StandardCharsets;
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
    JsonObject tree = tree(outputs);
    byte[] text = (Json.pretty(tree) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(outputs.report(), out -> out.write(text));
    return tree;
  }

  /** A report as it was written, and the picture's name, on one line. */
  static String json(JsonObject tree, Outputs outputs) {
    tree.addProperty("output", outputs.picture().toString());
    return Json.line(tree);
  }

  private JsonObject tree(Outputs outputs) {
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
    tree.add("settings", settingsTree());
    tree.add("exemplar", exemplarTree());
    tree.add("network", networkTree());
    tree.add("backend", backendTree());
    tree.addProperty("planned_mib", result.memory().needed());
    JsonArray scales = new JsonArray();
    result.scales().forEach(scale -> scales.add(scaleTree(scale)));
    tree.add("scales", scales);
    measurements.json().entrySet().forEach(e -> tree.add(e.getKey(), e.getValue()));
    return tree;
  }

  private JsonObject settingsTree() {
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
    tree.addProperty("init", init());
    tree.addProperty("exemplar_scale", settings.exemplarScale());
    tree.addProperty("style_weight", settings.styleWeight());
    tree.addProperty("gram_normalization", settings.gramNormalization().toString());
    tree.addProperty("tv_weight", settings.tvWeight());
    tree.addProperty("color", settings.matchColors() ? "match" : "free");
    tree.addProperty("optimizer", lower(settings.method()));
    return tree;
  }

  private String init() {
    if (settings.start() instanceof Start.Noise) {
      return "noise";
    }
    return settings.start() instanceof Start.Exemplar ? "exemplar" : "picture";
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private JsonObject exemplarTree() {
    JsonObject tree = new JsonObject();
    tree.addProperty("name", String.valueOf(exemplar.file().getFileName()));
    tree.addProperty("sha256", exemplar.sha256());
    tree.addProperty("width", exemplar.image().width());
    tree.addProperty("height", exemplar.image().height());
    tree.addProperty("masked", exemplar.image().mask() != null);
    return tree;
  }

  private JsonObject networkTree() {
    JsonObject tree = network.json();
    tree.addProperty("identity", result.statistics().network().identity());
    return tree;
  }

  private JsonObject backendTree() {
    JsonObject tree = new JsonObject();
    tree.addProperty("name", bench.status().name());
    tree.addProperty("description", bench.status().description());
    tree.addProperty("threads", bench.threads());
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
