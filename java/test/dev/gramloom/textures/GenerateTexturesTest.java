package dev.gramloom.textures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed textures are what the generator draws. */
class GenerateTexturesTest {
  private static final Path FOLDER = Path.of("textures");
  private static final Map<String, Material> MATERIALS = GenerateTextures.materials();

  @ParameterizedTest
  @ValueSource(strings = {"pebbles", "cloth", "wood"})
  void drawsTheCommittedPixels(String name) throws IOException {
    assertArrayEquals(pixels(read(name)), pixels(MATERIALS.get(name).draw()), name);
  }

  @Test
  void everyPictureHasAGeneratorAndEveryGeneratorAPicture() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      TreeSet<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".png"))
              .map(name -> name.substring(0, name.length() - ".png".length()))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(new TreeSet<>(MATERIALS.keySet()), names);
    }
    assertTrue(MATERIALS.size() >= 10, "at least ten materials");
  }

  @Test
  void everyPictureIsFiveHundredTwelveSquareWithoutAlpha() throws IOException {
    for (String name : MATERIALS.keySet()) {
      BufferedImage picture = read(name);
      assertEquals(512, picture.getWidth(), name);
      assertEquals(512, picture.getHeight(), name);
      assertFalse(picture.getColorModel().hasAlpha(), name);
      assertEquals(3, picture.getColorModel().getNumComponents(), name);
    }
  }

  /** A texture, not a scene: no quarter is much brighter or darker than the whole. */
  @Test
  void everyPictureIsEvenlyLit() throws IOException {
    for (String name : MATERIALS.keySet()) {
      BufferedImage picture = read(name);
      double whole = mean(picture, 0, 0, 512);
      for (int quarter = 0; quarter < 4; quarter++) {
        double part = mean(picture, 256 * (quarter & 1), 256 * (quarter >> 1), 256);
        assertEquals(1, part / whole, 0.12, name + ", quarter " + quarter);
      }
    }
  }

  private static double mean(BufferedImage picture, int left, int top, int side) {
    int[] pixels = picture.getRGB(left, top, side, side, null, 0, side);
    long sum = 0;
    for (int p : pixels) {
      sum += (p >> 16 & 255) + (p >> 8 & 255) + (p & 255);
    }
    return sum / (3.0 * pixels.length);
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, 512);
  }

  private static BufferedImage read(String name) throws IOException {
    return ImageIO.read(FOLDER.resolve(name + ".png").toFile());
  }
}
