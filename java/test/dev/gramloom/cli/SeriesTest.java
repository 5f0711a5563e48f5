package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {
  private static final Pattern BEST = Pattern.compile("Best: iteration (\\d+) at 40, .*");

  @TempDir Path folder;
  private Path exemplar;
  private Path target;

  @BeforeEach
  void makePicture() throws IOException {
    exemplar = Cli.exemplar(folder);
    target = folder.resolve("t.png");
  }

  private Cli.Run synth(String flags) {
    return Cli.run(
            Cli.words(
                "synth "
                    + exemplar
                    + " -o "
                    + target
                    + " --scales 32,40 --iterations 3,5 --network filters --no-preview "
                    + flags))
        .succeeded();
  }

  @Test
  void theBestFrameIsTheOneOfLowestLoss() throws IOException {
    Cli.Run run = synth("--optimizer adam --best loss --frames-every 1 --color free");

    JsonArray scales = Cli.json(folder.resolve("t.run.json")).getAsJsonArray("scales");
    JsonObject finest = scales.get(1).getAsJsonObject();
    JsonArray losses = finest.getAsJsonArray("losses");
    int lowest = 0;
    for (int i = 1; i < losses.size(); i++) {
      lowest = losses.get(i).getAsDouble() < losses.get(lowest).getAsDouble() ? i : lowest;
    }
    assertEquals(lowest + 1, iteration(run));
    Path frame = folder.resolve("frames/t.%04d.png".formatted(3 + lowest + 1));
    assertArrayEquals(
        ImageFile.read(frame).rgb(), ImageFile.read(folder.resolve("t.best.png")).rgb());
  }

  @Test
  void theMetricChoosesAnIterateOfTheFinestScale() {
    Cli.Run run = synth("--best metric");

    assertTrue(iteration(run) >= 1 && iteration(run) <= 5, run.err());
    assertEquals(40, ImageFile.read(folder.resolve("t.best.png")).width());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 20})
  void theSheetHasSoManyFramesOrAllThereAre(int frames) {
    synth("--sheet " + frames);

    Image sheet = ImageFile.read(folder.resolve("t.sheet.png"));
    int shown = Math.min(frames, 8);
    int columns = (int) Math.ceil(Math.sqrt(shown));
    int rows = (shown + columns - 1) / columns;
    assertEquals(columns * 48 + 8, sheet.width());
    assertEquals(rows * (40 + 23) + 8, sheet.height());
  }

  @Test
  void watchingChangesNothing() throws IOException {
    synth("");
    Image alone = ImageFile.read(target);
    synth("--best metric --sheet 5");

    assertArrayEquals(alone.rgb(), ImageFile.read(target).rgb());
  }

  @ParameterizedTest
  @CsvSource({
    "--sheet 0, --sheet must be from 1 to 100",
    "--sheet 101, --sheet must be from 1 to 100",
    "--best looks, 'one of loss, metric'"
  })
  void whatCannotBeIsSaidInOneLine(String flags, String reason) throws IOException {
    String line = Cli.refused(ExitCode.USAGE, folder, Cli.words("synth " + exemplar + " " + flags));

    assertTrue(line.contains(reason), line);
  }

  private static int iteration(Cli.Run run) {
    Matcher best =
        run.errLines().stream()
            .map(BEST::matcher)
            .filter(Matcher::matches)
            .findFirst()
            .orElseThrow();
    return Integer.parseInt(best.group(1));
  }
}
