package dev.gramloom.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.internal.LazilyParsedNumber;
import dev.gramloom.failure.Failure;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The schema says what the reader takes: both are asked about the same random lines. */
class JobSchemaTest {
  private static final String[] KEYS = {
    "exemplar",
    "output",
    "seed",
    "strokes",
    "weight",
    "style",
    "signed",
    "mask",
    "size",
    "layers",
    "init",
    "command",
    "threads",
    "secret",
    "help",
    "from",
    "like",
    "o"
  };
  private static final String[] TEXTS = {
    "a.png", "a/b.png", "../a.png", "/a", "", " ", "\u0000", "a\u0000b", "oil", "OIL", "water",
    "paint", "copy", "tell", "noise", "a,b", ",", "1", "true", "x\ny", "\u00e9\ud83e\udea8",
        "frames/a"
  };
  private static final String[] NUMBERS = {
    "0",
    "-1",
    "1.0",
    "1.5",
    "1e3",
    "1E-3",
    "2147483647",
    "2147483648",
    "-2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e18",
    "1e19",
    "1e400"
  };

  private static JsonElement value(Random random, boolean nested) {
    return switch (random.nextInt(nested ? 10 : 12)) {
      case 0, 1, 2, 3, 4 -> new JsonPrimitive(TEXTS[random.nextInt(TEXTS.length)]);
      case 5, 6, 7 ->
          new JsonPrimitive(new LazilyParsedNumber(NUMBERS[random.nextInt(NUMBERS.length)]));
      case 8, 9 -> new JsonPrimitive(random.nextBoolean());
      default -> {
        JsonArray list = new JsonArray();
        for (int n = random.nextInt(4); n > 0; n--) {
          list.add(value(random, true));
        }
        yield list;
      }
    };
  }

  private static JsonObject line(Random random) {
    JsonObject line = new JsonObject();
    switch (random.nextInt(4)) {
      case 0 -> line.addProperty("command", "copy");
      case 1 -> line.addProperty("command", "paint");
      default -> {}
    }
    if (random.nextInt(8) > 0) {
      line.addProperty(line.has("command") && random.nextBoolean() ? "from" : "exemplar", "a.png");
    }
    for (int n = random.nextInt(3); n > 0; n--) {
      line.add(KEYS[random.nextInt(KEYS.length)], value(random, false));
    }
    return line;
  }

  private static boolean taken(JobCommands commands, JsonObject line) {
    try {
      Map<String, JobValue> values = JobLine.read(line.toString());
      JobValue command = values.get(JobKeys.COMMAND);
      String name = command == null ? "paint" : ((JobValue.Text) command).text();
      JobArguments.of(commands.keys(name), values, Path.of(""));
      return true;
    } catch (Failure | ClassCastException e) {
      return false;
    }
  }

  @Test
  void takesWhatTheReaderTakesAndNothingElse() {
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new GsonNode.Factory()).createValidator();
    URI schema = validator.registerSchema(Gallery.schema().toString());
    JobCommands commands = Gallery.commands();
    Random random = new Random(11);
    int good = 0;
    int lines = 5_000;
    for (int i = 0; i < lines; i++) {
      JsonObject line = line(random);
      boolean valid = validator.validate(schema, line.toString()).isValid();
      assertEquals(valid, taken(commands, line), line::toString);
      good += valid ? 1 : 0;
    }
    assertTrue(good > lines / 10 && good < lines * 9 / 10, good + " of " + lines + " were valid");
  }

  @Test
  void isItselfASchemaOfItsYear() {
    String metaschema = "https://json-schema.org/draft/2020-12/schema";
    assertEquals(metaschema, Gallery.schema().get("$schema").getAsString());
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new GsonNode.Factory()).createValidator();
    assertTrue(validator.validate(URI.create(metaschema), Gallery.schema().toString()).isValid());
  }
}
