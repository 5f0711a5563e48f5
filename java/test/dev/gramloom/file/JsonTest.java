package dev.gramloom.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final int MOST = 300_000;

  @TempDir Path folder;

  private Optional<JsonObject> read(String text) throws IOException {
    Path file = folder.resolve("a.json");
    Files.writeString(file, text);
    return Json.read(file, MOST);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    JsonObject tree = new JsonObject();
    tree.addProperty("name", "<a&b=\u00e9'>");
    assertEquals("{\"name\":\"<a&b=\u00e9'>\"}", Json.line(tree));
    assertEquals(Optional.of(tree), read(Json.line(tree)));
    assertEquals(Optional.of(tree), read(Json.pretty(tree)));
    assertEquals(3, Json.pretty(tree).lines().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1]", "null", "7", "{\"a\":", "{\"a\":1} {}", "\u0000\u0001"})
  void whatIsNoObjectIsNone(String text) throws IOException {
    assertEquals(Optional.empty(), read(text));
  }

  @Test
  void whatIsNestedWithoutEndOrTooLargeIsNone() throws IOException {
    assertEquals(Optional.empty(), read("{\"a\":".repeat(MOST / 5)));
    String small = "{\"a\":1}";
    assertEquals(1, read(small + " ".repeat(MOST - small.length())).orElseThrow().size());
    assertEquals(Optional.empty(), read(small + " ".repeat(MOST + 1 - small.length())));
  }

  @Test
  void whatIsNotThereOrNoFileIsNone() throws IOException {
    assertEquals(Optional.empty(), Json.read(folder.resolve("missing.json"), MOST));
    assertEquals(Optional.empty(), Json.read(folder, MOST));
  }
}
