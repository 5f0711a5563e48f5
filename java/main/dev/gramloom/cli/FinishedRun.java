package dev.gramloom.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.gramloom.synthesis.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a picture is what a run would make: its report says so, and its bytes are as reported.
 */
final class FinishedRun {
  private static final long LARGEST_REPORT = 1 << 26; // bytes

  private FinishedRun() {}

  static boolean is(Outputs outputs, Identity identity) {
    JsonObject report = report(outputs.report());
    return report != null
        && identity.hash().equals(text(report, RunReport.IDENTITY))
        && Files.isRegularFile(outputs.picture())
        && Exemplar.sha256(outputs.picture()).equals(text(report, RunReport.PICTURE_SHA256));
  }

  /** A report that may come from anywhere; null where there is none that can be read. */
  static JsonObject report(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_REPORT) {
        return null;
      }
      JsonElement tree = JsonParser.parseString(Files.readString(file));
      return tree.isJsonObject() ? tree.getAsJsonObject() : null;
    } catch (IOException | JsonParseException | StackOverflowError e) {
      return null;
    }
  }

  private static String text(JsonObject tree, String key) {
    JsonElement value = tree.get(key);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : null;
  }
}
