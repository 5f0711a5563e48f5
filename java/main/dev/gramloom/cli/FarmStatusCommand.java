package dev.gramloom.cli;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.farm.FarmRun;
import dev.gramloom.cli.farm.RunFolder;
import dev.gramloom.cli.farm.Slurm;
import dev.gramloom.cli.farm.TaskState;
import dev.gramloom.cli.farm.TaskState.Kind;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gramloom farm status}: how a run goes, by its folder and by scontrol. */
@Command(
    name = "status",
    description = {
      "Says how a run goes, by its folder and by scontrol.",
      "Exit code 0: all is done; 75: not yet; else that of the first failed task."
    },
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class FarmStatusCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "DIR", description = "the run's folder")
  private Path folder;

  FarmStatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunFolder run = RunFolder.open(folder);
    List<TaskState> states = states(new FarmRun(run, new Slurm()));
    List<Job> jobs = run.allJobs();
    List<String> counts = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      long count = states.stream().filter(state -> state.kind() == kind).count();
      if (count > 0) {
        counts.add("%d %s".formatted(count, word(kind)));
      }
    }
    console.result("%d tasks: %s".formatted(states.size(), String.join(", ", counts)));
    for (TaskState state : states) {
      if (state.kind() != Kind.DONE && state.starts() > 0 || state.kind() == Kind.STOPPED) {
        console.result(line(state, jobs.get(state.index())));
      }
    }
    return exitCode(states);
  }

  private List<TaskState> states(FarmRun farm) {
    if (!farm.isOnSlurm()) {
      return farm.states();
    }
    try {
      return farm.states(farm.active());
    } catch (Failure e) {
      console.error("Slurm does not answer, so this is by the run's folder alone: " + e.line());
      return farm.states();
    }
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String line(TaskState state, Job job) {
    String text =
        "task %d, line %d, %s: %s"
            .formatted(state.index(), job.line(), job.output(), word(state.kind()));
    if (state.kind() == Kind.FAILED) {
      return Failure.oneLine(
          "%s, exit code %d: %s".formatted(text, state.exitCode(), state.reason()));
    }
    return state.starts() == 0
        ? text + " before its first start"
        : "%s, %d %% at start %d on %s"
            .formatted(text, state.percent(), state.starts(), state.place());
  }

  private static int exitCode(List<TaskState> states) {
    return states.stream()
        .filter(state -> state.kind() == Kind.FAILED)
        .findFirst()
        .map(TaskState::exitCode)
        .orElseGet(() -> {
          boolean done = states.stream().allMatch(state -> state.kind() == Kind.DONE);
          return done ? ExitCode.DONE.code() : ExitCode.STOPPED.code();
        });
  }
}
