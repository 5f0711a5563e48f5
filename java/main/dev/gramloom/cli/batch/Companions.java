package dev.gramloom.cli.batch;

import com.google.gson.JsonObject;
import dev.gramloom.file.FileNames;
import dev.gramloom.file.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a run writes beside its picture: files with the same stem. The iterates' names hold numbers
 * and lie in a folder of their own.
 */
public final class Companions {
  /** Losses of 100,000 iterations take 2 MB; whatever is larger than this is no report. */
  private static final int LARGEST_REPORT = 1 << 24; // bytes

  private Companions() {}

  /** What to judge the picture by. */
  public static Path preview(Path picture) {
    return beside(picture, ".preview.png");
  }

  /** What was done, and how it went. */
  public static Path report(Path picture) {
    return beside(picture, ".run.json");
  }

  /** The iterations as an animation. */
  public static Path gif(Path picture) {
    return beside(picture, ".gif");
  }

  /** The best of the iterates. */
  public static Path best(Path picture) {
    return beside(picture, ".best.png");
  }

  /** Iterates to pick from. */
  public static Path sheet(Path picture) {
    return beside(picture, ".sheet.png");
  }

  /** All of them. */
  public static List<Path> of(Path picture) {
    return List.of(preview(picture), report(picture), gif(picture), best(picture), sheet(picture));
  }

  /** A picture's report, which may come from anywhere; empty where none can be read. */
  public static Optional<JsonObject> readReport(Path picture) {
    return Json.read(report(picture), LARGEST_REPORT);
  }

  /** Some texts at the top of a picture's report, by name, read without holding the rest. */
  public static Map<String, String> readTexts(Path picture, Set<String> wanted) {
    return Json.texts(report(picture), wanted, LARGEST_REPORT);
  }

  /** The same folder and stem with another ending. */
  public static Path beside(Path picture, String ending) {
    return picture.resolveSibling(stem(picture) + ending);
  }

  /** A file's name without its extension. */
  public static String stem(Path file) {
    String stem = FileNames.stem(file);
    return stem.isEmpty() ? "picture" : stem;
  }
}
