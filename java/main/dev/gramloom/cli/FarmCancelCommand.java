package dev.gramloom.cli;

import dev.gramloom.cli.farm.FarmRun;
import dev.gramloom.cli.farm.RunFolder;
import dev.gramloom.cli.farm.Slurm;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gramloom farm cancel}: ends a run; what is done stays, and retry goes on from there. */
@Command(
    name = "cancel",
    description = "Ends a run; what is done stays, and farm retry goes on from there.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class FarmCancelCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "DIR", description = "the run's folder")
  private Path folder;

  FarmCancelCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    new FarmRun(RunFolder.open(folder), new Slurm()).cancel();
    console.result("cancelled");
    return 0;
  }
}
