package dev.gramloom.cli;

import dev.gramloom.cli.farm.FarmRun;
import dev.gramloom.cli.farm.RunFolder;
import dev.gramloom.cli.farm.Slurm;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gramloom farm retry}: what has failed or was left, once more. */
@Command(
    name = "retry",
    description = "Submits the tasks that have failed or were stopped once more.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class FarmRetryCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "DIR", description = "the run's folder")
  private Path folder;

  FarmRetryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var indices = new FarmRun(RunFolder.open(folder), new Slurm()).retry();
    console.result(
        indices.isEmpty()
            ? "no task has failed or was stopped"
            : "%d tasks submitted once more".formatted(indices.size()));
    return 0;
  }
}
