package dev.gramloom.cli.farm;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Slurm takes.
 *
 * @param arraySize numbers of an array are less than it, and they are not more
 * @param jobs that it keeps
 */
public record SlurmLimits(int arraySize, int jobs) {
  /** Of a Slurm whose configuration says nothing; see slurm.conf(5). */
  static final SlurmLimits DEFAULT = new SlurmLimits(1001, 10_000);

  /** Reads {@code scontrol show config}. */
  static SlurmLimits of(String config) {
    int size = number(config, "(?m)^MaxArraySize\\s*=\\s*(\\d+)", DEFAULT.arraySize);
    int most = number(config, "(?m)^SchedulerParameters\\s*=.*\\bmax_array_tasks=(\\d+)", size);
    int jobs = number(config, "(?m)^MaxJobCount\\s*=\\s*(\\d+)", DEFAULT.jobs);
    if (Math.min(size, most) < 1) {
      throw new Failure(
          ExitCode.UNAVAILABLE, "this Slurm takes no arrays (MaxArraySize=%d)".formatted(size));
    }
    return new SlurmLimits(Math.min(size, most), jobs);
  }

  private static int number(String config, String pattern, int otherwise) {
    Matcher found = Pattern.compile(pattern).matcher(config);
    return found.find() && found.group(1).length() < 10
        ? Integer.parseInt(found.group(1))
        : otherwise;
  }
}
