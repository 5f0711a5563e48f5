package dev.gramloom.cli.batch;

import java.nio.file.Path;
import java.util.List;

/**
 * A line of a job file that means something.
 *
 * @param line from 1
 * @param command its name
 * @param arguments as on the command line, every file resolved, the output below the batch's folder
 * @param input the picture that it is about
 * @param output its picture, relative to the batch's folder
 */
public record Job(int line, String command, List<String> arguments, Path input, Path output) {
  public Job {
    arguments = List.copyOf(arguments);
  }
}
