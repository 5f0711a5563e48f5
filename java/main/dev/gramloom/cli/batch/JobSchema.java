package dev.gramloom.cli.batch;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.cli.batch.JobKeys.Key;
import java.util.Map;

/** A job file's line as a JSON Schema (2020-12), made from the commands' own definitions. */
final class JobSchema {
  private JobSchema() {}

  /**
   * The schema of one line.
   *
   * @param commands keys by command; the first is the one that a line without a command means
   */
  static JsonObject of(Map<String, JobKeys> commands) {
    JsonObject schema = new JsonObject();
    schema.addProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.addProperty("title", "One line of a Gramloom job file");
    JsonArray choices = new JsonArray();
    boolean isDefault = true;
    for (Map.Entry<String, JobKeys> command : commands.entrySet()) {
      choices.add(command(command.getKey(), command.getValue(), isDefault));
      isDefault = false;
    }
    schema.add("oneOf", choices);
    return schema;
  }

  private static JsonObject command(String name, JobKeys keys, boolean isDefault) {
    JsonObject properties = new JsonObject();
    JsonArray required = new JsonArray();
    JsonObject constant = new JsonObject();
    constant.addProperty("const", name);
    properties.add(JobKeys.COMMAND, constant);
    if (!isDefault) {
      required.add(JobKeys.COMMAND);
    }
    for (Key key : keys.all()) {
      JsonObject value = value(key);
      value.addProperty("description", key.description());
      properties.add(key.name(), value);
      if (key.required()) {
        required.add(key.name());
      }
    }
    JsonObject schema = new JsonObject();
    schema.addProperty("type", "object");
    schema.add("properties", properties);
    schema.add("required", required);
    schema.addProperty("additionalProperties", false);
    return schema;
  }

  private static JsonObject value(Key key) {
    return switch (key.kind()) {
      case FLAG -> typed("boolean");
      case INTEGER -> integer(key);
      case NUMBER -> typed("number");
      case WORD -> word(key);
      case FILE -> string(JobArguments.SOME_TEXT);
      case TEXT -> text(JobArguments.SOME_TEXT);
      case LIST -> list();
      case OUTPUT -> {
        JsonObject path = string(JobOutput.PATTERN);
        path.addProperty("maxLength", JobOutput.LONGEST);
        yield path;
      }
    };
  }

  private static JsonObject typed(String type) {
    JsonObject schema = new JsonObject();
    schema.addProperty("type", type);
    return schema;
  }

  private static JsonObject integer(Key key) {
    boolean small = JobArguments.isInt(key);
    JsonObject schema = typed("integer");
    schema.addProperty("minimum", small ? Integer.MIN_VALUE : Long.MIN_VALUE);
    schema.addProperty("maximum", small ? Integer.MAX_VALUE : Long.MAX_VALUE);
    return schema;
  }

  private static JsonObject word(Key key) {
    JsonArray words = new JsonArray();
    key.words().forEach(words::add);
    JsonObject schema = new JsonObject();
    schema.add("enum", words);
    return schema;
  }

  private static JsonObject string(String pattern) {
    JsonObject schema = typed("string");
    schema.addProperty("pattern", pattern);
    return schema;
  }

  /** A string or a number. */
  private static JsonObject text(String pattern) {
    JsonObject schema = new JsonObject();
    JsonArray types = new JsonArray();
    types.add("string");
    types.add("number");
    schema.add("type", types);
    schema.addProperty("pattern", pattern);
    return schema;
  }

  private static JsonObject list() {
    JsonObject items = typed("array");
    items.add("items", text(JobArguments.SOME_ITEM));
    items.addProperty("minItems", 1);
    JsonArray choices = new JsonArray();
    choices.add(text(JobArguments.SOME_TEXT));
    choices.add(items);
    JsonObject schema = new JsonObject();
    schema.add("anyOf", choices);
    return schema;
  }
}
