package dev.gramloom.cli.batch;

import static dev.gramloom.cli.batch.JobKeys.usage;

import dev.gramloom.cli.batch.JobKeys.Key;
import dev.gramloom.failure.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** From a job's keys and values to the words of a command line. */
final class JobArguments {
  /** A string that says something; also the schema's, so without Java's own syntax. */
  static final String SOME_TEXT = "^[^\\u0000]*[^\\u0000-\\u0020][^\\u0000]*$";

  /** Within a list, which the command line joins by commas. */
  static final String SOME_ITEM = "^[^\\u0000,]*[^\\u0000-\\u0020,][^\\u0000,]*$";

  private static final int LONGEST_NUMBER = 64; // characters

  private final JobKeys keys;
  private final Path base;
  private final List<String> options = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final List<Path> inputs = new ArrayList<>();
  private Path input;
  private Path output;

  private JobArguments(JobKeys keys, Path base) {
    this.keys = keys;
    this.base = base;
  }

  /**
   * Reads a job's values.
   *
   * @param base the folder that inputs are relative to
   * @throws Failure USAGE if a key is unknown or missing, or a value is of the wrong kind
   */
  static JobArguments of(JobKeys keys, Map<String, JobValue> values, Path base) {
    JobArguments read = new JobArguments(keys, base);
    for (String name : values.keySet()) {
      if (!name.equals(JobKeys.COMMAND)) {
        keys.get(name);
      }
    }
    for (Key key : keys.all()) {
      JobValue value = values.get(key.name());
      if (value != null) {
        read.add(key, value);
      } else if (key.required()) {
        throw usage("the key '%s' is missing".formatted(key.name()));
      }
    }
    return read;
  }

  /**
   * The picture that the job is about: the first argument that is a file; null if there is none.
   */
  Path input() {
    return input;
  }

  /** All files that the job may read. */
  List<Path> inputs() {
    return inputs;
  }

  /** Where the job's picture is to go, relative; null if the job does not say. */
  Path output() {
    return output;
  }

  /**
   * The command line's words.
   *
   * @param picture where the job's picture goes
   */
  List<String> words(Path picture) {
    List<String> words = new ArrayList<>(options);
    words.add("--" + JobKeys.OUTPUT + "=" + picture);
    words.add("--"); // what follows may begin with a dash
    words.addAll(arguments);
    return words;
  }

  private void add(Key key, JobValue value) {
    switch (key.kind()) {
      case OUTPUT -> output = JobOutput.path(text(key, value, "a file name"));
      case FLAG -> {
        if (flag(key, value)) {
          options.add("--" + key.name());
        }
      }
      case INTEGER -> put(key, integer(key, value));
      case NUMBER -> put(key, number(key, value));
      case WORD -> put(key, word(key, value));
      case FILE -> put(key, file(key, value).toString());
      case TEXT -> put(key, textOrFile(key, value));
      case LIST -> put(key, list(key, value));
    }
  }

  private void put(Key key, String text) {
    if (key.positional()) {
      arguments.add(text);
    } else {
      options.add("--" + key.name() + "=" + text);
    }
  }

  private static boolean flag(Key key, JobValue value) {
    if (value instanceof JobValue.Flag flag) {
      return flag.value();
    }
    throw mustBe(key, "true or false", value);
  }

  private static String integer(Key key, JobValue value) {
    String wanted = "a whole number of at most 18 digits";
    BigDecimal number = new BigDecimal(numeral(key, value, wanted)).stripTrailingZeros();
    boolean small = (long) number.precision() - number.scale() <= 19;
    if (number.scale() > 0 || !small || !fits(number.toBigInteger(), key)) {
      throw mustBe(key, wanted, value);
    }
    return number.toBigInteger().toString();
  }

  private static boolean fits(BigInteger number, Key key) {
    return number.bitLength() < (isInt(key) ? Integer.SIZE : Long.SIZE);
  }

  /** Whether a whole number must fit 32 bits; else 64. */
  static boolean isInt(Key key) {
    Class<?> type = key.argument().type();
    return type == int.class || type == Integer.class;
  }

  private static String number(Key key, JobValue value) {
    return numeral(key, value, "a number");
  }

  private static String numeral(Key key, JobValue value, String wanted) {
    if (value instanceof JobValue.Numeral numeral && numeral.literal().length() <= LONGEST_NUMBER) {
      return numeral.literal();
    }
    throw mustBe(key, wanted, value);
  }

  private static String word(Key key, JobValue value) {
    if (value instanceof JobValue.Text text && key.words().contains(text.text())) {
      return text.text();
    }
    throw mustBe(key, "one of " + String.join(", ", key.words()), value);
  }

  private Path file(Key key, JobValue value) {
    Path file = resolved(key, text(key, value, "a file name"));
    if (input == null && key.positional()) {
      input = file;
    }
    inputs.add(file);
    return file;
  }

  private Path resolved(Key key, String name) {
    try {
      return base.resolve(name);
    } catch (InvalidPathException e) {
      throw mustBe(key, "a file name", new JobValue.Text(name));
    }
  }

  /**
   * One of the label's words, a name that is known elsewhere (of installed weights), or a file:
   * that is what lies at its place, or looks like a path.
   */
  private String textOrFile(Key key, JobValue value) {
    String text = item(key, value);
    if (!key.mayNameAFile() || key.alternatives().contains(text)) {
      return text;
    }
    Path file = resolved(key, text);
    if (text.matches("(?s).*[/\\\\.].*") || Files.exists(file)) {
      inputs.add(file);
      return file.toString();
    }
    return text;
  }

  private static String list(Key key, JobValue value) {
    if (!(value instanceof JobValue.Items items)) {
      return item(key, value);
    }
    if (items.items().isEmpty()) {
      throw mustBe(key, "a list that is not empty", value);
    }
    return items.items().stream()
        .map(item -> {
          String text = item(key, item);
          if (!text.matches(SOME_ITEM)) {
            throw mustBe(key, "a list without commas in its items", value);
          }
          return text;
        })
        .collect(Collectors.joining(","));
  }

  private static String item(Key key, JobValue value) {
    if (value instanceof JobValue.Numeral) {
      return numeral(key, value, "a number of at most " + LONGEST_NUMBER + " digits");
    }
    return text(key, value, key.kind() == JobKeys.Kind.LIST ? "a list" : "a string or a number");
  }

  private static String text(Key key, JobValue value, String wanted) {
    if (value instanceof JobValue.Text text && text.text().matches(SOME_TEXT)) {
      return text.text();
    }
    throw mustBe(key, wanted, value);
  }

  private static Failure mustBe(Key key, String wanted, JobValue value) {
    return usage("%s must be %s, got %s".formatted(key.name(), wanted, value));
  }
}
