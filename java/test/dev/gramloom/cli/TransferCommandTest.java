package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfer, doodle, guides and presets, as a user gives them. */
class TransferCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void pictures() {
    write(Pictures.waves(48, 64, 3), "photo.png");
    write(Pictures.waves(70, 64, 5), "painting.png");
    write(Pictures.noise(64, 64, 6), "grain.png");
    write(halves(48, 64, 1, 1, 1, 0, 0, 0), "left.png");
    write(halves(48, 64, 0, 0, 0, 1, 1, 1), "right.png");
    write(halves(70, 64, 1, 0, 0, 0, 0, 1), "painting-map.png");
    write(halves(48, 64, 0, 0, 1, 1, 0, 0), "map.png");
    write(halves(48, 64, 0, 1, 0, 1, 0, 0), "green.png");
  }

  private void write(Image image, String name) {
    ImageFile.write(image, folder.resolve(name));
  }

  /** One colour left, another one right. */
  private static Image halves(int height, int width, float... colors) {
    float[] rgb = new float[3 * height * width];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = colors[(i % width < width / 2 ? 0 : 3) + i / (height * width)];
    }
    return new Image(height, width, rgb);
  }

  /** The words of a line, pictures in the folder. */
  private Object[] words(String line) {
    return Stream.of(line.split(" +"))
        .map(word ->
            Stream.of(word.split(","))
                .map(w -> w.matches(".*\\.(png|gif)") ? folder.resolve(w).toString() : w)
                .reduce((a, b) -> a + "," + b)
                .orElse(""))
        .toArray();
  }

  private Cli.Run run(String line) {
    return Cli.run(words(line)).succeeded();
  }

  private Image image(String name) {
    return ImageFile.read(folder.resolve(name));
  }

  private static final String FAST = " --scales 44,64 --iterations 4,4 ";

  @Test
  void aTransferKeepsTheContentsProportionsAndWritesItsCompanions() throws IOException {
    Cli.Run run = run("transfer photo.png painting.png -o a.png --gif --frames-every 3" + FAST);
    assertTrue(run.err().contains("Network filters, built in"), run::err);
    assertTrue(run.out().contains("content loss"), run::out);
    assertEquals(48, image("a.png").height());
    assertEquals(64, image("a.png").width());
    List<String> names = Cli.names(folder);
    assertTrue(names.containsAll(List.of("a.gif", "a.preview.png", "a.run.json", "frames")));
    JsonObject report = Cli.json(folder.resolve("a.run.json"));
    assertEquals("photo.png", report.getAsJsonObject("content").get("name").getAsString());
    assertEquals(1, report.getAsJsonArray("styles").size());
    assertEquals(2, report.getAsJsonArray("scales").size());
  }

  @Test
  void theOrderOfStylesDoesNotMatter() throws IOException {
    String options = " --no-preview" + FAST;
    run("transfer photo.png painting.png grain.png --style-weight 2,1 -o a.png" + options);
    run("transfer photo.png grain.png painting.png --style-weight 1,2 -o b.png" + options);
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("a.png")), Files.readAllBytes(folder.resolve("b.png")));
  }

  @Test
  void aFinishedPictureIsNotPaintedAgainUnlessSomethingDiffers() throws IOException {
    String line = "transfer photo.png painting.png -o a.png --no-preview" + FAST;
    run(line);
    byte[] first = Files.readAllBytes(folder.resolve("a.png"));
    assertTrue(run(line).err().contains("is finished already"));
    run(line + "--content-mask left.png");
    assertFalse(Arrays.equals(first, Files.readAllBytes(folder.resolve("a.png"))));
  }

  @Test
  void aSeriesLeadsFromOneStyleToTheOther() throws IOException {
    String options = " --no-preview" + FAST;
    run("transfer photo.png painting.png grain.png --interpolate 3 -o a.png" + options);
    run("transfer photo.png painting.png grain.png --style-weight 0,1 -o b.png" + options);
    assertEquals(
        List.of("a.0001.png", "a.0002.png", "a.0003.png"), Cli.names(folder.resolve("frames")));
    assertArrayEquals(image("b.png").rgb(), image("frames/a.0003.png").rgb());
    assertArrayEquals(image("b.png").rgb(), image("a.png").rgb());
  }

  @ParameterizedTest
  @ValueSource(strings = {"luminance", "linear", "histogram"})
  void theContentsColorsAreKept(String method) {
    run("transfer photo.png grain.png -o a.png --no-preview --preserve-color " + method + FAST);
    ColorStatistics wanted = ColorStatistics.of(image("photo.png"));
    ColorStatistics got = ColorStatistics.of(image("a.png"));
    assertTrue(got.meanDistance(wanted) < 2, () -> got.meanDistance(wanted) + " levels");
    assertTrue(got.covarianceDistance(wanted) < 0.05);
  }

  @Test
  void eachStylePaintsWhereItsMaskIsWhite() {
    run(
        "transfer photo.png painting.png grain.png --style-mask left.png,right.png"
            + " --content-mask left.png -o a.png --no-preview"
            + FAST);
    assertEquals(64, image("a.png").width());
  }

  @ParameterizedTest
  @ValueSource(strings = {"swd", "mrf", "histogram"})
  void otherStyleLossesWork(String loss) {
    String line = "synth grain.png -o a.png --scales 64 --iterations 3 --json --style-loss ";
    String out = run(line + loss).out();
    JsonObject report = JsonParser.parseString(out).getAsJsonObject();
    assertEquals(loss, report.getAsJsonObject("settings").get("style_loss").getAsString());
    run("transfer photo.png grain.png -o b.png --no-preview --style-loss " + loss + FAST);
  }

  @Test
  void aDoodleAndAGuidedTextureFollowTheirMaps() {
    String maps = "--style-map painting-map.png --target-map map.png";
    run("doodle painting.png " + maps + " -o a.png" + FAST);
    assertEquals(48, image("a.png").height());
    run("doodle painting.png " + maps + " --content photo.png -o b.png --no-preview" + FAST);
    run(
        "synth painting.png --guide painting-map.png,map.png -o c.png --scales 64"
            + " --iterations 3 --no-preview");
    assertEquals(64, image("c.png").height());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          photo.png                                       | STYLE
          photo.png grain.png --style-weight 1,2          | as many numbers as there are styles, 1
          photo.png grain.png --style-mask left.png,right.png | as many pictures as there are styles, 1, got 2
          photo.png grain.png --style-mask map.png --style-loss swd | --style-mask needs gram
          photo.png grain.png --style-mask grain.png      | as large as the content, 64 x 48
          photo.png grain.png --content-mask grain.png    | as large as the content, 64 x 48
          photo.png grain.png --content-layer pool2       | a convolution like conv4_2
          photo.png grain.png --network filters --content-layer conv4_2 | for VGG
          photo.png grain.png --interpolate 1             | from 2 to 1000
          photo.png grain.png --interpolate 3             | needs two styles
          photo.png grain.png --width 8                   | --width must be from 32
          photo.png grain.png --width 64 --scales 64      | exclude each other
          photo.png grain.png -o grain.png                | must not replace the input
          """)
  void aTransferThatCannotBeIsRefusedBeforeItStarts(String line, String reason) throws IOException {
    String said = Cli.refused(ExitCode.USAGE, folder, words("transfer " + line));
    assertTrue(said.contains(reason), said);
  }

  @Test
  void mapsThatDoNotFitAreRefused() throws IOException {
    String line = "doodle painting.png --target-map map.png --style-map ";
    assertTrue(
        Cli.refused(ExitCode.USAGE, folder, words(line + "map.png"))
            .contains("as large as the style, 64 x 70"));
    line = "doodle painting.png --style-map painting-map.png --target-map green.png";
    String said = Cli.refused(ExitCode.BAD_DATA, folder, words(line));
    assertTrue(said.contains("has a part in #00ff00 that"), said);
    line = "synth painting.png --guide painting-map.png";
    assertTrue(Cli.refused(ExitCode.USAGE, folder, words(line)).contains("two maps"));
  }

  static Stream<String> examples() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int start = readme.indexOf("## What one picture shows");
    String sections = readme.substring(start, readme.indexOf("## Stop and go on", start));
    return sections
        .lines()
        .filter(l -> l.startsWith("    ./gramloom ") && !l.contains("PAGE_URL")) // it needs a net
        .map(l -> l.replaceFirst(" +#.*", "").strip());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleOfTheReadmeRuns(String line) {
    String command =
        line.substring("./gramloom ".length())
            .replace(" --width 768", "")
            .replace("--iterations 60", "--iterations 3 --network filters");
    String small =
        switch (command.substring(0, command.indexOf(' '))) {
          case "synth" -> " --size 64 --iterations 3,3";
          case "transfer", "doodle" -> FAST;
          default -> "";
        };
    run(command + " -o a.png" + small);
    assertTrue(Files.exists(folder.resolve("a.png")));
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void aPresetIsFlagsBeforeThoseThatAreGiven(Preset preset) {
    Cli.Run run = Cli.run("explain", "--preset", preset).succeeded();
    assertEquals(preset.toString(), run.outLines().get(0));
    String[] words = {"transfer", "a", "b", "--preset", preset.toString(), "--optimizer", "adam"};
    List<String> expanded = Arrays.asList(Preset.expanded(words));
    assertEquals(List.of(words), expanded.stream().filter(List.of(words)::contains).toList());
    for (String line : run.outLines()) {
      if (line.startsWith("  --") && !line.startsWith("  --optimizer")) {
        String flag = line.strip().split(" ")[0];
        assertTrue(expanded.stream().anyMatch(word -> word.startsWith(flag + "=")), line);
      }
    }
    assertTrue(expanded.stream().noneMatch(word -> word.startsWith("--optimizer=")));
  }
}
