package dev.gramloom.cli;

import com.google.gson.JsonObject;
import dev.gramloom.backend.Backend;
import dev.gramloom.image.Image;
import dev.gramloom.metric.ColorDistance;
import dev.gramloom.metric.GramDistance;
import dev.gramloom.metric.Seam;
import dev.gramloom.metric.SpectrumDistance;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.tensor.Edges;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a person would measure of a texture, as a table and as JSON.
 *
 * @param gram relative distance of the Gram matrices, by tap
 * @param seam the step across the wrap among the steps within
 * @param color earth mover's distance by channel
 * @param spectrum distance of the radial power spectra
 */
record Measurements(Map<String, Double> gram, Seam seam, ColorDistance color, double spectrum) {
  /**
   * Measures a texture against its exemplar.
   *
   * @param edges how the texture goes on beyond its borders
   * @param statistics of that exemplar
   */
  static Measurements of(
      Backend backend, Image texture, Edges edges, Image exemplar, TextureStatistics statistics) {
    return new Measurements(
        GramDistance.between(backend, texture, edges, statistics),
        Seam.of(texture),
        ColorDistance.between(texture, exemplar),
        SpectrumDistance.between(texture, exemplar));
  }

  /** The table's lines. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(line("%-28s %s", "relative Gram distance", "mean %.5f", GramDistance.mean(gram)));
    gram.forEach((tap, distance) -> lines.add(line("%-28s %s", "  " + tap, "%.5f", distance)));
    String percentile = "%.0f %% of interior steps are smaller";
    lines.add(line("%-28s %s", "seam, left to right", percentile, seam.x()));
    lines.add(line("%-28s %s", "seam, top to bottom", percentile, seam.y()));
    String levels = "red %.2f  green %.2f  blue %.2f levels of 255";
    lines.add(line("%-28s %s", "color distance", levels, color.red(), color.green(), color.blue()));
    String clipped = "%.2f %%, exemplar %.2f %%";
    lines.add(
        line(
            "%-28s %s",
            "clipped values", clipped, 100 * color.clipped(), 100 * color.exemplarClipped()));
    lines.add(line("%-28s %s", "spectrum distance", "%.2f dB", spectrum));
    return lines;
  }

  private static String line(String layout, String name, String values, Object... numbers) {
    return layout.formatted(name, String.format(Locale.ROOT, values, numbers));
  }

  /** The numbers under their published names. */
  JsonObject json() {
    JsonObject grams = new JsonObject();
    gram.forEach(grams::addProperty);
    grams.addProperty("mean", GramDistance.mean(gram));
    JsonObject seams = new JsonObject();
    seams.addProperty("x", seam.x());
    seams.addProperty("y", seam.y());
    JsonObject colors = new JsonObject();
    colors.addProperty("red", color.red());
    colors.addProperty("green", color.green());
    colors.addProperty("blue", color.blue());
    JsonObject clipped = new JsonObject();
    clipped.addProperty("output", color.clipped());
    clipped.addProperty("exemplar", color.exemplarClipped());
    JsonObject json = new JsonObject();
    json.add("relative_gram_distance", grams);
    json.add("seam", seams);
    json.add("color_emd", colors);
    json.add("clipped", clipped);
    json.addProperty("spectrum", spectrum);
    return json;
  }
}
