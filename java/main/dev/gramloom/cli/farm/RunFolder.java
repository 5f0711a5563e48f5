package dev.gramloom.cli.farm;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything of a farm's run: the outputs, and in {@code .gramloom-farm} beside them the jobs as
 * accepted, what each task has done, the script and the logs. Hidden, because no job may name an
 * output there.
 *
 * @param outputs the folder that the user named, absolute
 */
public record RunFolder(Path outputs) {
  private static final String NAME = ".gramloom-farm";

  /**
   * What holds for all tasks.
   *
   * @param version of this folder's layout
   * @param jobs how many there are; a task's index is from 0 to one less
   * @param retries starts in a row without a later checkpoint that a task may have
   */
  public record Settings(int version, int jobs, int retries) {
    private static final int VERSION = 1;

    public Settings {
      if (version != VERSION || jobs < 1 || retries < 0) {
        throw new IllegalArgumentException("not a run of this version");
      }
    }

    /** Settings of a run that this version makes. */
    public Settings(int jobs, int retries) {
      this(VERSION, jobs, retries);
    }
  }

  public RunFolder {
    outputs = outputs.toAbsolutePath().normalize();
  }

  /**
   * Makes a run of these jobs.
   *
   * @throws Failure USAGE if a run, or an output of one of the jobs, is there already; CANNOT_WRITE
   *     if the folder cannot be written, or its file system has no hard links
   */
  public static RunFolder create(Path outputs, List<Job> jobs, int retries) {
    RunFolder run = new RunFolder(outputs);
    run.requireNew(jobs);
    try {
      Files.createDirectories(run.outputs);
      Files.createDirectory(run.folder());
      for (Path folder : List.of(run.logs(), run.tasks(), run.crashes(), run.submissions())) {
        Files.createDirectory(folder);
      }
      requireHardLinks(run.folder());
    } catch (FileAlreadyExistsException e) {
      throw run.taken();
    } catch (IOException e) {
      throw IoReason.cannotWrite(run.folder(), e);
    }
    AcceptedJobs.write(run.jobs(), jobs);
    Records.write(run.settingsFile(), new Settings(jobs.size(), retries)); // last: now it is a run
    return run;
  }

  private void requireNew(List<Job> jobs) {
    if (Files.exists(folder(), LinkOption.NOFOLLOW_LINKS)) {
      throw taken();
    }
    AtomicFile.requireWritable(folder().resolve("run.json"));
    for (Job job : jobs) {
      if (Files.exists(outputs.resolve(job.output()), LinkOption.NOFOLLOW_LINKS)) {
        throw new Failure(
            ExitCode.USAGE,
            "line %d: %s is there already, and a farm replaces nothing; give another -o"
                .formatted(job.line(), outputs.resolve(job.output())));
      }
    }
  }

  private Failure taken() {
    return new Failure(
        ExitCode.USAGE,
        "%s holds a run already; see gramloom farm status, retry or cancel".formatted(outputs));
  }

  /** What makes a task's result the only one must be there before the first starts. */
  private static void requireHardLinks(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "probe", null);
    Path link = folder.resolve(file.getFileName() + ".link");
    try {
      Files.createLink(link, file);
      Files.delete(link);
    } catch (IOException | UnsupportedOperationException e) {
      throw new Failure(
          ExitCode.CANNOT_WRITE,
          "the file system of %s has no hard links, which keep two tasks from publishing twice"
              .formatted(folder),
          e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Opens a run that is there.
   *
   * @throws Failure MISSING_INPUT if there is none; BAD_DATA if this version cannot read it
   */
  public static RunFolder open(Path outputs) {
    RunFolder run = new RunFolder(outputs);
    if (!Files.isRegularFile(run.settingsFile())) {
      throw new Failure(
          ExitCode.MISSING_INPUT, run.outputs + " holds no run of gramloom farm submit or export");
    }
    run.settings();
    return run;
  }

  /** What holds for all tasks. */
  public Settings settings() {
    return Records.read(settingsFile(), Settings.class)
        .orElseThrow(() -> new Failure(ExitCode.MISSING_INPUT, outputs + " holds no run any more"));
  }

  /**
   * The job of a task.
   *
   * @throws Failure USAGE if there is no such index; BAD_DATA if the run's file is damaged
   */
  public Job job(int index) {
    int jobs = settings().jobs();
    if (index < 0 || index >= jobs) {
      throw new Failure(
          ExitCode.USAGE, "--index must be from 0 to %d, got %d".formatted(jobs - 1, index));
    }
    return AcceptedJobs.read(jobs(), index);
  }

  /** All jobs, by index. */
  public List<Job> allJobs() {
    return AcceptedJobs.readAll(jobs());
  }

  /** What has become of a task. */
  TaskFolder task(int index) {
    return new TaskFolder(tasks().resolve(String.valueOf(index)));
  }

  /** The folder of all but the outputs. */
  public Path folder() {
    return outputs.resolve(NAME);
  }

  private Path settingsFile() {
    return folder().resolve("run.json");
  }

  private Path jobs() {
    return folder().resolve("jobs.jsonl");
  }

  private Path tasks() {
    return folder().resolve("tasks");
  }

  /** What tasks say, a file for each index. */
  public Path logs() {
    return folder().resolve("logs");
  }

  /** A byte for each end without words, a file for each index. */
  Path crashes() {
    return folder().resolve("crashes");
  }

  /** What was handed to Slurm, a file for each array. */
  Path submissions() {
    return folder().resolve("submissions");
  }

  /** What every task of an array runs. */
  public Path script() {
    return folder().resolve("task.sh");
  }

  /** Takes a run back that nothing has started on. */
  public void remove() {
    try {
      Publication.remove(folder());
    } catch (IOException e) {
      throw IoReason.cannotWrite(folder(), e);
    }
  }

  /** Writes a text into the run, whole or not at all. */
  static void write(Path file, String text) {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
