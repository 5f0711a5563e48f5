package dev.gramloom.cli.batch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Preview;
import dev.gramloom.image.Resample;
import dev.gramloom.tensor.Edges;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * The results of a batch on one page that needs no other file: exemplar, texture and its tiling,
 * with the measurements. HTML that is XML as well; names are escaped, nothing runs.
 */
final class ContactSheet {
  private static final int THUMBNAIL = 144; // pixels of the longer side
  private static final int TILE = 64; // of which the tiling has three
  private static final int TILES = 3;

  private static final String STYLE =
      """
      body { font: 14px/1.4 sans-serif; margin: 1.5em; color: #222; background: #eee }
      table.jobs { border-collapse: collapse; background: #fff }
      table.jobs > tbody > tr > td, table.jobs > thead > tr > th
        { border: 1px solid #ccc; padding: 8px; vertical-align: top; text-align: left }
      td.name { max-width: 22em; overflow-wrap: anywhere }
      table.metrics td { padding: 0 1em 0 0; border: 0 }
      .failed { background: #fde8e6 }
      img { display: block }
      """;

  private ContactSheet() {}

  /** The page up to the first job. */
  static void begin(Appendable page, String title, String summary, List<JsonObject> failed)
      throws IOException {
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>")
        .append(escaped(title))
        .append("</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n<h1>")
        .append(escaped(title))
        .append("</h1>\n<p>" + escaped(summary) + "</p>\n");
    if (!failed.isEmpty()) {
      page.append("<ul>\n");
      for (JsonObject job : failed) {
        page.append("<li class=\"failed\">" + escaped(failure(job)) + "</li>\n");
      }
      page.append("</ul>\n");
    }
    page.append("<table class=\"jobs\">\n<thead><tr>");
    for (String column : List.of("line", "job", "exemplar", "texture", "3 x 3", "measured")) {
      page.append("<th>" + column + "</th>");
    }
    page.append("</tr></thead>\n<tbody>\n");
  }

  /** The page after the last job. */
  static void end(Appendable page) throws IOException {
    page.append("</tbody>\n</table>\n</body>\n</html>\n");
  }

  /**
   * A job's row.
   *
   * @param job its line in the report
   * @param made its pictures; null where there are none
   */
  static String row(JsonObject job, Made made) {
    String output = job.get("output").getAsString();
    StringBuilder row = new StringBuilder(made == null ? "<tr class=\"failed\">" : "<tr>");
    row.append("<td>" + job.get("line").getAsInt() + "</td><td class=\"name\">");
    if (made == null) {
      row.append(escaped(output) + "</td><td colspan=\"4\">" + escaped(failure(job)) + "</td>");
    } else {
      row.append("<a href=\"" + escaped(link(output)) + "\">" + escaped(output) + "</a><br/>");
      row.append("%.1f s</td>".formatted(job.get("seconds").getAsDouble()));
      row.append(picture("exemplar", fitted(made.input(), THUMBNAIL, Edges.REFLECT), 1));
      row.append(picture("texture", fitted(made.picture(), THUMBNAIL, Edges.WRAP), 1));
      row.append(picture("tiling", fitted(made.picture(), TILE, Edges.WRAP), TILES));
      row.append("<td>" + metrics(job.getAsJsonObject("metrics")) + "</td>");
    }
    return row.append("</tr>\n").toString();
  }

  private static String failure(JsonObject job) {
    JsonElement code = job.get("exit_code");
    String how = code.isJsonNull() ? "" : ", exit code " + code.getAsInt();
    return "line %d%s: %s"
        .formatted(job.get("line").getAsInt(), how, job.get("reason").getAsString());
  }

  private static String picture(String what, Image image, int tiles) {
    Image tiled = Preview.tile(image, tiles, tiles); // what a mask leaves out becomes grey
    return "<td><img alt=\"%s\" width=\"%d\" height=\"%d\" src=\"data:image/jpeg;base64,%s\"/></td>"
        .formatted(
            what,
            tiled.width(),
            tiled.height(),
            Base64.getEncoder().encodeToString(ImageFile.jpeg(tiled)));
  }

  /** The picture with its longer side at most so many pixels. */
  private static Image fitted(Image image, int side, Edges edges) {
    double scale = Math.min(1, (double) side / Math.max(image.height(), image.width()));
    int height = Math.max(1, (int) Math.round(scale * image.height()));
    int width = Math.max(1, (int) Math.round(scale * image.width()));
    return Resample.resize(image, height, width, edges);
  }

  private static String metrics(JsonObject metrics) {
    StringBuilder table = new StringBuilder("<table class=\"metrics\"><tbody>");
    number(table, metrics, "Gram distance", "%.5f", "relative_gram_distance", "mean");
    number(table, metrics, "seam, left to right", "%.0f %%", "seam", "x");
    number(table, metrics, "seam, top to bottom", "%.0f %%", "seam", "y");
    for (String channel : List.of("red", "green", "blue")) {
      number(table, metrics, "color, " + channel, "%.2f levels", "color_emd", channel);
    }
    number(table, metrics, "spectrum", "%.2f dB", "spectrum");
    // a table must have a row
    return table.indexOf("<tr>") < 0 ? "" : table.append("</tbody></table>").toString();
  }

  private static void number(
      StringBuilder table, JsonElement metrics, String name, String format, String... way) {
    JsonElement value = metrics;
    for (String key : way) {
      value = value instanceof JsonObject object ? object.get(key) : null;
    }
    if (value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
      String number = String.format(Locale.ROOT, format, value.getAsDouble());
      table.append("<tr><td>%s</td><td>%s</td></tr>".formatted(name, number));
    }
  }

  /** A relative path as a link: what means something in a URL is written in numbers. */
  private static String link(String path) {
    try {
      return new URI(null, null, "./" + path, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  /** Text for a page, in an element or an attribute. */
  static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> out.appendCodePoint(isText(c) ? c : 0xfffd);
          }
        });
    return out.toString();
  }

  /**
   * Whether HTML and XML allow it: no controls, no halves of pairs, no characters that are none.
   */
  private static boolean isText(int c) {
    boolean control = Character.isISOControl(c) && c != '\t' && c != '\n';
    boolean noCharacter = (c & 0xfffe) == 0xfffe || c >= 0xfdd0 && c <= 0xfdef;
    return !control && !noCharacter && Character.getType(c) != Character.SURROGATE;
  }
}
