package dev.gramloom.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What picocli refuses, in the words of the rest: which flag, what is allowed, what came. */
final class Refusal {
  private Refusal() {}

  static String of(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    ArgSpec flag = e.getArgSpec();
    if (flag == null || e.getValue() == null) {
      return e.getMessage();
    }
    String name = flag instanceof OptionSpec option ? option.longestName() : flag.paramLabel();
    return "%s must be %s, got '%s'".formatted(name, allowed(flag.type()), e.getValue());
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String first = e.getUnmatched().get(0);
    String command = e.getCommandLine().getCommandName();
    if (e.isUnknownOption()) {
      List<String> similar = e.getSuggestions();
      String hint = similar.isEmpty() ? "" : "; did you mean " + similar.get(0) + "?";
      return "%s has no option '%s'%s".formatted(command, first, hint);
    }
    var commands = e.getCommandLine().getSubcommands().keySet();
    return commands.isEmpty()
        ? "'%s' is one argument too many".formatted(first)
        : "the command must be one of %s, got '%s'".formatted(String.join(", ", commands), first);
  }

  private static String allowed(Class<?> type) {
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(value -> value.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (type == int.class || type == Integer.class) {
      return "a whole number of at most 9 digits";
    }
    if (type == long.class) {
      return "a whole number of at most 18 digits";
    }
    if (type == boolean.class) {
      return "given without a value";
    }
    return type == Path.class ? "a file name" : "a number";
  }
}
