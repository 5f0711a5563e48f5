package dev.gramloom.cli;

import dev.gramloom.backend.Backends;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.cli.farm.RunFolder;
import dev.gramloom.cli.farm.TaskRun;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramloom task}: one texture of a run, as a farm starts it on a node. */
@Command(
    name = "task",
    description = {
      "Makes one texture of a run, as a farm starts it on a node; any number of times.",
      "Exit code 0: it is done; 75: start it again; 33, 64, 65, 66, 70, 73: no restart helps."
    },
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class TaskCommand implements Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "the run's folder, as farm submit or farm export made it")
  private Path folder;

  @Option(
      names = "--index",
      paramLabel = "I",
      required = true,
      description = "which job, from 0, blank lines of the job file not counted")
  private int index;

  @Mixin private EngineOptions engine;

  TaskCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    int threads = engine.threadCount();
    Backends.Status status = engine.chooseBackend();
    RunFolder run = RunFolder.open(folder);
    new TaskRun(run, index, BatchCommand.jobCommands(store), console::result)
        .run(System.getenv(), progress -> Workbench.open(status, threads, progress));
    return 0;
  }
}
