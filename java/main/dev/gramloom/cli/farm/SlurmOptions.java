package dev.gramloom.cli.farm;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run asks of Slurm.
 *
 * @param maxParallel tasks at the same time, at least 1
 * @param time of one start, as Slurm writes it
 * @param partition null for Slurm's default
 * @param gres null for none
 * @param cpus of a task; null for Slurm's default
 */
public record SlurmOptions(
    int maxParallel, String time, String partition, String gres, Integer cpus) {
  /** See sbatch(1), --time. */
  private static final Pattern TIME =
      Pattern.compile("(?:(\\d{1,4})-)?(\\d{1,6})(?::(\\d{1,3}))?(?::(\\d{1,3}))?");

  private static final int LONGEST_NOTICE = 60; // seconds, for the last checkpoint

  public SlurmOptions {
    if (maxParallel < 1 || time == null) {
      throw new IllegalArgumentException("no options of a run");
    }
    if (seconds(time) < 60) {
      throw new Failure(ExitCode.USAGE, "--time must be at least a minute, got '" + time + "'");
    }
  }

  /**
   * A time limit.
   *
   * @throws Failure USAGE if it is none
   */
  static long seconds(String time) {
    Matcher parts = TIME.matcher(time);
    boolean days = parts.matches() && parts.group(1) != null;
    if (!parts.matches()) {
      throw new Failure(
          ExitCode.USAGE,
          "--time must be like 90 (minutes), 4:00:00 or 1-12 (days-hours), got '" + time + "'");
    }
    long first = Long.parseLong(parts.group(2));
    long second = parts.group(3) == null ? 0 : Long.parseLong(parts.group(3));
    long third = parts.group(4) == null ? 0 : Long.parseLong(parts.group(4));
    if (days) {
      return Long.parseLong(parts.group(1)) * 86_400 + first * 3600 + second * 60 + third;
    }
    return parts.group(4) == null ? first * 60 + second : first * 3600 + second * 60 + third;
  }

  /** How long before the end of its time a task is told, in seconds. */
  private long notice() {
    return Math.min(LONGEST_NOTICE, seconds(time) / 4);
  }

  /**
   * The words that submit an array.
   *
   * @param after the array that is to end first, so that not more run at the same time; or null
   */
  List<String> words(Path script, SlurmArray array, String after) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "sbatch",
                "--parsable",
                "--job-name=gramloom",
                "--array=" + IndexRanges.of(array.numbers()) + "%" + maxParallel,
                "--ntasks=1",
                "--time=" + time,
                "--signal=B:TERM@" + notice(),
                "--requeue",
                "--open-mode=append",
                "--chdir=/",
                "--output=/dev/null")); // the script writes its own log
    add(words, "--partition=", partition);
    add(words, "--gres=", gres);
    add(words, "--cpus-per-task=", cpus);
    add(words, "--dependency=afterany:", after);
    words.add(script.toString());
    words.add(String.valueOf(array.offset()));
    return words;
  }

  private static void add(List<String> words, String option, Object value) {
    if (value != null) {
      words.add(option + value);
    }
  }
}
