package dev.gramloom.cli.batch;

import com.google.gson.JsonObject;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.file.Path;

/**
 * How a job went.
 *
 * @param exitCode as its command would have returned it
 * @param reason what went wrong, one line; null where nothing did
 * @param error what was thrown; null where nothing was
 * @param seconds of wall time, reading and writing included
 * @param made its pictures; null where it failed
 * @param run what its command reports beside the output; empty where there is no report
 */
public record JobOutcome(
    int exitCode, String reason, Throwable error, double seconds, Made made, JsonObject run) {
  static JobOutcome done(Made made, double seconds, Path output) {
    JsonObject run = Companions.readReport(output).orElseGet(JsonObject::new);
    return new JobOutcome(ExitCode.DONE.code(), null, null, seconds, made, run);
  }

  static JobOutcome failed(Throwable error, double seconds) {
    if (error instanceof OutOfMemoryError memory) {
      return failed(Failure.outOfMemory(memory), seconds);
    }
    boolean expected = error instanceof Failure;
    ExitCode code = expected ? ((Failure) error).exitCode() : ExitCode.SOFTWARE;
    String reason = expected ? ((Failure) error).line() : Failure.oneLine("a bug: " + error);
    return new JobOutcome(code.code(), reason, error, seconds, null, new JsonObject());
  }

  /** Whether the job did what it was to do. */
  public boolean succeeded() {
    return exitCode == ExitCode.DONE.code();
  }

  /** Whether an earlier run had done it all. */
  public boolean doneBefore() {
    return made != null && made.before();
  }

  /** Whether the job was told to stop; the next run goes on with it. */
  public boolean stopped() {
    return exitCode == ExitCode.STOPPED.code();
  }

  /** Whether this is our fault and not the user's or the machine's. */
  public boolean isBug() {
    return exitCode == ExitCode.SOFTWARE.code();
  }
}
