package dev.gramloom.cli.farm;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A run on Slurm: submitted, watched, retried, cancelled. */
public final class FarmRun {
  private final RunFolder run;
  private final Slurm slurm;

  /**
   * What was handed to Slurm.
   *
   * @param slurmJob the array's number
   * @param offset the index of its number 0
   */
  private record Submission(String slurmJob, int offset) {
    Submission {
      if (slurmJob == null || !slurmJob.matches("\\d{1,12}")) {
        throw new IllegalArgumentException("no submission");
      }
    }
  }

  public FarmRun(RunFolder run, Slurm slurm) {
    this.run = run;
    this.slurm = slurm;
  }

  /** Writes what a submission needs: the script and the options. */
  public static void prepare(RunFolder run, SlurmOptions options, List<String> task) {
    RunFolder.write(run.script(), ArrayScript.of(run, task));
    Records.write(optionsFile(run), options);
  }

  private static Path optionsFile(RunFolder run) {
    return run.folder().resolve("slurm.json");
  }

  /** All tasks of a run. */
  public static SortedSet<Integer> all(int jobs) {
    return IntStream.range(0, jobs).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The commands that submit tasks, each as a shell reads it; an array waits for the one before.
   */
  public static List<String> commands(
      Path script, SlurmOptions options, SortedSet<Integer> indices, SlurmLimits limits) {
    List<String> commands = new ArrayList<>();
    for (SlurmArray array : SlurmArray.split(indices, limits)) {
      String after = commands.isEmpty() ? "" : " --dependency=afterany:\"$job\"";
      List<String> words = options.words(script, array, null);
      String line =
          ShellWord.line(words.subList(0, words.size() - 2))
              + after
              + " "
              + ShellWord.line(words.subList(words.size() - 2, words.size()));
      commands.add("job=$(" + line + ")");
    }
    return commands;
  }

  /**
   * Submits tasks.
   *
   * @return the arrays' numbers
   * @throws Failure UNAVAILABLE if Slurm refuses; what it took before stays
   */
  public List<String> submit(SortedSet<Integer> indices, SlurmLimits limits) {
    SlurmOptions options =
        Records.read(optionsFile(run), SlurmOptions.class)
            .orElseThrow(() ->
                new Failure(
                    ExitCode.MISSING_INPUT,
                    run.outputs() + " was not made by gramloom farm submit"));
    List<String> jobs = new ArrayList<>();
    for (SlurmArray array : SlurmArray.split(indices, limits)) {
      String after = jobs.isEmpty() ? null : jobs.get(jobs.size() - 1);
      String job = slurm.submit(options.words(run.script(), array, after));
      Records.write(run.submissions().resolve(job + ".json"), new Submission(job, array.offset()));
      jobs.add(job);
    }
    return jobs;
  }

  private List<Submission> submissions() {
    List<Submission> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(run.submissions(), "*.json")) {
      for (Path file : files) {
        Records.read(file, Submission.class).ifPresent(found::add);
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(run.submissions(), e);
    }
    found.sort(Comparator.comparingLong(submission -> Long.parseLong(submission.slurmJob)));
    return found;
  }

  /**
   * What Slurm says of the tasks that it has not finished with, by index.
   *
   * @throws Failure UNAVAILABLE if Slurm does not answer
   */
  public SortedMap<Integer, String> active() {
    SortedMap<Integer, String> active = new TreeMap<>();
    for (Submission submission : submissions()) {
      slurm
          .states(submission.slurmJob)
          .forEach((number, state) -> {
            if (TaskState.isActive(state)) {
              active.put(submission.offset + number, state);
            }
          });
    }
    return active;
  }

  /** Whether tasks of this run were handed to Slurm, and not only exported. */
  public boolean isOnSlurm() {
    return !submissions().isEmpty();
  }

  /** How each task is by the run's folder alone, by index. */
  public List<TaskState> states() {
    return IntStream.range(0, run.settings().jobs())
        .mapToObj(index -> TaskState.of(index, run.task(index)))
        .toList();
  }

  /** How each task is, by index. */
  public List<TaskState> states(SortedMap<Integer, String> active) {
    return IntStream.range(0, run.settings().jobs())
        .mapToObj(index -> TaskState.of(index, run.task(index), active.get(index)))
        .toList();
  }

  /**
   * Lets tasks that have failed, or that Slurm knows no more, start anew.
   *
   * @return the tasks' indices
   */
  public SortedSet<Integer> retry() {
    SlurmLimits limits = slurm.limits();
    SortedSet<Integer> indices = new TreeSet<>();
    for (TaskState state : states(active())) {
      if (state.kind() == TaskState.Kind.FAILED || state.kind() == TaskState.Kind.STOPPED) {
        indices.add(state.index());
      }
    }
    try {
      Files.deleteIfExists(cancelled());
      for (int index : indices) {
        Files.deleteIfExists(run.crashes().resolve(String.valueOf(index)));
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(run.folder(), e);
    }
    if (!indices.isEmpty()) {
      submit(indices, limits);
    }
    return indices;
  }

  /** Ends what runs and what waits, and lets nothing start again. */
  public void cancel() {
    RunFolder.write(cancelled(), "");
    for (Submission submission : submissions()) {
      if (slurm.states(submission.slurmJob).values().stream().anyMatch(TaskState::isActive)) {
        slurm.cancel(submission.slurmJob);
      }
    }
  }

  private Path cancelled() {
    return run.folder().resolve("cancelled");
  }
}
