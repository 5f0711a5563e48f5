package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.Failure;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Maps of few colours. */
class LabelMapTest {
  private static final float[][] COLORS = {{0.9f, 0.1f, 0.1f}, {0.1f, 0.2f, 0.9f}, {1, 1, 1}};

  /** Stripes from top to bottom, as wide as {@code stripes} says, with some noise. */
  private static Image map(double noise, int... stripes) {
    Random random = new Random(1);
    int width = stripes.length;
    float[] rgb = new float[3 * 40 * width];
    for (int i = 0; i < rgb.length; i++) {
      float color = COLORS[stripes[i % width]][i / (40 * width)];
      rgb[i] = (float) Math.min(1, Math.max(0, color + noise * (random.nextDouble() - 0.5)));
    }
    return new Image(40, width, rgb);
  }

  @Test
  void everyColorIsAPartWhateverTheNoise() {
    for (double noise : new double[] {0, 0.15}) {
      Image map = map(noise, 0, 0, 0, 0, 1, 1, 1, 2, 2);
      LabelMap labels = LabelMap.of(map, "map");
      assertEquals(3, labels.colors().size());
      List<Plane> parts = labels.parts(map);
      float[] row = new float[9];
      System.arraycopy(parts.get(0).values(), 9 * 17, row, 0, 9);
      assertArrayEquals(new float[] {1, 1, 1, 1, 0, 0, 0, 0, 0}, row);
      for (int i = 0; i < map.pixels(); i++) {
        int at = i;
        assertEquals(1, parts.stream().mapToDouble(part -> part.values()[at]).sum());
      }
    }
  }

  @Test
  void whatAnotherMapHasBesidesIsNamed() {
    LabelMap two = LabelMap.of(map(0.1, 0, 1), "two");
    LabelMap three = LabelMap.of(map(0.1, 0, 1, 2), "three");
    assertNull(three.missing(two));
    assertArrayEquals(new float[] {1, 1, 1}, two.missing(three), 0.1f);
    assertNotNull(two.missing(three));
  }

  @Test
  void aPhotographIsNoMap() {
    Image noise = Pictures.noise(64, 64, 1);
    Failure failure = assertThrows(Failure.class, () -> LabelMap.of(noise, "photo.png"));
    assertTrue(failure.getMessage().startsWith("photo.png: a map must have at most 16"));
  }
}
