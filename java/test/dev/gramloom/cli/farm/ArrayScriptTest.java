package dev.gramloom.cli.farm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the script with bash; task and scontrol are little scripts that say how they were called.
 */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no bash")
class ArrayScriptTest {
  @TempDir Path folder;

  private RunFolder run;
  private Path calls;

  private void executable(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + text);
    assertTrue(file.toFile().setExecutable(true));
  }

  /**
   * Makes a script for a run in a folder of this name.
   *
   * @param task what the task does
   * @param state of the job, as Slurm says
   */
  private Path script(String name, String task, String state) throws IOException {
    Files.createDirectories(folder.resolve("in"));
    RunFolder made = Runs.make(folder.resolve("in"), 2);
    run = new RunFolder(folder.resolve(name));
    Files.createDirectories(run.outputs().getParent());
    Files.move(made.outputs(), run.outputs());
    calls = folder.resolve("calls");
    Path bin = Files.createDirectories(folder.resolve("b i'n"));
    executable(bin.resolve("task"), "printf '<%s>' \"$@\" >>'" + calls + "'\n" + task);
    executable(
        bin.resolve("scontrol"),
        """
        if [ "$1" = requeue ]; then
          echo "requeue $2" >>'%s'
          kill -9 $PPID # as Slurm does
        else
          echo "JobId=7 ArrayJobId=3 JobName=a JobState=%s Restarts=1 Requeue=1"
        fi
        """
            .formatted(calls, state));
    return Files.writeString(
        folder.resolve("script"),
        ArrayScript.of(run, List.of(bin.resolve("task").toString(), "a b", "it's", "$x\n*")));
  }

  private Process start(Path script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", script.toString(), "1");
    builder.redirectErrorStream(true);
    String path = folder.resolve("b i'n") + ":" + System.getenv("PATH");
    builder.environment().put("PATH", path);
    builder.environment().put("SLURM_ARRAY_TASK_ID", "0");
    builder.environment().put("SLURM_JOB_ID", "7");
    builder.environment().put("SLURM_RESTART_COUNT", "1");
    builder.environment().put("GRAMLOOM_FARM_WAIT", "0");
    return builder.start();
  }

  private int run(Path script) throws Exception {
    Process process = start(script);
    try {
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it goes on");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private boolean asksAgain() throws IOException {
    return Files.readString(calls).endsWith("requeue 7\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "it's \"quoted\"",
        "two\nlines",
        "$(touch x) `touch x`",
        "-rf 100% {}*",
        "ü€\\n"
      })
  void everyNameOfARunIsOneWord(String name) throws Exception {
    assertEquals(0, run(script(name, "echo said; exit 0\n", "RUNNING")));
    assertEquals(
        "<a b><it's><$x\n*><--run><" + run.outputs() + "><--index><1>", Files.readString(calls));
    assertTrue(Files.readString(run.logs().resolve("1.log")).contains("said\n"));
    assertFalse(Files.exists(Path.of("x")));
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 64, 65, 66, 70, 73})
  void noRestartHelpsABadJob(int code) throws Exception {
    assertEquals(code, run(script("run", "exit " + code + "\n", "RUNNING")));
    assertFalse(asksAgain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 75", "kill -9 $$", "kill -TERM $$"})
  void aStopAndAKillAreStartedAgain(String end) throws Exception {
    Path script = script("run", end + "\n", "RUNNING");
    for (int i = 0; i < 5; i++) { // the task counts these
      run(script);
      assertTrue(asksAgain());
    }
  }

  @Test
  void crashesAreStartedAgainSoOftenAndNoMore() throws Exception {
    Path script = script("run", "exit 134\n", "RUNNING");
    for (int i = 0; i < 2; i++) {
      run(script);
      assertTrue(asksAgain());
    }
    assertEquals(134, run(script));
    assertFalse(asksAgain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CANCELLED", "PENDING", "PREEMPTED", "RUNNING_NOT"})
  void whatSlurmHasEndedItselfIsLeftToIt(String state) throws Exception {
    assertEquals(75, run(script("run", "exit 75\n", state)));
    assertFalse(asksAgain());
  }

  @Test
  void aStartThatIsNotTheCurrentOneAsksForNothing() throws Exception {
    Path script = script("run", "exit 75\n", "RUNNING");
    String text = Files.readString(script).replace("SLURM_RESTART_COUNT", "SLURM_RESTART_COUNT_");
    assertEquals(75, run(Files.writeString(script, text))); // counts 0, Slurm says 1
    assertFalse(asksAgain());
  }

  @Test
  void aCancelledRunAsksForNothing() throws Exception {
    Path script = script("run", "exit 75\n", "RUNNING");
    Files.createFile(run.folder().resolve("cancelled"));
    assertEquals(75, run(script));
    assertFalse(asksAgain());
  }

  @Test
  void theTaskIsToldToStopAndMayTakeItsTime() throws Exception {
    String task =
        "trap 'sleep 1; exit 75' TERM; touch '"
            + folder.resolve("up")
            + "'; for i in {1..100}; do sleep 0.1; done\n";
    Process process = start(script("run", task, "CANCELLED"));
    try {
      while (!Files.exists(folder.resolve("up"))) {
        Thread.sleep(20);
      }
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it goes on");
      assertEquals(75, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }
}
