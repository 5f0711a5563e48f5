package dev.gramloom.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ColorDistanceTest {
  @Test
  void isTheNumberOfLevelsBetweenPlainColours() {
    Image a = Pictures.plain(3, 4, 10 / 255f, 20 / 255f, 0);
    Image b = Pictures.plain(1, 2, 13 / 255f, 15 / 255f, 1);

    ColorDistance distance = ColorDistance.between(a, b);

    assertEquals(3, distance.red(), 1e-9);
    assertEquals(5, distance.green(), 1e-9);
    assertEquals(255, distance.blue(), 1e-9);
    assertEquals(255, distance.worst(), 1e-9);
    assertEquals(263 / 3.0, distance.mean(), 1e-9);
    assertEquals(1 / 3.0, distance.clipped(), 1e-12);
    assertEquals(1 / 3.0, distance.exemplarClipped(), 1e-12);
  }

  @Test
  void doesNotSeeWhereAColourIs() {
    Image image = Pictures.noise(13, 7, 1);

    assertEquals(0, ColorDistance.between(Pictures.rolled(image, 4, 3), image).worst(), 1e-9);
  }

  @Test
  void isTheMeanDifferenceOfSortedLevels() {
    Image a = Pictures.noise(9, 8, 1);
    Image b = Pictures.noise(9, 8, 2);
    float[] p = Arrays.copyOf(Pictures.rounded(a), 72);
    float[] q = Arrays.copyOf(Pictures.rounded(b), 72);
    Arrays.sort(p);
    Arrays.sort(q);
    double expected = 0;
    for (int i = 0; i < 72; i++) {
      expected += 255 * Math.abs(p[i] - q[i]) / 72;
    }

    assertEquals(expected, ColorDistance.between(a, b).red(), 1e-4);
  }

  @Test
  void doesNotSeeMaskedPixels() {
    Image image = Pictures.plain(5, 5, 0.5f, 0.5f, 0.5f);
    image.rgb()[6] = 1;

    assertEquals(
        0,
        ColorDistance.between(
                Pictures.withHole(image, 1, 1, 1, 1), Pictures.plain(1, 1, 0.5f, 0.5f, 0.5f))
            .worst(),
        1e-9);
  }

  @Test
  void refusesWhatIsNotANumber() {
    Image broken = Pictures.plain(2, 2, Float.NaN, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> ColorDistance.between(broken, broken));
  }
}
