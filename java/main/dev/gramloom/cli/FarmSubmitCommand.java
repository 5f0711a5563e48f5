package dev.gramloom.cli;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobFile;
import dev.gramloom.cli.farm.FarmRun;
import dev.gramloom.cli.farm.RunFolder;
import dev.gramloom.cli.farm.Slurm;
import dev.gramloom.cli.farm.SlurmLimits;
import dev.gramloom.cli.farm.SlurmOptions;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.WeightStore;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramloom farm submit}: an array of Slurm's, one texture a task. */
@Command(
    name = "submit",
    description = "Submits a job file to Slurm, one texture a task.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class FarmSubmitCommand implements Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Mixin private FarmOptions options;

  @Option(names = "--dry-run", description = "print the commands, and change nothing")
  private boolean dryRun;

  FarmSubmitCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    SlurmOptions slurmOptions = options.slurm();
    JobFile file = options.jobs(store);
    return BadLines.orElse(console, options.jobFile, file, jobs -> submit(jobs, slurmOptions));
  }

  private int submit(List<Job> jobs, SlurmOptions slurmOptions) {
    Slurm slurm = new Slurm();
    SlurmLimits limits = slurm.limits();
    SortedSet<Integer> indices = FarmRun.all(jobs.size());
    List<String> commands =
        FarmRun.commands(new RunFolder(options.folder).script(), slurmOptions, indices, limits);
    if (dryRun) {
      commands.forEach(console::result);
      return 0;
    }
    RunFolder run = RunFolder.create(options.folder, jobs, options.retries);
    FarmRun.prepare(run, slurmOptions, options.task());
    List<String> submitted = submit(new FarmRun(run, slurm), run, indices, limits);
    console.result(
        "%d tasks submitted as job %s; see gramloom farm status %s"
            .formatted(indices.size(), String.join(", ", submitted), options.folder));
    return 0;
  }

  /** What Slurm refuses altogether leaves no run behind; what it took in part can be retried. */
  private static List<String> submit(
      FarmRun farm, RunFolder run, SortedSet<Integer> indices, SlurmLimits limits) {
    try {
      return farm.submit(indices, limits);
    } catch (Failure e) {
      if (!farm.isOnSlurm()) {
        run.remove();
      }
      throw e;
    }
  }
}
