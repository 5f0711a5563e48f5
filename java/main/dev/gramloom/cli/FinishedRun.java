package dev.gramloom.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gramloom.cli.batch.Companions;
import dev.gramloom.file.Sha256;
import dev.gramloom.synthesis.Identity;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Whether a picture is what a run would make: its report says so, and its bytes are as reported.
 */
final class FinishedRun {
  private FinishedRun() {}

  static boolean is(Outputs outputs, Identity identity) {
    Optional<JsonObject> report = Companions.readReport(outputs.picture());
    return report.isPresent()
        && identity.hash().equals(text(report.get(), RunReport.IDENTITY))
        && Files.isRegularFile(outputs.picture())
        && Sha256.of(outputs.picture()).equals(text(report.get(), RunReport.PICTURE_SHA256));
  }

  private static String text(JsonObject tree, String key) {
    JsonElement value = tree.get(key);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : null;
  }
}
