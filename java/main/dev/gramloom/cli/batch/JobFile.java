package dev.gramloom.cli.batch;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of a job file, JSONL in UTF-8: one JSON object a line; blank lines count and say
 * nothing.
 *
 * @param jobs those that mean something
 * @param bad those that do not
 */
public record JobFile(List<Job> jobs, List<BadLine> bad) {
  private static final int LONGEST_LINE = 1 << 16; // bytes
  private static final int MOST_LINES = 100_000;

  /**
   * A line that means nothing.
   *
   * @param line from 1
   * @param failure why
   */
  public record BadLine(int line, Failure failure) {}

  /**
   * Reads a job file and checks every line of it.
   *
   * @param file the job file
   * @param base the folder that its inputs are relative to
   * @param folder where outputs go; it need not be there
   * @throws Failure MISSING_INPUT if the file cannot be read; BAD_DATA if it is no job file at all:
   *     no lines, too many, or one that never ends
   */
  public static JobFile read(Path file, Path base, Path folder, JobCommands commands) {
    JobReader reader = new JobReader(base.toAbsolutePath(), folder.toAbsolutePath(), commands);
    if (Files.isDirectory(file)) {
      throw unreadable(file, "it is a folder, a job file is wanted");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      int line = 0;
      for (byte[] bytes = line(in, file, 1); bytes != null; bytes = line(in, file, line + 1)) {
        if (++line > MOST_LINES) {
          throw bad(file, "a job file has at most %d lines".formatted(MOST_LINES));
        }
        reader.read(line, bytes);
      }
    } catch (IOException e) {
      throw unreadable(file, IoReason.of(e));
    }
    JobFile read = reader.finish();
    if (read.jobs.isEmpty() && read.bad.isEmpty()) {
      throw bad(file, "there is no job in it");
    }
    return read;
  }

  /** The next line without its end, or null at the file's. */
  private static byte[] line(InputStream in, Path file, int number) throws IOException {
    byte[] line = new byte[256];
    int length = 0;
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (length == LONGEST_LINE) {
        throw bad(
            file, "line %d is longer than the %d bytes allowed".formatted(number, LONGEST_LINE));
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) next;
      next = in.read();
    }
    return Arrays.copyOf(line, length);
  }

  private static Failure bad(Path file, String reason) {
    return new Failure(ExitCode.BAD_DATA, file + ": " + reason);
  }

  private static Failure unreadable(Path file, String reason) {
    return new Failure(ExitCode.MISSING_INPUT, "cannot read %s: %s".formatted(file, reason));
  }
}
