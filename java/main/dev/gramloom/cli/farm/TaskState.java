package dev.gramloom.cli.farm;

import dev.gramloom.failure.ExitCode;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;

/**
 * How a task is.
 *
 * @param index of the task
 * @param kind what is to be said of it first
 * @param percent how far its last start came
 * @param starts how many there were
 * @param place where the last start ran; empty if there was none
 * @param exitCode how the last start ended; null if it did not say
 * @param reason why, or null
 */
public record TaskState(
    int index, Kind kind, int percent, int starts, String place, Integer exitCode, String reason) {
  /** In the order in which they are shown. */
  public enum Kind {
    /** Its output is published. */
    DONE,
    /** A start works on it. */
    RUNNING,
    /** Slurm will start it. */
    WAITING,
    /** Its last start said why it cannot be done. */
    FAILED,
    /** It is not done, and Slurm will not start it. */
    STOPPED
  }

  private static final Set<String> ACTIVE =
      Set.of(
          "PENDING",
          "RUNNING",
          "CONFIGURING",
          "COMPLETING",
          "SUSPENDED",
          "STOPPED",
          "RESIZING",
          "SIGNALING",
          "STAGE_OUT",
          "PREEMPTED",
          "REQUEUED",
          "REQUEUE_FED",
          "REQUEUE_HOLD",
          "SPECIAL_EXIT",
          "RESV_DEL_HOLD");

  private static final Set<String> AT_WORK = Set.of("RUNNING", "SUSPENDED", "STOPPED", "SIGNALING");

  /** Whether Slurm has not finished with a job of this state; see squeue(1), JOB STATE CODES. */
  static boolean isActive(String slurmState) {
    return ACTIVE.contains(slurmState);
  }

  /**
   * By its folder, and by what Slurm says.
   *
   * @param slurmState null if Slurm has finished with it
   */
  static TaskState of(int index, TaskFolder task, String slurmState) {
    Optional<Start> last = task.last().map(TaskFolder.Numbered::start);
    if (slurmState != null) {
      boolean works = AT_WORK.contains(slurmState);
      return of(index, task, last, works ? Kind.RUNNING : Kind.WAITING);
    }
    return of(
        index, task, last, last.isPresent() && hasFailed(last.get()) ? Kind.FAILED : Kind.STOPPED);
  }

  /** By its folder alone: what has not said that it ended is believed to run. */
  static TaskState of(int index, TaskFolder task) {
    Optional<Start> last = task.last().map(TaskFolder.Numbered::start);
    if (last.isEmpty()) {
      return of(index, task, last, Kind.WAITING);
    }
    Kind ended = hasFailed(last.get()) ? Kind.FAILED : Kind.STOPPED;
    return of(index, task, last, last.get().ended() ? ended : Kind.RUNNING);
  }

  private static boolean hasFailed(Start start) {
    return start.ended() && start.exitCode() != ExitCode.STOPPED.code();
  }

  private static TaskState of(int index, TaskFolder task, Optional<Start> last, Kind otherwise) {
    Kind kind = Files.exists(task.done()) ? Kind.DONE : otherwise;
    if (last.isEmpty()) {
      return new TaskState(index, kind, 0, 0, "", null, null);
    }
    Start start = last.get();
    int percent = kind == Kind.DONE ? 100 : start.percent();
    return new TaskState(
        index, kind, percent, task.highest(), start.place(), start.exitCode(), start.reason());
  }
}
