package dev.gramloom.cli.batch;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The keys of a job: a command's flags without their dashes, its arguments under their labels. Read
 * from the command line's own definition, so that a flag is defined once.
 */
final class JobKeys {
  /** The key that names the command. */
  static final String COMMAND = "command";

  /** The key of the picture that a job makes. */
  static final String OUTPUT = "output";

  /** What a batch decides for all its jobs, or has no use for. */
  private static final Set<String> NOT_A_JOBS = Set.of("backend", "threads", "json", "quiet");

  private static final String LIST_LABEL = "LIST";
  private static final String FILE_LABEL = "FILE";

  /** What a key's value may be. */
  enum Kind {
    FLAG,
    INTEGER,
    NUMBER,
    WORD,
    FILE,
    /** A string or a number. */
    TEXT,
    /** A string, a number, or a list of them. */
    LIST,
    /** Where the job's picture goes. */
    OUTPUT
  }

  /**
   * One key.
   *
   * @param name as in the job file
   * @param argument as on the command line
   */
  record Key(String name, ArgSpec argument, Kind kind) {
    boolean required() {
      return argument.required();
    }

    boolean positional() {
      return argument.isPositional();
    }

    /** The flag as on the command line, for refusals of its text. */
    String flag() {
      return positional() ? argument.paramLabel() : "--" + name;
    }

    /** Words of which a {@link Kind#WORD} is one. */
    List<String> words() {
      return Stream.of(argument.type().getEnumConstants())
          .map(value -> value.toString().toLowerCase(Locale.ROOT))
          .toList();
    }

    /** Whether a text that is none of the label's words names a file: noise|exemplar|FILE. */
    boolean mayNameAFile() {
      return alternatives().contains(FILE_LABEL);
    }

    /** What the label lists: noise, exemplar, FILE. */
    List<String> alternatives() {
      return List.of(argument.paramLabel().split("\\|"));
    }

    String description() {
      return String.join(" ", argument.description());
    }
  }

  private final CommandSpec command;
  private final Map<String, Key> keys = new LinkedHashMap<>();

  private JobKeys(CommandSpec command) {
    this.command = command;
  }

  /** The keys of a command that writes to {@code --output}. */
  static JobKeys of(CommandSpec command) {
    JobKeys keys = new JobKeys(command);
    for (PositionalParamSpec argument : command.positionalParameters()) {
      keys.add(argument.paramLabel().toLowerCase(Locale.ROOT), argument);
    }
    for (OptionSpec option : command.options()) {
      String name = option.longestName().replaceFirst("^-+", "");
      boolean asksForHelp = option.usageHelp() || option.versionHelp();
      if (!asksForHelp && !option.hidden() && !NOT_A_JOBS.contains(name)) {
        keys.add(name, option);
      }
    }
    if (!keys.keys.containsKey(OUTPUT)) {
      throw new IllegalArgumentException(command.name() + " has no --output, it cannot be a job");
    }
    return keys;
  }

  private void add(String name, ArgSpec argument) {
    Key key = new Key(name, argument, name.equals(OUTPUT) ? Kind.OUTPUT : kind(argument));
    if (name.equals(COMMAND) || keys.put(name, key) != null) {
      throw new IllegalArgumentException("%s: two keys '%s'".formatted(command.name(), name));
    }
  }

  private static Kind kind(ArgSpec argument) {
    Class<?> type = argument.type();
    if (type == boolean.class || type == Boolean.class) {
      return Kind.FLAG;
    }
    if (type.isEnum()) {
      return Kind.WORD;
    }
    return switch (type.getSimpleName()) {
      case "int", "long", "Integer", "Long" -> Kind.INTEGER;
      case "float", "double", "Float", "Double" -> Kind.NUMBER;
      case "Path" -> Kind.FILE;
      case "String" -> argument.paramLabel().equals(LIST_LABEL) ? Kind.LIST : Kind.TEXT;
      default -> throw new IllegalArgumentException(argument + ": no value of a job is a " + type);
    };
  }

  /** All, the arguments first. */
  Iterable<Key> all() {
    return keys.values();
  }

  /**
   * One of them.
   *
   * @throws Failure USAGE if there is no such key
   */
  Key get(String name) {
    Key key = keys.get(name);
    if (key != null) {
      return key;
    }
    if (NOT_A_JOBS.contains(name)) {
      throw usage("'%s' is for the whole batch, not for a job".formatted(name));
    }
    String hint = similar(name);
    throw usage("%s has no key '%s'%s".formatted(command.name(), name, hint));
  }

  private String similar(String name) {
    return new UnmatchedArgumentException(command.commandLine(), List.of("--" + name))
        .getSuggestions().stream()
            .map(flag -> flag.replaceFirst("^-+", ""))
            .filter(keys::containsKey)
            .findFirst()
            .map("; did you mean '%s'?"::formatted)
            .orElse("");
  }

  static Failure usage(String reason) {
    return new Failure(ExitCode.USAGE, reason);
  }
}
