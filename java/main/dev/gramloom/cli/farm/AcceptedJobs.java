package dev.gramloom.cli.farm;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobFile;
import dev.gramloom.cli.batch.JobOutput;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The jobs of a run as they were accepted, one a line in the order of their indices: files
 * resolved, outputs named. A task runs this and not the user's file, which may change meanwhile.
 */
final class AcceptedJobs {
  private static final String OUTPUT = "--output=";
  private static final int LONGEST_LINE = 1 << 20; // bytes: of a job file's, paths made whole

  /** A flag with its value: an output said in any other way would not be sent elsewhere. */
  private static final Pattern OPTION =
      Pattern.compile("--(?!output$)[a-z][a-z0-9-]*(=.*)?", Pattern.DOTALL);

  private AcceptedJobs() {}

  /** A job with its paths as texts, relative ones with slashes. */
  private record Line(
      int line, String command, List<String> arguments, String input, String output) {
    static Line of(Job job) {
      String input = job.input() == null ? null : job.input().toString();
      String output = job.output().toString().replace('\\', '/');
      return new Line(job.line(), job.command(), job.arguments(), input, output);
    }

    Job job() {
      Path picture = JobOutput.path(output);
      int end = arguments.indexOf("--");
      List<String> options = end < 0 ? arguments : arguments.subList(0, end);
      boolean sound = options.stream().allMatch(word -> OPTION.matcher(word).matches());
      if (!sound || options.stream().filter(word -> word.startsWith(OUTPUT)).count() != 1) {
        throw new IllegalArgumentException("a job without its one output, or with a stray word");
      }
      return new Job(line, command, arguments, input == null ? null : Path.of(input), picture);
    }
  }

  static void write(Path file, List<Job> jobs) {
    AtomicFile.write(
        file,
        out -> {
          for (Job job : jobs) {
            out.write(Records.text(Line.of(job)).getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  static Job read(Path file, int index) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] line = null;
      for (int i = 0; i <= index; i++) {
        line = JobFile.line(in, file, i + 1, LONGEST_LINE);
      }
      return job(file, line);
    } catch (IOException e) {
      throw IoReason.cannotRead(file, e);
    }
  }

  static List<Job> readAll(Path file) {
    List<Job> jobs = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (byte[] line = JobFile.line(in, file, 1, LONGEST_LINE); line != null; ) {
        jobs.add(job(file, line));
        line = JobFile.line(in, file, jobs.size() + 1, LONGEST_LINE);
      }
    } catch (IOException e) {
      throw IoReason.cannotRead(file, e);
    }
    return jobs;
  }

  private static Job job(Path file, byte[] bytes) {
    String text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    Line line = Records.parse(file, text, Line.class);
    try {
      return line.job();
    } catch (RuntimeException e) {
      throw new Failure(ExitCode.BAD_DATA, file + " is damaged: it holds a job that is none", e);
    }
  }

  /** The same job with its picture elsewhere. */
  static Job writingTo(Job job, Path picture) {
    boolean options = true;
    List<String> words = new ArrayList<>();
    for (String word : job.arguments()) {
      options &= !word.equals("--");
      words.add(options && word.startsWith(OUTPUT) ? OUTPUT + picture : word);
    }
    return new Job(job.line(), job.command(), words, job.input(), job.output());
  }
}
