package dev.gramloom.cli.farm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run on a real Slurm, on which everything goes wrong that does at night. */
@Tag("farm")
class FarmIT {
  private static final Path LAUNCHER = Path.of("gramloom").toAbsolutePath();
  private static final Path TEXTURES = Path.of("textures").toAbsolutePath();
  private static final List<String> EXEMPLARS =
      List.of("pebbles", "bricks", "scales", "wood", "cloth", "leather");
  private static final int GOOD = 12;
  private static final int BAD =
      5; // index of the job whose picture is none; nothing else befalls it
  private static final int BAD_DATA = 65;
  private static final String SIZE = ",\"size\":80,\"iterations\":[50,30]";

  @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
  Path folder;

  private final long start = System.nanoTime();

  private Path jobs;
  private Path run;
  private SlurmCluster slurm;
  private final Set<Integer> hit = new HashSet<>();

  private record Ended(int code, String said) {}

  private Ended gramloom(Map<String, String> environment, Object... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    Stream.of(words).map(Object::toString).forEach(command::add);
    Path said = Files.createTempFile(folder, "said", null);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(150, TimeUnit.SECONDS), () -> command + " goes on");
      return new Ended(process.exitValue(), Files.readString(said));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @Timeout(280)
  void aRunSurvivesWhateverHappensToIt() throws Exception {
    if (!SlurmCluster.isInstalled()) {
      System.out.println("not run: no Slurm");
      abort("not run: no Slurm");
    }
    writeJobs();
    Path local = folder.resolve("local");
    Ended batch = gramloom(Map.of(), "batch", jobs, "-o", local, "--keep-going");
    assertEquals(BAD_DATA, batch.code, batch::said);

    say("local batch done");
    try (SlurmCluster cluster = SlurmCluster.start(folder.resolve("slurm"), 3)) {
      slurm = cluster;
      say("slurm runs");
      run = folder.resolve("a run, \"quoted\" 100%");
      Ended submit =
          gramloom(
              slurm.environment(), "farm", "submit", jobs, "-o", run, "--gres=gpu:1", "--time=10");
      assertEquals(0, submit.code, submit::said);
      goWrong();
      slurm.await("end of the run", 180, () -> active().isEmpty());
      say("all ended");
      Ended status = gramloom(slurm.environment(), "farm", "status", run);
      assertEquals(BAD_DATA, status.code, status::said);
      assertTrue(status.said.contains("13 tasks: 12 done, 1 failed"), status::said);
      assertTrue(status.said.contains("task 5, line 6, broken.png: failed, exit code 65: "));
    }
    assertSame(local);
    for (int task : hit) {
      assertTrue(
          new RunFolder(run).task(task).highest() > 1, () -> "task %d was hit".formatted(task));
    }
    assertEquals(1, new RunFolder(run).task(BAD).highest(), "a bad job was retried");
  }

  private void writeJobs() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < GOOD; i++) {
      String name = EXEMPLARS.get(i % EXEMPLARS.size());
      lines.add(
          "{\"exemplar\":\"%s/%s.png\",\"output\":\"set %d/%s.png\",\"seed\":%d%s}"
              .formatted(TEXTURES, name, i / EXEMPLARS.size(), name, i, SIZE));
    }
    Files.writeString(folder.resolve("broken.png"), "no picture");
    lines.add(BAD, "{\"exemplar\":\"broken.png\"" + SIZE + "}");
    jobs = Files.write(folder.resolve("jobs.jsonl"), lines);
  }

  /** Six things, each to a task that works. */
  private void goWrong() throws Exception {
    int killed = anyTask("kill -9");
    workers().get(killed).destroyForcibly();

    int requeued = anyTask("requeue");
    assertEquals("", slurm.run("scontrol", "requeue", slurmJob(requeued)));

    int told = anyTask("its time is nearly over");
    // As --signal=B:TERM has it: to the script, which passes it on.
    assertTrue(workers().get(told).parent().orElseThrow().destroy());

    int preempted = taskOn("n1", "preempt");
    String rush =
        slurm.run(
            "sbatch",
            "--parsable",
            "--partition=rush",
            "--nodelist=n1",
            "--gres=gpu:1",
            "--chdir=/",
            "--output=/dev/null",
            "--wrap=sleep 1");
    slurm.await(
        "end of the job that preempts task " + preempted,
        () -> slurm.run("scontrol", "-o", "show", "job", rush).contains("JobState=COMPLETED"));

    int lost = taskOn("n3", "freeze, kill slurmd of its node for good");
    ProcessHandle frozen = workers().get(lost);
    signal("STOP", frozen);
    slurm.killNode("n3");

    say("restart slurmctld");
    slurm.stopController();
    Thread.sleep(2000);
    slurm.startController();

    slurm.await("second start of the lost task", () -> new RunFolder(run).task(lost).highest() > 1);
    say("task " + lost + " runs elsewhere: its first start goes on as well");
    signal("CONT", frozen);
    slurm.await("end of the first start", () -> !frozen.isAlive());
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
  }

  private void say(String what) {
    System.out.printf("at %d s: %s%n", (System.nanoTime() - start) / 1_000_000_000L, what);
  }

  /** A task that works and was not hit; now it is. */
  private int anyTask(String what) {
    return task(what, this::free);
  }

  private int taskOn(String node, String what) {
    return task(what, () -> on(node));
  }

  private int task(String what, Supplier<Optional<Integer>> choice) {
    Optional<Integer> task = choice.get();
    for (; task.isEmpty(); task = choice.get()) {
      slurm.await("task to hit", () -> choice.get().isPresent());
    }
    say("task " + task.get() + ": " + what);
    hit.add(task.get());
    return task.get();
  }

  private Optional<Integer> free() {
    SortedMap<Integer, String> active = active();
    return workers().keySet().stream()
        .filter(task -> task != BAD && !hit.contains(task))
        .filter(task -> "RUNNING".equals(active.get(task)))
        .findFirst();
  }

  private Optional<Integer> on(String node) {
    String jobs = slurm.run("squeue", "-h", "-r", "-t", "RUNNING", "-w", node, "-o", "%K");
    if (!jobs.matches("\\d+")) {
      return Optional.empty();
    }
    int task = Integer.parseInt(jobs);
    boolean fit = task != BAD && !hit.contains(task) && workers().containsKey(task);
    return fit ? Optional.of(task) : Optional.empty();
  }

  private String slurmJob(int task) {
    return slurm
        .run("squeue", "-h", "-r", "-o", "%A %K")
        .lines()
        .filter(line -> line.endsWith(" " + task))
        .map(line -> line.split(" ")[0])
        .findFirst()
        .orElseThrow();
  }

  private SortedMap<Integer, String> active() {
    SortedMap<Integer, String> active = new TreeMap<>();
    for (String line :
        slurm.run("squeue", "-h", "-r", "-p", "gpu", "-o", "%K %T").lines().toList()) {
      if (line.matches("\\d+ \\w+")) {
        active.put(Integer.valueOf(line.split(" ")[0]), line.split(" ")[1]);
      } else {
        active.put(-1, line); // no answer is no end
      }
    }
    return active;
  }

  /** The processes that work at tasks of this run and have said so, by index. */
  private SortedMap<Integer, ProcessHandle> workers() {
    SortedMap<Integer, ProcessHandle> workers = new TreeMap<>();
    Pattern words =
        Pattern.compile(
            "\0task\0.*\0--run\0" + Pattern.quote(run.toString()) + "\0--index\0(\\d+)\0");
    ProcessHandle.allProcesses()
        .forEach(process -> {
          Matcher index = words.matcher(commandLine(process));
          if (index.find() && process.info().command().orElse("").endsWith("java")) {
            int task = Integer.parseInt(index.group(1));
            if (new RunFolder(run).task(task).last().isPresent()) {
              workers.put(task, process);
            }
          }
        });
    return workers;
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline")),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Every picture of the batch is there once with the same bytes, and nothing else is. */
  private void assertSame(Path local) throws IOException {
    Set<Path> expected = files(local);
    expected.removeIf(file -> file.toString().matches("index\\.html|report\\.json"));
    assertEquals(3 * GOOD, expected.size(), expected::toString);
    assertEquals(expected, files(run));
    for (Path file : expected) {
      if (file.toString().endsWith(".png")) {
        assertArrayEquals(
            Files.readAllBytes(local.resolve(file)),
            Files.readAllBytes(run.resolve(file)),
            file::toString);
      } else {
        assertFalse(Files.readString(run.resolve(file)).contains(".work"), file::toString);
      }
    }
  }

  private static Set<Path> files(Path root) throws IOException {
    Set<Path> files = new HashSet<>();
    try (Stream<Path> found = Files.walk(root)) {
      found
          .filter(Files::isRegularFile)
          .map(root::relativize)
          .filter(file -> !file.startsWith(".gramloom-farm"))
          .forEach(files::add);
    }
    return files;
  }
}
