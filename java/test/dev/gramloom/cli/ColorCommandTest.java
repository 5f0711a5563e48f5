package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ColorSpace;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColorCommandTest {
  @TempDir Path folder;
  private Path source;
  private Path palette;

  @BeforeEach
  void makePictures() throws IOException {
    source = Cli.exemplar(folder);
    palette = written("palette.png", Pictures.noise(40, 40, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "histogram"})
  void theResultHasThePalettesColours(String method) {
    Path target = folder.resolve("stone.color.png");

    Cli.Run run = Cli.run("color", source, palette, "--method", method).succeeded();

    assertEquals("wrote " + target, run.outLines().get(1));
    assertTrue(run.outLines().get(0).matches("colors differ .* mean and .* covariance"), run.out());
    ColorStatistics got = ColorStatistics.of(ImageFile.read(target));
    ColorStatistics wanted = ColorStatistics.of(ImageFile.read(palette));
    assertTrue(got.meanDistance(wanted) < 2, run.out());
    assertTrue(got.covarianceDistance(wanted) < 0.05, run.out());
  }

  @Test
  void aMaskWithSoftEdgesMixes() {
    float[] ramp = new float[3 * 64 * 64];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = Math.max(0, Math.min(1, (i % 64 - 20) / 20f));
    }
    Path mask = written("mask.png", new Image(64, 64, ramp));
    Path target = folder.resolve("out.png");
    Path blue = written("blue.png", Pictures.plain(5, 5, 0, 0, 1));

    Cli.run("color", source, blue, "--mask", mask, "--method", "linear", "-o", target).succeeded();

    Image before = ImageFile.read(source);
    Image after = ImageFile.read(target);
    float[] share = ImageFile.read(mask).rgb();
    for (int i = 0; i < after.rgb().length; i++) {
      float blueness = i / after.pixels() == 2 ? 1 : 0;
      float wanted = before.rgb()[i] * (1 - share[i]) + blueness * share[i];
      assertEquals(wanted, after.rgb()[i], 9 / 255f); // the map keeps a sixteenth of the contrast
      assertTrue(share[i] > 0 || before.rgb()[i] == after.rgb()[i]);
    }
  }

  @Test
  void luminanceTakesASmallerPaletteOfTheSameProportions() {
    Path target = folder.resolve("out.png");

    Cli.run("color", source, palette, "--method=luminance", "--space=lab", "-o", target)
        .succeeded();

    float[] before = ColorSpace.LAB.fromRgb(ImageFile.read(source).rgb());
    float[] after = ColorSpace.LAB.fromRgb(ImageFile.read(target).rgb());
    for (int i = 0; i < 64 * 64; i++) {
      assertEquals(before[i], after[i], 0.005f, "light at pixel " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--method luminance --space rgb, 'ycbcr or lab'",
    "--method luminance, 'proportions of 64 x 64, got 40 x 20'",
    "--method sepia, 'one of luminance, linear, histogram'",
    "--mask wide.png, 'the mask must be as large as the source, 64 x 64'",
    "--mask black.png, 'marks no pixel'",
    "-o stone.gif, 'a picture''s name must end in'"
  })
  void whatCannotBeIsSaidInOneLine(String flags, String reason) throws IOException {
    written("wide.png", Pictures.noise(20, 40, 3));
    written("black.png", Pictures.plain(64, 64, 0, 0, 0));
    Path wide = written("palette.png", Pictures.noise(20, 40, 3));
    Object[] words = Cli.words("color s p " + flags);
    words[1] = source;
    words[2] = wide;
    for (int i = 3; i < words.length; i++) {
      String word = words[i].toString();
      words[i] = word.matches(".*\\.(png|gif)") ? folder.resolve(word) : word;
    }
    ExitCode code = flags.contains("black") ? ExitCode.BAD_DATA : ExitCode.USAGE;

    String line = Cli.refused(code, folder, words);

    assertTrue(line.contains(reason), line);
  }

  private Path written(String name, Image image) {
    Path file = folder.resolve(name);
    ImageFile.write(image, file);
    return file;
  }
}
