package dev.gramloom.cli.farm;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One start of a task: the record that holds the task against other starts, and later says how it
 * ended.
 *
 * @param token of this start alone
 * @param host that it runs on
 * @param boot of that host, or empty where the system does not tell
 * @param process its number on that host
 * @param processBegan milliseconds since 1970 by that host's clock; 0 if it does not tell
 * @param slurmJob that it belongs to; empty outside Slurm
 * @param slurmRestart how often Slurm had restarted that job
 * @param beat grows while it lives
 * @param percent how far it is
 * @param inherited what its checkpoint was when it started; empty for none
 * @param fruitless starts right before this one that left no later checkpoint
 * @param updated when this was written, for people
 * @param exitCode how it ended; null while it runs
 * @param reason what went wrong; null where nothing did
 */
record Start(
    String token,
    String host,
    String boot,
    long process,
    long processBegan,
    String slurmJob,
    int slurmRestart,
    long beat,
    int percent,
    String inherited,
    int fruitless,
    String updated,
    Integer exitCode,
    String reason) {
  Start {
    if (token == null || !token.matches("[0-9a-f-]{36}")) {
      throw new IllegalArgumentException("a start without its token");
    }
    host = host == null ? "" : host;
    boot = boot == null ? "" : boot;
    slurmJob = slurmJob == null ? "" : slurmJob;
    inherited = inherited == null ? "" : inherited;
  }

  /** A start of this process. */
  static Start here(Map<String, String> environment) {
    ProcessHandle self = ProcessHandle.current();
    return new Start(
        UUID.randomUUID().toString(),
        environment.getOrDefault("SLURMD_NODENAME", "") + "@" + hostName(),
        thisBoot(),
        self.pid(),
        began(self),
        environment.getOrDefault("SLURM_JOB_ID", ""),
        number(environment.get("SLURM_RESTART_COUNT")),
        0,
        0,
        "",
        0,
        now(),
        null,
        null);
  }

  private static int number(String text) {
    return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "";
    }
  }

  private static String thisBoot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static long began(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String now() {
    return Instant.now().toString();
  }

  boolean ended() {
    return exitCode != null;
  }

  /** Where it runs or ran, for people. */
  String place() {
    return host.startsWith("@") ? host.substring(1) : host.substring(0, host.indexOf('@'));
  }

  /**
   * Whether this start, which has not said that it ended, is known to be over: Slurm has begun the
   * same job anew since, or its process is gone from this very machine.
   */
  boolean isOver(Start mine) {
    boolean restarted =
        !slurmJob.isEmpty() && slurmJob.equals(mine.slurmJob) && slurmRestart < mine.slurmRestart;
    return restarted || isGoneFromHere(mine);
  }

  private boolean isGoneFromHere(Start mine) {
    if (boot.isEmpty() || !boot.equals(mine.boot) || !sameProcesses(mine)) {
      return false;
    }
    Optional<ProcessHandle> found = ProcessHandle.of(process);
    return found.isEmpty() || began(found.get()) != processBegan;
  }

  /** Containers of one machine share its boot, but not its process numbers; they differ by name. */
  private boolean sameProcesses(Start mine) {
    return host.substring(host.indexOf('@') + 1)
        .equals(mine.host.substring(mine.host.indexOf('@') + 1));
  }

  /** The next start of the task, in the place of {@code last}. */
  Start after(Start last, String checkpoint) {
    boolean same = last != null && last.slurmJob.equals(slurmJob);
    int without = same && last.inherited.equals(checkpoint) ? last.fruitless + 1 : 0;
    return with(beat, percent, checkpoint, without, null, null);
  }

  Start at(long nextBeat, int nowPercent) {
    return with(nextBeat, nowPercent, inherited, fruitless, null, null);
  }

  Start ending(int code, String why) {
    return with(beat + 1, code == 0 ? 100 : percent, inherited, fruitless, code, why);
  }

  private Start with(
      long nextBeat, int nowPercent, String checkpoint, int without, Integer code, String why) {
    return new Start(
        token,
        host,
        boot,
        process,
        processBegan,
        slurmJob,
        slurmRestart,
        nextBeat,
        nowPercent,
        checkpoint,
        without,
        now(),
        code,
        why);
  }
}
