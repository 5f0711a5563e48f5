package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.FrameSequence;
import dev.gramloom.synthesis.CheckpointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed at random instants, and run again until they end by themselves. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signals")
class KillTest {
  private static final int SIGTERM = 143; // exit code where it came before the program listened
  private static final int SIGKILL = 137;
  private static final String TRANSFER = "transfer";
  private static final String[] FLAGS = {
    "--scales=32,40", "--iterations=6,14", "--threads=1", "--gif", "--frames-every=2"
  };

  @TempDir Path folder;
  private final Random random = new Random(5);
  private Path whole; // what an undisturbed run made
  private int kills;

  /** A texture by a method, or a transfer. */
  private static Object[] command(Path exemplar, Path output, String method) {
    boolean transfer = method.equals(TRANSFER);
    List<Object> words = new ArrayList<>(List.of(transfer ? method : "synth", exemplar));
    if (transfer) {
      words.add(exemplar); // as its own style
    }
    words.addAll(List.of("-o", output));
    words.addAll(List.of(FLAGS));
    words.add("--optimizer=" + (transfer ? "lbfgs" : method));
    return words.toArray();
  }

  private Process start(Path output, String method) throws IOException {
    List<String> words = new ArrayList<>();
    for (Object word : command(Path.of("stone.png"), output, method)) {
      words.add(word.toString());
    }
    words.add("--checkpoint-every=0.01");
    return Cli.start(
        folder,
        "said",
        List.of("--add-modules=jdk.incubator.vector"),
        words.toArray(String[]::new));
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("said"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * Waits for a random instant.
   *
   * @return whether the process ended before
   */
  private boolean endedBefore(Process process, Path output) throws Exception {
    if (random.nextInt(8) == 0) { // as it starts, or a bit later
      return process.waitFor(random.nextInt(1500), TimeUnit.MILLISECONDS);
    }
    int frames = Cli.names(whole.resolveSibling("frames")).size();
    Path awaited = FrameSequence.frame(output, 1 + random.nextInt(frames));
    while (process.isAlive() && !Files.exists(awaited)) {
      Thread.sleep(1);
    }
    // what comes with the frame, after it, and in the end: the result, the report, the tidying up
    return process.waitFor(random.nextInt(random.nextBoolean() ? 20 : 400), TimeUnit.MILLISECONDS);
  }

  /**
   * Kills a run again and again, and lets it end when there were enough kills.
   *
   * @param soft whether every third kill is a SIGTERM, else all are SIGKILL
   */
  private void runThroughKills(Path output, String method, int enough, boolean soft)
      throws Exception {
    while (kills < enough) {
      Process process = start(output, method);
      if (endedBefore(process, output)) {
        assertEquals(0, process.exitValue(), this::said);
        return;
      }
      boolean hard = !soft || kills % 3 != 1;
      if (hard) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
      int code = process.waitFor();
      List<Integer> killed = hard ? List.of(SIGKILL) : List.of(ExitCode.STOPPED.code(), SIGTERM);
      if (!killed.contains(code)) {
        assertEquals(0, code, this::said); // it was over just then
        return;
      }
      kills++;
      assertNothingHalfWritten(output);
    }
    assertEquals(0, start(output, method).waitFor(), this::said);
  }

  /** Whatever bears a final name is what the undisturbed run gave that name. */
  private void assertNothingHalfWritten(Path output) throws Exception {
    if (!Files.exists(output.getParent())) {
      return;
    }
    for (String name : visible(output.getParent())) {
      Path file = output.resolveSibling(name);
      if (name.equals("o.run.json")) {
        assertEquals(report(whole), report(output));
      } else if (name.equals("o.checkpoint")) {
        CheckpointFile.read(file);
      } else if (!name.equals("frames") && !name.startsWith("o.checkpoint.")) {
        assertSame(file, whole.resolveSibling(name));
      }
    }
    if (Files.exists(output.resolveSibling("frames"))) {
      for (String frame : visible(output.resolveSibling("frames"))) {
        assertSame(output.resolveSibling("frames").resolve(frame), frames().resolve(frame));
      }
    }
  }

  private void assertWhole(Path output) throws Exception {
    assertNothingHalfWritten(output);
    assertEquals(Cli.names(whole.getParent()), Cli.names(output.getParent()));
    assertEquals(Cli.names(frames()), Cli.names(output.resolveSibling("frames")));
  }

  private Path frames() {
    return whole.resolveSibling("frames");
  }

  private static void assertSame(Path file, Path expected) throws IOException {
    assertEquals(-1, Files.mismatch(expected, file), file::toString);
  }

  /** What kill -9 leaves half-written is hidden, and gone when the next run has ended. */
  private static List<String> visible(Path in) throws IOException {
    return Cli.names(in).stream().filter(name -> !name.startsWith(".")).toList();
  }

  /** A report without what is another each time. */
  private static JsonObject report(Path picture) throws IOException {
    JsonObject report = Cli.json(picture.resolveSibling("o.run.json"));
    report.remove("command");
    report.remove("planned_mib"); // the process's own memory is not this one's
    for (JsonElement scale : report.getAsJsonArray("scales")) {
      scale.getAsJsonObject().remove("seconds");
    }
    return report;
  }

  private void killed(String method, int enough, boolean soft) throws Exception {
    Path exemplar = Cli.exemplar(folder);
    whole = folder.resolve("whole." + method + "/o.png");
    Cli.run(command(exemplar, whole, method)).succeeded();
    kills = 0;
    for (int run = 0; kills < enough; run++) {
      Path output = folder.resolve(method + run + "/o.png");
      runThroughKills(output, method, enough, soft);
      assertWhole(output);
      assertTrue(run < 4 * enough, "hardly any was killed in time");
    }
  }

  @Test
  @Timeout(60)
  void aRunKilledAtRandomEndsWithTheSameBytes() throws Exception {
    killed("lbfgs", 3, true);
  }

  @Test
  @Tag("slow")
  void fiftyKillsLeaveNoTrace() throws Exception {
    killed("lbfgs", 25, false);
    killed("adam", 25, false);
  }

  @Test
  @Tag("slow")
  void aTransferKilledAtRandomEndsWithTheSameBytes() throws Exception {
    killed(TRANSFER, 10, true);
  }
}
