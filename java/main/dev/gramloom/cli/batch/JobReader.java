package dev.gramloom.cli.batch;

import dev.gramloom.cli.batch.JobFile.BadLine;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.FileNames;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes jobs of lines; first all that name their output, then the others, who take what is free.
 */
final class JobReader {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final Path base;
  private final Path folder;
  private final JobCommands commands;
  private final JobClaims claims = new JobClaims();
  private final List<Draft> unnamed = new ArrayList<>();
  private final List<Job> jobs = new ArrayList<>();
  private final List<BadLine> bad = new ArrayList<>();
  private final Map<Path, Integer> readers = new HashMap<>();

  /** A job before it has an output. */
  private record Draft(int line, String command, JobArguments arguments) {}

  JobReader(Path base, Path folder, JobCommands commands) {
    this.base = base;
    this.folder = folder;
    this.commands = commands;
  }

  /** Takes a line, from 1. */
  void read(int line, byte[] bytes) {
    try {
      String text = text(line, bytes);
      if (!text.isBlank()) {
        read(line, text);
      }
    } catch (Failure e) {
      bad.add(new BadLine(line, e));
    }
  }

  private static String text(int line, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return line == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Failure(ExitCode.BAD_DATA, "it is not UTF-8");
    }
  }

  private void read(int line, String text) {
    Map<String, JobValue> values = JobLine.read(text);
    String command = command(values.get(JobKeys.COMMAND));
    JobArguments arguments = JobArguments.of(commands.keys(command), values, base);
    Draft draft = new Draft(line, command, arguments);
    if (arguments.output() == null) {
      unnamed.add(draft);
    } else {
      claims.take(line, arguments.output());
      finish(draft, arguments.output());
    }
  }

  private String command(JobValue value) {
    if (value == null) {
      return commands.names().iterator().next();
    }
    return value instanceof JobValue.Text text ? text.text() : value.toString();
  }

  private void finish(Draft draft, Path output) {
    JobOutput.requireInside(folder, output);
    List<String> words = draft.arguments.words(folder.resolve(output));
    commands.check(draft.command, words);
    jobs.add(new Job(draft.line, draft.command, words, draft.arguments.input(), output));
    for (Path input : draft.arguments.inputs()) {
      readers.putIfAbsent(FileNames.real(input), draft.line);
    }
  }

  /** A job whose output another one reads would change what that one makes. */
  private boolean replacesAnInput(Job job) {
    for (Path file : JobClaims.files(job.output())) {
      Integer reader = readers.get(FileNames.real(folder).resolve(file));
      if (reader != null && reader != job.line()) {
        Failure failure =
            JobKeys.usage(
                "output: line %d reads %s, which this one writes".formatted(reader, file));
        bad.add(new BadLine(job.line(), failure));
        return true;
      }
    }
    return false;
  }

  /** All lines have been read. */
  JobFile finish() {
    for (Draft draft : unnamed) {
      try {
        Path wish = JobOutput.named(draft.arguments.input());
        finish(draft, claims.takeLike(draft.line, wish));
      } catch (Failure e) {
        bad.add(new BadLine(draft.line, e));
      }
    }
    jobs.removeIf(this::replacesAnInput);
    jobs.sort(Comparator.comparingInt(Job::line));
    bad.sort(Comparator.comparingInt(BadLine::line));
    return new JobFile(List.copyOf(jobs), List.copyOf(bad));
  }
}
