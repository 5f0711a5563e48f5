package dev.gramloom.cli.farm;

import dev.gramloom.cli.batch.Job;
import dev.gramloom.cli.batch.JobCommands;
import dev.gramloom.cli.batch.JobOutcome;
import dev.gramloom.cli.batch.JobOutput;
import dev.gramloom.cli.batch.JobRunner;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.synthesis.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One start of a task: takes the task over, works, publishes. */
public final class TaskRun {
  private final RunFolder run;
  private final int index;
  private final JobCommands commands;
  private final Consumer<String> out;
  private final Pace pace;
  private final Job job;
  private final TaskFolder task;
  private final Publication publication;

  /**
   * How starts tell each other that they live.
   *
   * @param beat between two changes of a living start's record
   * @param lease after how long without a change it counts as dead
   */
  record Pace(Duration beat, Duration lease) {
    static final Pace USUAL = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(60));
  }

  /**
   * @param index of the task
   * @param out prints a line
   * @throws Failure if there is no such task
   */
  public TaskRun(RunFolder run, int index, JobCommands commands, Consumer<String> out) {
    this(run, index, commands, out, Pace.USUAL);
  }

  TaskRun(RunFolder run, int index, JobCommands commands, Consumer<String> out, Pace pace) {
    this.run = run;
    this.index = index;
    this.commands = commands;
    this.out = out;
    this.pace = pace;
    this.job = run.job(index);
    this.task = run.task(index);
    this.publication = new Publication(task, run.outputs(), job);
  }

  /**
   * Does the task, or finds it done.
   *
   * @param benches makes a bench, which tells the progress that it is given
   * @throws Failure as the job; STOPPED if another start works on it; SOFTWARE if too many starts
   *     got nowhere
   */
  public void run(Map<String, String> environment, Function<Progress, Workbench> benches) {
    if (finishDecided()) {
      return;
    }
    JobOutput.requireInside(run.outputs(), job.output()); // else it would be told after the work
    Start mine = Start.here(environment);
    Optional<TaskFolder.Numbered> last = task.awaitEndOfLast(mine, pace.lease());
    if (finishDecided()) {
      return;
    }
    int number = last.map(TaskFolder.Numbered::number).orElse(0) + 1;
    WorkFolder before = WorkFolder.newest(task, number - 1);
    String checkpoint = before == null ? "" : before.checkpoint();
    Start start = mine.after(last.map(TaskFolder.Numbered::start).orElse(null), checkpoint);
    task.take(number, start);
    requireProgress(number, start);
    WorkFolder work = new WorkFolder(task.work(number));
    work.inherit(before);
    try (TaskProgress progress = new TaskProgress(task, number, start, pace.beat(), out)) {
      out.accept(
          "task %d, start %d: %s, line %d".formatted(index, number, job.output(), job.line()));
      end(work(work, progress, benches), work, number, start, progress);
    }
  }

  /** What was decided before may still need its last step. */
  private boolean finishDecided() {
    Optional<Publication.Done> done = publication.decided();
    if (done.isPresent()) {
      publication.finish(done.get());
      out.accept("task %d is done: %s".formatted(index, job.output()));
    }
    return done.isPresent();
  }

  private void requireProgress(int number, Start start) {
    int retries = run.settings().retries();
    if (start.fruitless() > retries) {
      String reason =
          "gave up: %d starts in a row left no later checkpoint".formatted(start.fruitless());
      task.update(number, start.ending(ExitCode.SOFTWARE.code(), reason));
      throw new Failure(ExitCode.SOFTWARE, "task %d: %s".formatted(index, reason));
    }
  }

  private JobOutcome work(
      WorkFolder work, TaskProgress progress, Function<Progress, Workbench> benches) {
    Path name = job.output().getFileName();
    Job here = AcceptedJobs.writingTo(job, work.path().resolve(name));
    Job alone = new Job(here.line(), here.command(), here.arguments(), here.input(), name);
    try (Workbench bench = benches.apply(progress)) {
      return new JobRunner(commands, work.path()).run(alone, bench);
    }
  }

  private void end(
      JobOutcome outcome, WorkFolder work, int number, Start start, TaskProgress progress) {
    if (!outcome.succeeded()) {
      progress.ended(outcome.exitCode(), outcome.reason());
      if (outcome.isBug()) {
        throw rethrown(outcome.error());
      }
      throw new Failure(
          failedWith(outcome), "task %d: %s".formatted(index, outcome.reason()), outcome.error());
    }
    Path place = run.outputs().resolve(job.output()).getParent();
    work.tellReports(place);
    boolean first = publication.decide(number, start, outcome.seconds(), work.results());
    publication.finish(publication.decided().orElseThrow());
    progress.finished();
    progress.ended(ExitCode.DONE.code(), first ? null : "another start was faster");
    out.accept("task %d is done: %s".formatted(index, job.output()));
  }

  private static ExitCode failedWith(JobOutcome outcome) {
    return outcome.error() instanceof Failure failure ? failure.exitCode() : ExitCode.OUT_OF_MEMORY;
  }

  private static RuntimeException rethrown(Throwable error) {
    if (error instanceof Error e) {
      throw e;
    }
    return (RuntimeException) error;
  }
}
