package dev.gramloom.cli.batch;

import com.google.gson.JsonObject;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.synthesis.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A batch: what runs, and what is written of it besides the jobs' own outputs.
 *
 * @param jobs in the order in which they are begun
 * @param folder for the outputs and the contact sheet
 * @param report file for the report
 * @param workers jobs at the same time, at least 1
 * @param keepGoing whether the jobs after a failed one are begun
 */
public record BatchPlan(List<Job> jobs, Path folder, Path report, int workers, boolean keepGoing) {
  /** The contact sheet, in the folder. */
  public Path sheet() {
    return folder.resolve("index.html");
  }

  /**
   * Refuses early what could not be written in the end.
   *
   * @throws Failure CANNOT_WRITE
   */
  public void requireWritable() {
    AtomicFile.requireWritable(sheet());
    AtomicFile.requireWritable(report);
  }

  /**
   * Runs the jobs, then writes the report and the contact sheet.
   *
   * @param benches makes a worker's bench, which tells the progress that it is given
   * @param head of the report; how the batch went is added to it
   * @param stop whether the batch was told to stop
   * @return 0; STOPPED if jobs are left for the next run; or the exit code of the failed job of the
   *     first line
   * @throws Failure if nothing can be written any more
   */
  public int run(
      JobCommands commands,
      Function<Progress, Workbench> benches,
      JsonObject head,
      BatchListener listener,
      BooleanSupplier stop) {
    long start = System.nanoTime();
    int[] ends = new int[3]; // well, failed, stopped
    BatchListener counting =
        new BatchListener() {
          @Override
          public void say(String line) {
            listener.say(line);
          }

          @Override
          public void ended(Job job, JobOutcome outcome) {
            ends[outcome.succeeded() ? 0 : outcome.stopped() ? 2 : 1]++;
            listener.ended(job, outcome);
          }
        };
    try (Ledger ledger = Ledger.open(folder)) {
      int code =
          new Batch(jobs, () -> new JobRunner(commands, folder), ledger, keepGoing, counting, stop)
              .run(workers, benches);
      double seconds = (System.nanoTime() - start) / 1e9;
      head.addProperty("seconds", seconds);
      head.addProperty("exit_code", code);
      String summary = summary(ends, seconds);
      ledger.writeReport(report, head, jobs);
      ledger.writeSheet(sheet(), String.valueOf(folder.getFileName()), summary, jobs);
      listener.say(summary);
      return code;
    }
  }

  private String summary(int[] ends, double seconds) {
    String text = "%d of %d done".formatted(ends[0], jobs.size());
    String[] names = {"failed", "stopped", "not run"};
    int[] counts = {ends[1], ends[2], jobs.size() - ends[0] - ends[1] - ends[2]};
    for (int i = 0; i < names.length; i++) {
      text += counts[i] == 0 ? "" : ", %d %s".formatted(counts[i], names[i]);
    }
    return text + ", %.1f s".formatted(seconds);
  }
}
