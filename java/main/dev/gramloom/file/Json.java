package dev.gramloom.file;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** JSON as text; letters stay as they are, also those that HTML would have to escape. */
public final class Json {
  private static final Gson LINE = new GsonBuilder().disableHtmlEscaping().create();
  private static final Gson PRETTY = LINE.newBuilder().setPrettyPrinting().create();

  private Json() {}

  /** On one line. */
  public static String line(JsonElement tree) {
    return LINE.toJson(tree);
  }

  /** For people: a line for each member. */
  public static String pretty(JsonElement tree) {
    return PRETTY.toJson(tree);
  }

  /**
   * Reads an object from a file that may come from anywhere.
   *
   * @param most bytes; what is larger is not read
   * @return empty where there is no such file, or something else in it
   */
  public static Optional<JsonObject> read(Path file, int most) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        return Optional.empty();
      }
      JsonElement tree = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8));
      return tree.isJsonObject() ? Optional.of(tree.getAsJsonObject()) : Optional.empty();
    } catch (IOException | JsonParseException | StackOverflowError e) { // nested without end
      return Optional.empty();
    }
  }

  /**
   * Some texts at the top of an object in a file that may come from anywhere, read without holding
   * the rest.
   *
   * @param wanted their names
   * @param most bytes; what is larger is not read
   * @return those before what is no JSON
   */
  public static Map<String, String> texts(Path file, Set<String> wanted, long most) {
    Map<String, String> texts = new HashMap<>();
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > most) {
        return texts;
      }
      try (JsonReader in = new JsonReader(Files.newBufferedReader(file))) {
        in.beginObject();
        while (in.hasNext()) {
          String name = in.nextName();
          if (wanted.contains(name) && in.peek() == JsonToken.STRING) {
            texts.put(name, in.nextString());
          } else {
            in.skipValue();
          }
        }
      }
    } catch (IOException | IllegalStateException e) {
      // what was read so far counts, and must be right to count
    }
    return texts;
  }
}
