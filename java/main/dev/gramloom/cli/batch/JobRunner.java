package dev.gramloom.cli.batch;

import java.nio.file.Path;
import picocli.CommandLine;

/**
 * Runs one job after another, whoever asks: a batch or a task of a farm. Of one thread: the command
 * line is made once and read into again for each job.
 */
public final class JobRunner {
  private final JobCommands commands;
  private final CommandLine line;
  private final Path folder;

  /**
   * @param folder where outputs go
   */
  public JobRunner(JobCommands commands, Path folder) {
    this.commands = commands;
    this.line = commands.line();
    this.folder = folder.toAbsolutePath();
  }

  /**
   * Checks a job once more, for the disk may have changed, and does its work.
   *
   * @param bench of this thread
   * @return how it went; nothing is thrown
   */
  public JobOutcome run(Job job, Workbench bench) {
    long start = System.nanoTime();
    try {
      JobOutput.requireInside(folder, job.output());
      Made made = commands.checked(line, job.command(), job.arguments()).run(bench);
      return JobOutcome.done(made, seconds(start), folder.resolve(job.output()));
    } catch (RuntimeException | Error e) {
      return JobOutcome.failed(e, seconds(start));
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
