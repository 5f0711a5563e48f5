package dev.gramloom.cli.farm;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tasks that are one array of Slurm's: its numbers are the tasks' indices less an offset, because
 * Slurm limits how high they go.
 *
 * @param offset the index of the array's number 0
 * @param numbers of the array
 */
record SlurmArray(int offset, SortedSet<Integer> numbers) {
  /**
   * Splits tasks into as few arrays as Slurm takes.
   *
   * @throws Failure USAGE if they are more than Slurm keeps
   */
  static List<SlurmArray> split(SortedSet<Integer> indices, SlurmLimits limits) {
    if (indices.size() > limits.jobs()) {
      throw new Failure(
          ExitCode.USAGE,
          "this Slurm keeps at most %d jobs (MaxJobCount), got %d; split the job file"
              .formatted(limits.jobs(), indices.size()));
    }
    SortedMap<Integer, SortedSet<Integer>> arrays = new TreeMap<>();
    for (int index : indices) {
      int number = index % limits.arraySize();
      arrays.computeIfAbsent(index - number, offset -> new TreeSet<>()).add(number);
    }
    List<SlurmArray> split = new ArrayList<>();
    arrays.forEach((offset, numbers) -> split.add(new SlurmArray(offset, numbers)));
    return split;
  }
}
