package dev.gramloom.cli.farm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Slurm is told, and what it says. */
class SlurmArrayTest {
  private static final String CONFIG =
      """
      MaxArraySize            = 11
      MaxJobCount             = 30
      SchedulerParameters     = sched_interval=2,max_array_tasks=8,bf_interval=2
      """;

  private static TreeSet<Integer> set(Integer... indices) {
    return new TreeSet<>(Set.of(indices));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0", "0 1 2|0-2", "1 2 4|1-2,4", "0 2 3 4 9|0,2-4,9"})
  void indicesAreRanges(String indices, String ranges) {
    TreeSet<Integer> set = new TreeSet<>();
    for (String index : indices.split(" ")) {
      set.add(Integer.valueOf(index));
    }
    assertEquals(ranges, IndexRanges.of(set));
    assertEquals(set, IndexRanges.parse(ranges + "%4"));
  }

  @Test
  void aRunIsSplitWhereSlurmsNumbersEnd() {
    SlurmLimits limits = SlurmLimits.of(CONFIG);
    assertEquals(new SlurmLimits(8, 30), limits);
    assertEquals(
        List.of(
            new SlurmArray(0, set(1, 7)), new SlurmArray(8, set(0)), new SlurmArray(16, set(3))),
        SlurmArray.split(set(1, 7, 8, 19), limits));
  }

  @Test
  void aRunOfMoreJobsThanSlurmKeepsIsRefused() {
    Failure failure =
        assertThrows(
            Failure.class, () -> SlurmArray.split(FarmRun.all(31), SlurmLimits.of(CONFIG)));
    assertEquals(
        "this Slurm keeps at most 30 jobs (MaxJobCount), got 31; split the job file",
        failure.getMessage());
  }

  @Test
  void laterArraysWaitForEarlierOnes() {
    SlurmOptions options = new SlurmOptions(4, "90", "night", "gpu:1", 2);
    List<String> commands =
        FarmRun.commands(Path.of("/a b/it's.sh"), options, FarmRun.all(10), SlurmLimits.of(CONFIG));
    assertEquals(2, commands.size());
    assertTrue(commands.get(0).contains("--array=0-7%4 "), commands.get(0));
    assertTrue(commands.get(0).endsWith(" '/a b/it'\\''s.sh' 0)"), commands.get(0));
    assertTrue(commands.get(0).contains("--signal=B:TERM@60 "), commands.get(0));
    assertTrue(commands.get(1).contains("--array=0-1%4 "), commands.get(1));
    assertTrue(commands.get(1).contains("--dependency=afterany:\"$job\" "), commands.get(1));
    assertTrue(commands.get(1).endsWith(" 8)"), commands.get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "90,5400",
    "4:00:00,14400",
    "2:30,150",
    "1-12,129600",
    "1-0:30,88200",
    "1-0:0:5,86405"
  })
  void timesAreSlurms(String time, long seconds) {
    assertEquals(seconds, SlurmOptions.seconds(time));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0:59", "soon", "-1", "1:2:3:4", "1 00", "99999999"})
  void whatIsNoTimeIsRefused(String time) {
    assertThrows(Failure.class, () -> new SlurmOptions(1, time, null, null, null));
  }

  @Test
  void statesAreReadFromWhatScontrolSays() {
    assertEquals(
        Map.of(0, "RUNNING", 3, "PENDING", 4, "PENDING", 6, "PENDING"),
        Slurm.states(
            List.of(
                "JobId=7 ArrayJobId=6 ArrayTaskId=0 JobName=a JobState=RUNNING Reason=None Restarts=0 Comment=JobState=X",
                "JobId=6 ArrayJobId=6 ArrayTaskId=3-4,6%2 ArrayTaskThrottle=2 JobName=a JobState=PENDING",
                "a line that is none")));
  }
}
