package dev.gramloom.cli.farm;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobOutput;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a task's result becomes the only one.
 *
 * <p>First one file, {@code done.json}, appears by link(2) and names one start's files: from then
 * on it is decided. Then they are linked, not moved, under their final names; a link never replaces
 * what is there. Whoever finds the decision, the same start or any later one, does the second step
 * again: a start that died between the two loses nothing, and files of another start never get a
 * final name.
 */
final class Publication {
  private static final String FRAMES = "frames/";

  private final TaskFolder task;
  private final Path outputs;
  private final Job job;

  /**
   * The decision.
   *
   * @param token of the start whose files they are
   * @param start its number
   * @param node where it ran
   * @param seconds that it took, its predecessors' not counted
   * @param files relative to the folder of the job's output, with slashes
   */
  record Done(String token, int start, String node, double seconds, List<String> files) {
    Done {
      if (token == null || start < 1 || files == null || files.isEmpty()) {
        throw new IllegalArgumentException("a decision without files");
      }
      for (String file : files) {
        JobOutput.path(file.startsWith(FRAMES) ? file.substring(FRAMES.length()) : file);
      }
      files = List.copyOf(files);
    }
  }

  Publication(TaskFolder task, Path outputs, Job job) {
    this.task = task;
    this.outputs = outputs;
    this.job = job;
  }

  /** The decision, if it has been made. */
  Optional<Done> decided() {
    return Records.read(task.done(), Done.class);
  }

  /**
   * Decides for a start's files, unless it is decided.
   *
   * @return whether they are the result
   */
  boolean decide(int number, Start start, double seconds, List<String> files) {
    Done done = new Done(start.token(), number, start.place(), seconds, files);
    return TaskFolder.publishOnce(task.done(), done, start.token());
  }

  /**
   * Gives the decided files their final names, then removes what is left of all starts.
   *
   * @throws Failure USAGE if something that is not ours has such a name
   */
  void finish(Done done) {
    JobOutput.requireInside(outputs, job.output());
    Path from = task.work(done.start());
    Path to = outputs.resolve(job.output()).getParent();
    try {
      for (String file : done.files()) {
        publish(from.resolve(file), to.resolve(file));
      }
      removeWork();
    } catch (IOException e) {
      throw IoReason.cannotWrite(to, e);
    }
  }

  private static void publish(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      if (Files.exists(from) && !Files.isSameFile(from, to)) {
        throw new Failure(
            ExitCode.CANNOT_WRITE, to + " appeared while the task ran, and is not this task's");
      }
    } catch (NoSuchFileException e) {
      if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) { // else another has just finished it
        throw e;
      }
    }
  }

  private void removeWork() throws IOException {
    int highest = task.highest();
    for (int number = 1; number <= highest; number++) {
      remove(task.work(number));
    }
  }

  /** Removes a folder with all that is in it; another may do so at the same time. */
  static void remove(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.toList();
    } catch (NoSuchFileException | UncheckedIOException e) {
      return;
    }
    for (int i = files.size() - 1; i >= 0; i--) {
      try {
        Files.deleteIfExists(files.get(i));
      } catch (DirectoryNotEmptyException e) {
        // a start that was taken for dead still writes there; it removes it when it learns
      }
    }
  }
}
