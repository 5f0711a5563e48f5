package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import dev.gramloom.metric.Seam;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinishCommandTest {
  @TempDir Path folder;
  private Path picture;
  private Path target;

  @BeforeEach
  void makePicture() throws IOException {
    picture = Cli.exemplar(folder);
    target = folder.resolve("out.png");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--denoise 8",
        "--sharpen 1",
        "--upscale 2",
        "--upscale 4",
        "--resize 50x90",
        "--denoise 4 --upscale 2 --sharpen 2"
      })
  void whatTilesBeforeTilesAfter(String flags) {
    Image tile = ImageFile.read(picture);
    Path rolledPicture = written("rolled.png", Pictures.rolled(tile, 32, 32));
    Path rolledTarget = folder.resolve("rolled.out.png");

    Image result = finished(picture, target, flags + " --tile both");
    Image rolled = finished(rolledPicture, rolledTarget, flags + " --tile both");

    // Half a tile is a whole number of pixels at every size here: the roll shows in place.
    Image wanted = Pictures.rolled(result, result.height() / 2, result.width() / 2);
    assertArrayEquals(wanted.rgb(), rolled.rgb(), 1.01f / 255);
    assertTrue(Seam.of(result).worst() < 98, Seam.of(result).toString());
  }

  @Test
  void theOrderOfFlagsDoesNotMatter() {
    Image one = finished(picture, target, "--denoise 8 --upscale 2 --sharpen 1");
    Image other = finished(picture, folder.resolve("b.png"), "--sharpen 1 --upscale 2 --denoise 8");

    assertArrayEquals(one.rgb(), other.rgb());
  }

  @Test
  void saysWhereThePictureTiles() {
    Image photograph = Pictures.plain(64, 64, 0, 0, 0);
    for (int i = 0; i < photograph.rgb().length; i++) {
      photograph.rgb()[i] = i / 64 % 64 / 64f;
    }
    Path gradient = written("gradient.png", photograph);

    assertTrue(Cli.run("finish", picture, "--sharpen", "1").err().contains("--tile both"));
    assertTrue(Cli.run("finish", gradient, "--sharpen", "1").err().contains("--tile x"));
  }

  @Test
  void contentComesBackWhereTheMaskSays() {
    Path content = written("content.png", Pictures.noise(64, 64, 3));
    Path mask = written("mask.png", half(64, 64));

    Image result =
        finished(picture, target, "--sharpen 2 --mask-from " + content + " --mask " + mask);
    Image without = finished(picture, folder.resolve("b.png"), "--sharpen 2");

    Image original = ImageFile.read(content);
    for (int i = 0; i < result.rgb().length; i++) {
      float wanted = i % 64 < 32 ? without.rgb()[i] : original.rgb()[i];
      assertEquals(wanted, result.rgb()[i]);
    }
  }

  @Test
  void contentOfAnotherSizeIsBroughtToTheResults() {
    Path content = written("content.png", Pictures.plain(100, 100, 1, 0, 0));
    Path mask = written("mask.png", half(100, 100));

    Image result =
        finished(picture, target, "--upscale 2 --mask-from " + content + " --mask " + mask);

    assertEquals(128, result.width());
    assertEquals(1, result.rgb()[100]);
    assertEquals(0, result.rgb()[result.pixels() + 100]);
  }

  @Test
  void detailIsTheExemplarsAndStaysInPlace() {
    Path exemplar = written("exemplar.png", Pictures.noise(96, 96, 5));
    Path coarse = written("coarse.png", Pictures.waves(48, 48, 6));
    Image enlarged = finished(coarse, target, "--upscale 2");

    Image detailed =
        finished(
            coarse,
            folder.resolve("b.png"),
            "--upscale 2 --iterations 8 --network filters --backend cpu --detail " + exemplar);

    double before = steps(enlarged);
    double wanted = steps(ImageFile.read(exemplar));
    double after = steps(detailed);
    assertTrue(after > (before + wanted) / 2, before + " -> " + after + ", exemplar " + wanted);
  }

  @ParameterizedTest
  @CsvSource({
    "'', nothing to do",
    "--upscale 3, 'must be 2 or 4, got 3'",
    "--upscale 2 --resize 64x64, exclude each other",
    "--resize 20000x10, from 1 to 16384",
    "--resize big, must be a size like",
    "--sharpen 11, '--sharpen must be from 0.01 to 10'",
    "--denoise 0, '--denoise must be from 0.1 to 255'",
    "--mask-from MASK, need each other",
    "--mask MASK, need each other",
    "--mask-from PICTURE --mask WIDE, as large as the content",
    "--mask-from WIDE --mask WIDE, proportions of 64 x 64",
    "--detail PICTURE, needs a new size",
    "--sharpen 1 --iterations 5, is for --detail",
    "--sharpen 1 --network filters, is for --detail",
    "--upscale 2 --detail PICTURE --pool avg --network filters, is for VGG",
    "--upscale 2 --tile sideways, 'one of both, x, y, none'"
  })
  void whatCannotBeIsSaidInOneLine(String flags, String reason) throws IOException {
    Path mask = written("mask.png", half(64, 64));
    Path wide = written("wide.png", half(30, 64));
    String words =
        flags
            .replace("MASK", mask.toString())
            .replace("WIDE", wide.toString())
            .replace("PICTURE", picture.toString());

    String line =
        Cli.refused(ExitCode.USAGE, folder, Cli.words(("finish " + picture + " " + words).strip()));

    assertTrue(line.contains(reason), line);
  }

  private Image finished(Path from, Path to, String flags) {
    Cli.run(Cli.words("finish " + from + " -o " + to + " " + flags)).succeeded();
    return ImageFile.read(to);
  }

  private Path written(String name, Image image) {
    Path file = folder.resolve(name);
    ImageFile.write(image, file);
    return file;
  }

  /** Black left, white right. */
  private static Image half(int height, int width) {
    Image image = Pictures.plain(height, width, 0, 0, 0);
    for (int i = 0; i < image.rgb().length; i++) {
      image.rgb()[i] = i % width < width / 2 ? 0 : 1;
    }
    return image;
  }

  /** Mean difference of neighbours. */
  private static double steps(Image image) {
    double sum = 0;
    for (double step : Seam.columnSteps(image)) {
      sum += step;
    }
    return sum / image.rgb().length;
  }
}
