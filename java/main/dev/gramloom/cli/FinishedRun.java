package dev.gramloom.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.gramloom.synthesis.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether a picture is what a run would make: its report says so, and its bytes are as reported.
 */
final class FinishedRun {
  private static final long LARGEST_REPORT = 1 << 24; // bytes

  private FinishedRun() {}

  static boolean is(Outputs outputs, Identity identity) {
    Map<String, String> report = texts(outputs.report());
    return identity.hash().equals(report.get(RunReport.IDENTITY))
        && Files.isRegularFile(outputs.picture())
        && Exemplar.sha256(outputs.picture()).equals(report.get(RunReport.PICTURE_SHA256));
  }

  /** The texts at a report's top, read without holding the rest; those before what is no JSON. */
  private static Map<String, String> texts(Path file) {
    Map<String, String> texts = new HashMap<>();
    if (!isReadable(file)) {
      return texts;
    }
    try (JsonReader in = new JsonReader(Files.newBufferedReader(file))) {
      in.beginObject();
      while (in.hasNext()) {
        String name = in.nextName();
        boolean wanted = name.equals(RunReport.IDENTITY) || name.equals(RunReport.PICTURE_SHA256);
        if (wanted && in.peek() == JsonToken.STRING) {
          texts.put(name, in.nextString());
        } else {
          in.skipValue();
        }
      }
    } catch (IOException | IllegalStateException e) {
      // what was read so far counts, and must be right to count
    }
    return texts;
  }

  private static boolean isReadable(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LARGEST_REPORT;
    } catch (IOException e) {
      return false;
    }
  }

  /** A report that may come from anywhere; null where there is none that can be read. */
  static JsonObject report(Path file) {
    try {
      if (!isReadable(file)) {
        return null;
      }
      JsonElement tree = JsonParser.parseString(Files.readString(file));
      return tree.isJsonObject() ? tree.getAsJsonObject() : null;
    } catch (IOException | JsonParseException | StackOverflowError e) {
      return null;
    }
  }
}
