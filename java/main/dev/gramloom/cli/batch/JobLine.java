package dev.gramloom.cli.batch;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one JSON object: flat, strict (RFC 8259), no key twice. */
final class JobLine {
  private static final Pattern COLUMN = Pattern.compile("column (\\d+)");

  private final JsonReader reader;

  private JobLine(JsonReader reader) {
    this.reader = reader;
  }

  /**
   * The values by key, in the line's order.
   *
   * @throws Failure BAD_DATA if the line is no such object
   */
  static Map<String, JobValue> read(String line) {
    try (JsonReader reader = new JsonReader(new StringReader(line))) {
      reader.setStrictness(Strictness.STRICT);
      return new JobLine(reader).object();
    } catch (MalformedJsonException e) {
      Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
      throw bad("it is no JSON" + (column.find() ? ", at column " + column.group(1) : ""));
    } catch (IOException e) { // the text ends too early
      throw bad("it is no JSON, it ends too early");
    }
  }

  private Map<String, JobValue> object() throws IOException {
    if (reader.peek() != JsonToken.BEGIN_OBJECT) {
      throw bad("it must be one JSON object like {\"exemplar\":\"photo.png\"}");
    }
    reader.beginObject();
    Map<String, JobValue> values = new LinkedHashMap<>();
    while (reader.peek() != JsonToken.END_OBJECT) {
      String key = reader.nextName();
      if (values.put(key, value(key)) != null) {
        throw bad("the key '%s' comes twice".formatted(key));
      }
    }
    reader.endObject();
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw bad("something follows its JSON object");
    }
    return values;
  }

  private JobValue value(String key) throws IOException {
    if (reader.peek() != JsonToken.BEGIN_ARRAY) {
      return single(key);
    }
    List<JobValue> items = new ArrayList<>();
    reader.beginArray();
    while (reader.peek() != JsonToken.END_ARRAY) {
      items.add(single(key));
    }
    reader.endArray();
    return new JobValue.Items(List.copyOf(items));
  }

  private JobValue single(String key) throws IOException {
    return switch (reader.peek()) {
      case STRING -> new JobValue.Text(reader.nextString());
      case NUMBER -> new JobValue.Numeral(reader.nextString());
      case BOOLEAN -> new JobValue.Flag(reader.nextBoolean());
      default ->
          throw new Failure(
              ExitCode.USAGE,
              "%s must be a string, a number, true, false or a list of strings and numbers"
                  .formatted(key));
    };
  }

  private static Failure bad(String reason) {
    return new Failure(ExitCode.BAD_DATA, reason);
  }
}
