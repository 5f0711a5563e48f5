package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.Main;
import dev.gramloom.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands with a Slurm of little scripts; they are found by PATH, so each runs for itself. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no sh")
class FarmCommandTest {
  private static final String QUICK = ",\"size\":32,\"iterations\":[1],\"no-preview\":true";

  @TempDir Path folder;

  private Path bin;
  private Path calls;
  private Path jobs;
  private Path run;

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void fakeSlurm() throws IOException {
    bin = Files.createDirectories(folder.resolve("bin"));
    calls = folder.resolve("calls");
    Files.createFile(calls);
    run = folder.resolve("it's a\nrun \"100%\"");
    Cli.exemplar(folder);
    jobs = jobs("stone.png", "stone.png", "stone.png");
    program(
        "sbatch",
        "printf '<%s>' \"$@\" >>\"$CALLS\"; echo >>\"$CALLS\"; echo \"4$(grep -c parsable \"$CALLS\")\"");
    program("scancel", "echo scancel \"$@\" >>\"$CALLS\"");
    config("MaxArraySize = 1001\nMaxJobCount = 10000", "");
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private void config(String config, String states) throws IOException {
    program(
        "scontrol",
        "if [ \"$2\" = config ]; then echo '%s'; exit; fi\n".formatted(config)
            + (states.isEmpty()
                ? "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1"
                : "cat <<E\n" + states + "\nE"));
  }

  private Path jobs(String... exemplars) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < exemplars.length; i++) {
      lines.add("{\"exemplar\":\"%s\",\"output\":\"t%d.png\"%s}".formatted(exemplars[i], i, QUICK));
    }
    return Files.write(folder.resolve("jobs \"1\".jsonl"), lines);
  }

  private Ended gramloom(Object... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    for (Object word : words) {
      command.add(word.toString());
    }
    Path out = Files.createTempFile(folder, "out", null);
    Path err = Files.createTempFile(folder, "err", null);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("CALLS", calls.toString());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(50, TimeUnit.SECONDS), "it goes on");
      return new Ended(
          process.exitValue(),
          Files.readString(out).strip(),
          Files.readString(err).replaceAll("(?m)^WARNING.*\\R?", "").strip());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aRunIsSubmittedDoneAndTold() throws Exception {
    Ended submit = gramloom("farm", "submit", jobs, "-o", run, "--max-parallel=2", "--gres=gpu:1");
    assertEquals(0, submit.code, submit::toString);
    assertTrue(submit.out.startsWith("3 tasks submitted as job 41; "), submit::toString);
    String call = Files.readString(calls);
    assertTrue(call.contains("<--array=0-2%2>"), call);
    assertTrue(call.contains("<--gres=gpu:1>"), call);
    assertTrue(call.contains("<" + run.resolve(".gramloom-farm/task.sh") + "><0>"), call);

    config("MaxArraySize = 1001", "JobId=41 ArrayJobId=41 ArrayTaskId=0-2%2 JobState=PENDING");
    Ended status = gramloom("farm", "status", run);
    assertEquals(new Ended(ExitCode.STOPPED.code(), "3 tasks: 3 waiting", ""), status);

    Ended task = gramloom("task", "--run", run, "--index", 1);
    assertEquals(0, task.code, task::toString);
    assertTrue(task.out.contains("\nopenjd_progress: 100\n"), task::toString);
    assertTrue(Files.exists(run.resolve("t1.png")));

    config("MaxArraySize = 2", ""); // Slurm has forgotten the job, and takes shorter arrays
    Ended left = gramloom("farm", "status", run);
    assertTrue(left.out.startsWith("3 tasks: 1 done, 2 stopped\ntask 0, "), left::toString);
    Ended retry = gramloom("farm", "retry", run);
    assertEquals("2 tasks submitted once more", retry.out, retry::toString);
    String again = Files.readString(calls).substring(call.length());
    assertTrue(again.contains("<--array=0%2>") && again.contains("task.sh><0>\n"), again);
    assertTrue(again.contains("<--dependency=afterany:42>"), again);
    assertTrue(again.contains("task.sh><2>\n"), again);

    config("", "JobId=42 ArrayJobId=42 ArrayTaskId=0 JobState=RUNNING");
    assertEquals(0, gramloom("farm", "cancel", run).code);
    assertTrue(Files.readString(calls).endsWith("scancel 41\nscancel 42\nscancel 43\n"));
  }

  @Test
  void withoutSlurmTheExitCodeIsSixtyNineAndNothingIsMade() throws Exception {
    Files.delete(bin.resolve("scontrol"));
    bin = Files.createDirectories(folder.resolve("none"));
    List<String> path = List.of("/usr/bin/scontrol", "/bin/scontrol");
    if (path.stream().anyMatch(file -> Files.exists(Path.of(file)))) {
      program("scontrol", "exec /nonexistent/scontrol"); // installed here: as good as none
    }
    Ended submit = gramloom("farm", "submit", jobs, "-o", run);
    assertEquals(ExitCode.UNAVAILABLE.code(), submit.code, submit::toString);
    assertEquals(1, submit.err.lines().count(), submit::toString);
    assertFalse(Files.exists(run));
  }

  @Test
  void whatSlurmRefusesIsShownAndLeavesNoRun() throws Exception {
    program("sbatch", "echo 'sbatch: error: invalid partition specified: moon' >&2; exit 1");
    Ended submit = gramloom("farm", "submit", jobs, "-o", run, "--partition=moon");
    assertEquals(ExitCode.UNAVAILABLE.code(), submit.code, submit::toString);
    assertEquals("gramloom: sbatch: error: invalid partition specified: moon", submit.err);
    assertFalse(Files.exists(run.resolve(".gramloom-farm")));
  }

  @Test
  void aDryRunPrintsTheCommandAndChangesNothing() throws Exception {
    Ended dry = gramloom("farm", "submit", jobs, "-o", run, "--dry-run");
    assertEquals(0, dry.code, dry::toString);
    Path script = Files.writeString(folder.resolve("dry.sh"), dry.out + "\n");
    ProcessBuilder shell = new ProcessBuilder("bash", script.toString());
    shell.environment().put("PATH", bin + ":/usr/bin:/bin");
    shell.environment().put("CALLS", calls.toString());
    assertEquals(0, shell.start().waitFor());
    String call = Files.readString(calls);
    assertTrue(call.endsWith("<" + run.resolve(".gramloom-farm/task.sh") + "><0>\n"), call);
    assertFalse(Files.exists(run));
  }

  @Test
  void aBadLineIsNamedAndNothingIsSubmitted() throws Exception {
    jobs("stone.png", "nowhere.png");
    Ended submit = gramloom("farm", "submit", jobs, "-o", run);
    assertEquals(ExitCode.MISSING_INPUT.code(), submit.code, submit::toString);
    assertTrue(submit.err.contains(" line 2: "), submit::toString);
    assertEquals("", Files.readString(calls));
  }
}
