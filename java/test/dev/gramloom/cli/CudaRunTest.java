package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gramloom.backend.Backends;
import dev.gramloom.backend.Backends.Resources;
import dev.gramloom.backend.cuda.OnCuda;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs on a CUDA device go the way of the CPU engine's. */
@OnCuda
class CudaRunTest {
  private static final double MOST = 1e-3; // relative, between losses of the same iteration

  @TempDir Path folder;
  private Path exemplar;

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder);
  }

  /** A command whose pictures lie in the folder. */
  private Path run(String name, String command) {
    String line = "%s -o %s.png --quiet --no-preview --network filters".formatted(command, name);
    Cli.run(Cli.words(line.replaceAll("\\w+\\.png", folder + "/$0"))).succeeded();
    return folder.resolve(name + ".png");
  }

  /** Another picture, and red and blue stripes that say what goes where in it. */
  private void makeMaps() {
    int pixels = 64 * 64;
    float[] rgb = new float[3 * pixels];
    for (int i = 0; i < pixels; i++) {
      rgb[i % 64 < 32 ? i : 2 * pixels + i] = 1;
    }
    ImageFile.write(new Image(64, 64, rgb), folder.resolve("map.png"));
    ImageFile.write(Pictures.waves(64, 64, 5), folder.resolve("wood.png"));
  }

  private JsonObject report(String name) throws IOException {
    return Cli.json(folder.resolve(name + ".run.json"));
  }

  private List<Double> losses(String name) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (JsonElement scale : report(name).getAsJsonArray("scales")) {
      scale.getAsJsonObject().getAsJsonArray("losses").forEach(l -> losses.add(l.getAsDouble()));
    }
    return losses;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "synth stone.png --scales 32,40 --iterations 2,1",
        "synth stone.png --size 33x35 --iterations 2 --tile x --optimizer adam --tv-weight 0.1",
        "transfer stone.png wood.png --width 32 --iterations 2 --style-mask map.png --frames-every 1",
        "doodle wood.png --style-map map.png --target-map map.png --width 32 --iterations 2 --best loss"
      })
  void lossesAreTheCpusFromIterationToIteration(String command) throws IOException {
    makeMaps();
    run("cuda", command + " --backend cuda --precision fp32");
    run("cpu", command + " --backend cpu");
    List<Double> expected = losses("cpu");
    List<Double> actual = losses("cuda");
    assertEquals(expected.size(), actual.size());
    assertTrue(expected.size() >= 2, expected::toString);
    for (int i = 0; i < expected.size(); i++) {
      int at = i;
      double off = Math.abs(actual.get(i) - expected.get(i)) / expected.get(i);
      assertTrue(off <= MOST, () -> "loss %d is off by %g".formatted(at, off));
    }
    assertEquals("cuda", report("cuda").getAsJsonObject("backend").get("name").getAsString());
  }

  @Test
  void theSameCommandGivesTheSameBytes() throws IOException {
    String command = "synth stone.png --size 32 --iterations 1 --backend cuda --precision fp32";
    assertArrayEquals(
        Files.readAllBytes(run("once", command)), Files.readAllBytes(run("again", command)));
  }

  @Test
  void autoTakesTheGpuAndSaysWhichOne() {
    Cli.Run run =
        Cli.run("synth", exemplar, "-o", folder.resolve("auto.png"), "--size=32", "--iterations=1");
    assertTrue(run.succeeded().err().contains("Backend cuda: "), run::toString);
    List<String> lines = Cli.run("backends").succeeded().outLines();
    assertTrue(
        lines.get(0).matches("cuda +auto +.+, compute capability \\d+\\.\\d, .*MiB, driver .*"),
        lines::toString);
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() throws IOException {
    String said =
        Cli.refused(
            ExitCode.UNAVAILABLE, folder, "synth", exemplar, "--backend=cuda", "--device=99");
    assertTrue(said.contains("no device 99: this machine has "), said);
  }

  /** One worker for each device that is named: none of two jobs waits for the other. */
  @Test
  void aBatchComputesOnEveryDevice() throws IOException {
    assumeTrue(Backends.devices(Backends.choose("cuda", new Resources(1, 0))) > 1, "one device");
    String job =
        "{\"exemplar\":\"%s\",\"scales\":32,\"iterations\":1,\"network\":\"filters\"}"
            .formatted(exemplar.getFileName());
    Path jobs = folder.resolve("jobs.jsonl");
    String[] flags = {"--device=0,1", "--device=1", "--device=all --workers=1"};
    int[] devices = {2, 1, 2};
    for (int i = 0; i < flags.length; i++) {
      Files.write(jobs, Collections.nCopies(devices[i], job));
      Path out = folder.resolve("out" + i);
      String words = "batch %s -o %s --backend cuda %s".formatted(jobs, out, flags[i]);
      Cli.run(Cli.words(words)).succeeded();
      JsonObject report = Cli.json(out.resolve("report.json"));
      assertEquals(devices[i], report.get("workers").getAsInt(), flags[i]);
      assertEquals(devices[i], report.getAsJsonArray("devices").size(), flags[i]);
      Set<String> used = new TreeSet<>();
      try (var files = Files.newDirectoryStream(out, "*.run.json")) {
        for (Path file : files) {
          used.add(Cli.json(file).getAsJsonObject("backend").get("description").getAsString());
        }
      }
      assertEquals(devices[i], used.size(), () -> "descriptions: " + used);
    }
    String said =
        Cli.refused(
            ExitCode.UNAVAILABLE,
            folder,
            "batch",
            jobs,
            "-o",
            "x",
            "--backend=cuda",
            "--device=0,9");
    assertTrue(said.contains("no device 9: this machine has "), said);
  }
}
