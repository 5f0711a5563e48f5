package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs in processes of their own, in {@link #folder}. */
@Timeout(60)
class ProcessTest {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final int ENOUGH = 5; // frames

  @TempDir Path folder;

  /** Both streams go to {@link #said}. */
  private Process start(List<String> javaOptions, String... words) throws IOException {
    return Cli.start(folder, "said", javaOptions, words);
  }

  private String said() {
    try (Stream<String> lines = Files.lines(folder.resolve("said"))) {
      return String.join("\n", lines.filter(line -> !line.startsWith("WARNING")).toList());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** By SIGTERM; SIGINT takes the same way, but is ignored in what a shell runs behind itself. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signals")
  void aRunToldToStopKeepsItsFramesWholeAndACheckpointAndLeavesNothingElse() throws Exception {
    Cli.exemplar(folder);
    Path frames = folder.resolve("out/frames");
    String[] command = {
      "synth", "stone.png", "--size=64", "--iterations=2,100000", "--frames-every=1"
    };
    Process run = start(List.of(VECTORS), command);
    try {
      while (run.isAlive() && visible(frames).size() < ENOUGH) {
        Thread.sleep(20);
      }
      assertTrue(run.isAlive(), this::said);
      run.destroy();
      assertTrue(run.waitFor(20, TimeUnit.SECONDS), "still running");
    } finally {
      run.destroyForcibly();
    }

    assertEquals(ExitCode.STOPPED.code(), run.exitValue(), this::said);
    assertFalse(said().contains("Exception") || said().contains("\u001b"), this::said);
    assertEquals(List.of("frames", "stone.checkpoint"), Cli.names(folder.resolve("out")));
    List<String> left = Cli.names(frames); // hidden ones too: nothing half-written stays
    assertTrue(left.size() >= ENOUGH, left::toString);
    for (int i = 0; i < left.size(); i++) {
      assertEquals("stone.%04d.png".formatted(i + 1), left.get(i));
      assertEquals(64, ImageFile.read(frames.resolve(left.get(i))).width());
    }
  }

  /** Names without a leading dot, in order. */
  private static List<String> visible(Path folder) throws IOException {
    return Files.isDirectory(folder)
        ? Cli.names(folder).stream().filter(name -> !name.startsWith(".")).toList()
        : List.of();
  }

  @Test
  void aBackendThatCannotWorkHereIsUnavailable() throws Exception {
    Cli.exemplar(folder);
    Process run = start(List.of(), "synth", "stone.png", "--backend=cpu");

    assertEquals(ExitCode.UNAVAILABLE.code(), run.waitFor(), this::said);
    assertEquals(1, said().lines().count(), this::said);
    assertTrue(said().startsWith("gramloom: backend cpu: needs Java's Vector API"), this::said);
    assertEquals(List.of("said", "stone.png"), Cli.names(folder));
  }

  @Test
  void digitsAreTheSameInEveryLanguage() throws Exception {
    assertEquals("\u0664", String.format(Locale.forLanguageTag("ar-EG"), "%d", 4));
    List<String> arabic = List.of(VECTORS, "-Duser.language=ar", "-Duser.country=EG");
    Cli.exemplar(folder);
    Process synth =
        start(arabic, "synth", "stone.png", "--size=48", "--iterations=2", "--frames-every=1");
    assertEquals(0, synth.waitFor(), this::said);
    List<String> frames = List.of("stone.0001.png", "stone.0002.png", "stone.0003.png");
    assertEquals(frames, Cli.names(folder.resolve("out/frames")));
    String report = Files.readString(folder.resolve("out/stone.run.json"));
    assertTrue(report.matches("\\p{ASCII}*"), report);

    Process compare = start(arabic, "compare", "out/stone.png", "stone.png", "--json");
    assertEquals(0, compare.waitFor(), this::said);
    JsonObject distances = JsonParser.parseString(said()).getAsJsonObject();
    assertTrue(distances.get("spectrum").getAsDouble() > 0, this::said);

    Process preview = start(arabic, "preview", "stone.png", "--repeat=999x999");
    assertEquals(ExitCode.USAGE.code(), preview.waitFor(), this::said);
    assertTrue(said().contains("63936 x 63936 pixels"), this::said);
  }

  @Test
  void outputsGoToOutUnlessSentElsewhere() throws Exception {
    Cli.exemplar(folder);
    Process run =
        start(List.of(VECTORS), "synth", "stone.png", "--size=48", "--iterations=1", "--gif");

    assertEquals(0, run.waitFor(), this::said);
    assertEquals(
        Set.of("stone.png", "stone.preview.png", "stone.run.json", "stone.gif"),
        Set.copyOf(Cli.names(folder.resolve("out"))));
  }

  @Test
  void tooLittleMemoryIsOneLineAndThirtyThree() throws Exception {
    Cli.exemplar(folder);
    Process run =
        start(
            List.of(VECTORS, "-Xmx32m"), "synth", "stone.png", "--scales=4096", "--quality=draft");

    assertEquals(ExitCode.OUT_OF_MEMORY.code(), run.waitFor(), this::said);
    String refusal = "gramloom: out of memory: this size needs \\d+ MiB, Java may use \\d+ MiB; .*";
    assertTrue(said().lines().anyMatch(line -> line.matches(refusal)), this::said);
    assertFalse(said().contains("\tat "), this::said);
    assertEquals(List.of("said", "stone.png"), Cli.names(folder));
  }
}
