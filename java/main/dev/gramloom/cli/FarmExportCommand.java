package dev.gramloom.cli;

import dev.gramloom.cli.farm.FarmExport;
import dev.gramloom.cli.farm.RunFolder;
import dev.gramloom.cli.farm.SlurmOptions;
import dev.gramloom.weights.WeightStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramloom farm export}: a run for another manager of jobs. */
@Command(
    name = "export",
    description = "Makes a run's folder, and the file that another manager of jobs takes.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class FarmExportCommand implements Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Mixin private FarmOptions options;

  @Option(
      names = "--format",
      paramLabel = "openjd|sbatch|kubernetes",
      required = true,
      description = "what takes the file")
  private FarmExport format;

  FarmExportCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    SlurmOptions slurmOptions = options.slurm();
    return BadLines.orElse(
        console,
        options.jobFile,
        options.jobs(store),
        jobs -> {
          RunFolder run = RunFolder.create(options.folder, jobs, options.retries);
          console.result("wrote " + format.write(run, slurmOptions, options.task()));
          return 0;
        });
  }
}
