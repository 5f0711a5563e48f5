package dev.gramloom.cli.batch;

import static dev.gramloom.cli.batch.JobKeys.usage;

import com.google.gson.JsonObject;
import dev.gramloom.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The commands that a job may name: those of the program that are {@link JobCommand}s. */
public final class JobCommands {
  private final Supplier<CommandLine> program;
  private final CommandLine checker;
  private final Function<ParameterException, String> words;
  private final Map<String, JobKeys> keys = new LinkedHashMap<>();

  /**
   * @param program makes the whole command line anew; its first job command is the default
   * @param words what to say where picocli refuses
   */
  public JobCommands(Supplier<CommandLine> program, Function<ParameterException, String> words) {
    this.program = program;
    this.checker = program.get();
    this.words = words;
    checker
        .getSubcommands()
        .forEach((name, line) -> {
          if (line.getCommand() instanceof JobCommand) {
            keys.put(name, JobKeys.of(line.getCommandSpec()));
          }
        });
  }

  /** A JSON Schema (2020-12) of a job file's line. */
  public JsonObject schema() {
    return JobSchema.of(keys);
  }

  Set<String> names() {
    return keys.keySet();
  }

  /**
   * The keys of a command.
   *
   * @throws Failure USAGE if there is no such command
   */
  JobKeys keys(String command) {
    JobKeys found = keys.get(command);
    if (found == null) {
      throw usage(
          "command must be one of %s, got '%s'".formatted(String.join(", ", names()), command));
    }
    return found;
  }

  /**
   * Refuses what the command line would refuse, before any long work.
   *
   * @throws Failure with what was allowed and what came
   */
  void check(String command, List<String> arguments) {
    checked(checker, command, arguments);
  }

  /** A command line for one thread's jobs. */
  CommandLine line() {
    return program.get();
  }

  /**
   * A command with a job's flags, ready to run; it is the line's own, for one job at a time.
   *
   * @throws Failure as {@link #check}
   */
  JobCommand checked(CommandLine line, String command, List<String> arguments) {
    try {
      line.parseArgs(Stream.concat(Stream.of(command), arguments.stream()).toArray(String[]::new));
    } catch (ParameterException e) {
      throw usage(words.apply(e));
    }
    JobCommand checked = line.getSubcommands().get(command).getCommand();
    checked.check();
    return checked;
  }
}
