package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a small run writes and says. */
class SynthOutputTest {
  @TempDir Path folder;
  private Path exemplar;
  private Path target;

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder.resolve("in"));
    target = folder.resolve("new folder/o.png");
  }

  /** Three iterations at one scale. */
  private Cli.Run synth(String flags) {
    return command(flags + " --iterations 3");
  }

  private Cli.Run command(String flags) {
    List<Object> words = new ArrayList<>(List.of("synth", exemplar, "-o", target));
    words.addAll(List.of(Cli.words(flags)));
    return Cli.run(words.toArray());
  }

  @ParameterizedTest
  @CsvSource({"48, 48, 48", "33x47, 33, 47", "64x40, 64, 40"})
  void writesThePictureItsPreviewAndItsReportAndNothingElse(String size, int width, int height)
      throws IOException {
    synth("--size " + size).succeeded();

    List<String> companions = List.of("o.png", "o.preview.png", "o.run.json");
    assertEquals(Set.copyOf(companions), Set.copyOf(Cli.names(target.getParent())));
    Image picture = ImageFile.read(target);
    assertEquals(width, picture.width());
    assertEquals(height, picture.height());
    Image preview = ImageFile.read(target.resolveSibling("o.preview.png"));
    assertTrue(preview.width() > 3 * width && preview.height() >= 3 * height, preview::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"o.jpg", "o.tga", "o.bmp", "O.PNG"})
  void theExtensionChoosesTheFormat(String name) throws IOException {
    target = folder.resolve(name);
    synth("--size 48 --no-preview").succeeded();
    assertEquals(48, ImageFile.read(target).width());
    assertEquals(
        List.of(name, "in", name.charAt(0) + ".run.json").stream().sorted().toList(),
        Cli.names(folder));
  }

  @Test
  void theReportHoldsEverySettingAndEveryNumber() throws Exception {
    String flags =
        "--scales 32,48 --iterations 2,3 --seed 42 --tile x --init exemplar --exemplar-scale 0.5"
            + " --style-weight 2 --tv-weight 0.25 --color free --optimizer adam --threads 1"
            + " --backend cpu --style-loss swd --min-improvement 2";
    command(flags).succeeded();

    JsonObject report = Cli.json(target.resolveSibling("o.run.json"));
    assertEquals("development", report.get("version").getAsString());
    assertEquals(42, report.get("seed").getAsLong());
    assertEquals(
        JsonParser.parseString(
            """
            {"scales":["32","48"],"iterations":[2,3],"tile":"x","init":"exemplar",
             "exemplar_scale":0.5,"style_weight":2.0,"gram_normalization":"relative","tv_weight":0.25,"color":"free",
             "optimizer":"adam","style_loss":"swd","min_improvement":0.02}\
            """),
        report.get("settings"));
    JsonObject photograph = report.getAsJsonObject("exemplar");
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(exemplar));
    assertEquals("stone.png", photograph.get("name").getAsString());
    assertEquals(HexFormat.of().formatHex(digest), photograph.get("sha256").getAsString());
    assertEquals(64, photograph.get("width").getAsInt());
    assertEquals(64, photograph.get("height").getAsInt());
    assertEquals("filters", report.getAsJsonObject("network").get("name").getAsString());
    assertFalse(report.getAsJsonObject("network").get("identity").getAsString().isBlank());
    assertEquals("cpu", report.getAsJsonObject("backend").get("name").getAsString());
    assertEquals(1, report.getAsJsonObject("backend").get("threads").getAsInt());
    assertTrue(report.get("planned_mib").getAsLong() > 0);
    assertScales(report.getAsJsonArray("scales"));
    assertMeasured(report);
  }

  private static void assertScales(JsonArray scales) {
    assertEquals(2, scales.size());
    for (int i = 0; i < 2; i++) {
      JsonObject scale = scales.get(i).getAsJsonObject();
      assertEquals(i == 0 ? 32 : 48, scale.get("width").getAsInt());
      assertEquals(i == 0 ? 2 : 3, scale.get("iterations").getAsInt());
      assertEquals(i == 0 ? 2 : 3, scale.getAsJsonArray("losses").size());
      assertTrue(scale.get("seconds").getAsDouble() > 0);
    }
  }

  /** Also what {@code compare --json} prints. */
  static void assertMeasured(JsonObject json) {
    JsonObject gram = json.getAsJsonObject("relative_gram_distance");
    assertTrue(gram.has("mean") && gram.size() >= 2, gram::toString);
    assertEquals(Set.of("x", "y"), json.getAsJsonObject("seam").keySet());
    assertEquals(Set.of("red", "green", "blue"), json.getAsJsonObject("color_emd").keySet());
    assertEquals(Set.of("output", "exemplar"), json.getAsJsonObject("clipped").keySet());
    for (String key : List.of("relative_gram_distance", "seam", "color_emd", "clipped")) {
      json.getAsJsonObject(key).asMap().values().forEach(SynthOutputTest::assertFinite);
    }
    assertFinite(json.get("spectrum"));
  }

  private static void assertFinite(JsonElement number) {
    assertTrue(Double.isFinite(number.getAsDouble()), number::toString);
  }

  @Test
  void jsonIsOneObjectOnOneLineAndTheReportAgain() throws IOException {
    Cli.Run run = synth("--size 48 --json").succeeded();

    assertEquals(1, run.outLines().size(), run::toString);
    JsonObject printed = JsonParser.parseString(run.out()).getAsJsonObject();
    assertEquals(target.toString(), printed.remove("output").getAsString());
    assertEquals(Cli.json(target.resolveSibling("o.run.json")), printed);
  }

  @Test
  void quietSaysNothing() throws IOException {
    assertEquals(new Cli.Run(0, "", ""), synth("--size 48 --quiet --gif --frames-every 1"));
    Cli.Run json = synth("--size 48 --quiet --json");
    assertEquals("", json.err());
    assertEquals(1, json.outLines().size());
  }

  @Test
  void progressAwayFromATerminalIsLinesWithoutEscapeCodes() {
    Cli.Run run = synth("--size 48").succeeded();
    List<String> lines = run.errLines();
    assertTrue(lines.get(0).startsWith("Backend cpu: "), run::toString);
    assertTrue(lines.get(1).startsWith("Network filters"), run::toString);
    assertTrue(lines.get(2).matches("Memory \\d+ MiB needed, \\d+ MiB allowed"), run::toString);
    assertTrue(
        lines.stream().skip(3).allMatch(line -> line.matches("Progress: \\d{1,3}%")), run.err());
    assertEquals("Progress: 100%", lines.get(lines.size() - 1));
    assertFalse(run.err().contains("\u001b") || run.err().contains("\r"), run.err());
    assertEquals("wrote " + target, run.outLines().get(run.outLines().size() - 1));
  }

  @Test
  void aFailureInTheMiddleLeavesNothingHalfWritten() throws IOException {
    target = folder.resolve("out/o.png");
    var err = new ByteArrayOutputStream();
    var obstructing =
        new PrintStream(err, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            super.println(line);
            if (line.startsWith("Progress")) {
              target.toFile().mkdirs(); // a folder where the picture should go
            }
          }
        };
    String words = "synth %s --size 48 --iterations 3 --gif --frames-every 1 -o %s";
    String[] command = words.formatted(exemplar, target).split(" ");
    int code = GramloomCommand.run(command, System.out, obstructing);

    assertEquals(ExitCode.CANNOT_WRITE.code(), code, err::toString);
    assertEquals(List.of("frames", "o.png"), Cli.names(target.getParent()));
    assertEquals(
        List.of("o.0001.png", "o.0002.png", "o.0003.png"),
        Cli.names(target.resolveSibling("frames")));
    assertEquals(List.of(), Cli.names(target));
    List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
    assertTrue(lines.get(lines.size() - 1).startsWith("gramloom: cannot write "), lines::toString);
    assertEquals(1, lines.stream().filter(line -> line.startsWith("gramloom: ")).count());
  }
}
