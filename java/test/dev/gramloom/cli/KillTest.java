package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final int MOST_RUNS = 200;

  @TempDir Path folder;
  private final Random random = new Random(5);
  private int kills;

  private Process start(String output, String... flags) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("synth", "stone.png", "-o", output, "--checkpoint-every=0.05"));
    words.addAll(Arrays.asList(flags));
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

  private long seconds(String output, String... flags) throws Exception {
    long start = System.nanoTime();
    assertEquals(0, start(output, flags).waitFor(), this::said);
    return System.nanoTime() - start;
  }

  /** Runs until the end, through as many kills as are still to come. */
  private void runThroughKills(String output, long whole, int most, String... flags)
      throws Exception {
    for (int run = 0; run < MOST_RUNS; run++) {
      Process process = start(output, flags);
      boolean ended = false;
      if (kills < most) {
        // from before the first iteration to after the last one of an undisturbed run
        ended = process.waitFor((long) ((0.1 + random.nextDouble()) * whole), TimeUnit.NANOSECONDS);
      }
      if (kills < most && !ended) {
        kills++;
        boolean hard = random.nextBoolean();
        if (hard) {
          process.destroyForcibly();
        } else {
          process.destroy();
        }
        int code = process.waitFor();
        List<Integer> allowed =
            hard ? List.of(SIGKILL, 0) : List.of(ExitCode.STOPPED.code(), SIGTERM, 0);
        assertTrue(allowed.contains(code), () -> code + ": " + said());
        ended = code == 0;
      } else {
        assertEquals(0, process.waitFor(), this::said);
        ended = true;
      }
      if (ended) {
        return;
      }
    }
    throw new AssertionError("it never ended");
  }

  private void assertSame(String expected, String output) throws IOException {
    for (String ending : List.of(".png", ".preview.png", ".gif")) {
      assertEquals(
          -1,
          Files.mismatch(folder.resolve(expected + ending), folder.resolve(output + ending)),
          output + ending);
    }
    assertEquals(losses(expected), losses(output));
    String stem = Path.of(output).getFileName().toString();
    List<String> names = Cli.names(folder.resolve(output).getParent());
    assertEquals(
        List.of("frames", stem + ".gif", stem + ".png", stem + ".preview.png", stem + ".run.json"),
        names.stream().filter(name -> !name.startsWith(".gramloom-")).sorted().toList());
    Path frames = folder.resolve(expected).resolveSibling("frames");
    List<String> shown = visible(frames);
    assertEquals(shown, visible(folder.resolve(output).resolveSibling("frames")));
    for (String frame : shown) {
      Path same = folder.resolve(output).resolveSibling("frames").resolve(frame);
      assertEquals(-1, Files.mismatch(frames.resolve(frame), same), frame);
    }
  }

  /** What kill -9 leaves half-written is hidden, and not under a name of ours. */
  private static List<String> visible(Path frames) throws IOException {
    return Cli.names(frames).stream().filter(name -> !name.startsWith(".")).toList();
  }

  private List<JsonArray> losses(String output) throws IOException {
    List<JsonArray> curves = new ArrayList<>();
    JsonObject report = Cli.json(folder.resolve(output + ".run.json"));
    report
        .getAsJsonArray("scales")
        .forEach(scale -> curves.add(scale.getAsJsonObject().getAsJsonArray("losses")));
    return curves;
  }

  private void kill(int most, String... method) throws Exception {
    List<String> flags = new ArrayList<>(List.of(method));
    flags.addAll(List.of("--size=96", "--iterations=15,25", "--gif", "--frames-every=4"));
    String[] words = flags.toArray(String[]::new);
    long whole = seconds("whole/stone.png", words);
    for (int run = 0; kills < most; run++) {
      String output = "killed" + run + "/stone";
      runThroughKills(output + ".png", whole, most, words);
      assertSame("whole/stone", output);
    }
  }

  @Test
  @Timeout(120)
  void aRunKilledAtRandomEndsWithTheSameBytes() throws Exception {
    Cli.exemplar(folder);
    kill(4);
  }

  @Test
  @Tag("slow")
  void fiftyKillsLeaveNoTrace() throws Exception {
    Cli.exemplar(folder);
    kill(25);
    kills = 0;
    deleteOutputs();
    kill(25, "--optimizer=adam");
  }

  private void deleteOutputs() throws IOException {
    for (String name : Cli.names(folder)) {
      if (name.startsWith("killed")) {
        Files.move(folder.resolve(name), folder.resolve("lbfgs." + name));
      }
    }
    Files.move(folder.resolve("whole"), folder.resolve("lbfgs.whole"));
  }
}
