package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.Main;
import dev.gramloom.failure.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A batch in a process of its own that is told to stop. */
@Timeout(60)
class BatchStopTest {
  @TempDir Path folder;

  private Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "batch",
            "jobs.jsonl",
            "-o",
            "out");
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  /** What a run says, told to stop once it is so far in percent. */
  private static List<String> said(Process run, int stopAt) throws IOException {
    List<String> said = new ArrayList<>();
    try (BufferedReader lines = run.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        if (line.startsWith("Progress: ")
            && Integer.parseInt(line.replaceAll("\\D", "")) >= stopAt) {
          run.toHandle().destroy(); // the process's own would close its output too
          stopAt = Integer.MAX_VALUE;
        }
      }
    }
    return said;
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signals")
  void aBatchToldToStopEndsWith75AndTheNextRunGoesOn() throws Exception {
    Path exemplar = Cli.exemplar(folder);
    String job = "{\"exemplar\":\"stone.png\",\"scales\":64,\"iterations\":30,\"seed\":%d}";
    Files.write(
        folder.resolve("jobs.jsonl"),
        List.of(job.formatted(1), job.formatted(2), job.formatted(3)));

    Process first = start();
    List<String> said = said(first, 50); // within the second job, or after it

    assertEquals(ExitCode.STOPPED.code(), first.waitFor(), said::toString);
    JsonArray jobs = Cli.json(folder.resolve("out/report.json")).getAsJsonArray("jobs");
    assertEquals(0, jobs.get(0).getAsJsonObject().get("exit_code").getAsInt());
    JsonObject last = jobs.get(2).getAsJsonObject();
    assertTrue(last.get("exit_code").isJsonNull(), jobs::toString);
    assertTrue(Files.exists(folder.resolve("out/index.html")));

    Process second = start();
    List<String> more = said(second, Integer.MAX_VALUE);

    assertEquals(0, second.waitFor(), more::toString);
    assertTrue(more.contains("line 1: stone.png was done already"), more::toString);
    assertTrue(more.stream().anyMatch(line -> line.startsWith("line 3: wrote")), more::toString);
    assertEquals(
        List.of("index.html", "report.json"),
        Cli.names(folder.resolve("out")).stream().filter(n -> !n.startsWith("stone")).toList());
    Path alone = folder.resolve("alone.png");
    Cli.run("synth", exemplar, "--scales", 64, "--iterations", 30, "--seed", 2, "-o", alone)
        .succeeded();
    assertArrayEquals(
        Files.readAllBytes(alone), Files.readAllBytes(folder.resolve("out/stone-2.png")));
  }
}
