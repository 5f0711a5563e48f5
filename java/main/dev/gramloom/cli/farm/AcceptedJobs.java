package dev.gramloom.cli.farm;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobOutput;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The jobs of a run as they were accepted, one a line in the order of their indices: files
 * resolved, outputs named. A task runs this and not the user's file, which may change meanwhile.
 */
final class AcceptedJobs {
  private static final String OUTPUT = "--output=";

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
      if (arguments.stream().noneMatch(word -> word.startsWith(OUTPUT))) {
        throw new IllegalArgumentException("a job without an output");
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
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (int i = 0; i < index; i++) {
        lines.readLine();
      }
      return job(file, lines.readLine());
    } catch (IOException e) {
      throw IoReason.cannotRead(file, e);
    }
  }

  static List<Job> readAll(Path file) {
    List<Job> jobs = new ArrayList<>();
    try (Stream<String> lines = Files.lines(file)) {
      lines.forEach(line -> jobs.add(job(file, line)));
    } catch (IOException e) {
      throw IoReason.cannotRead(file, e);
    }
    return jobs;
  }

  private static Job job(Path file, String text) {
    Line line = Records.parse(file, String.valueOf(text), Line.class);
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
