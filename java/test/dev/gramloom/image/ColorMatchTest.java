package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.metric.ColorDistance;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColorMatchTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void bringsEachChannelToTheExemplarsHistogram(long seed) {
    Image exemplar = photograph(60, 70, seed);

    Image matched = ColorMatch.match(Pictures.waves(64, 96, seed + 10), exemplar);

    ColorDistance distance = ColorDistance.between(matched, exemplar);
    assertTrue(distance.worst() < 0.3, distance.toString());
    assertEquals(distance.exemplarClipped(), distance.clipped(), 0.005);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void bringsTheColoursTogetherNotOnlyTheChannels(long seed) {
    Image exemplar = photograph(64, 64, seed);
    Image faded = changed(exemplar, seed);

    Image matched = ColorMatch.match(faded, exemplar);

    double before = jointDistance(faded, exemplar);
    double after = jointDistance(matched, exemplar);
    assertTrue(after < 1 && after < before / 5, before + " -> " + after);
  }

  @Test
  void rollingTheOutputRollsTheResult() {
    Image output = Pictures.waves(32, 24, 3);
    Image exemplar = photograph(40, 30, 5);

    Image rolledFirst = ColorMatch.match(Pictures.rolled(output, 5, 7), exemplar);
    Image rolledLast = Pictures.rolled(ColorMatch.match(output, exemplar), 5, 7);

    assertArrayEquals(rolledLast.rgb(), rolledFirst.rgb(), 1e-5f); // sums in another order
  }

  @Test
  void givesEqualColoursEqualColours() {
    Image output = Pictures.waves(20, 20, 4);
    for (int c = 0; c < 3; c++) {
      output.rgb()[c * 400 + 399] = output.rgb()[c * 400];
    }

    Image matched = ColorMatch.match(output, photograph(30, 30, 6));

    for (int c = 0; c < 3; c++) {
      assertEquals(matched.rgb()[c * 400], matched.rgb()[c * 400 + 399]);
    }
  }

  @Test
  void hardlyChangesAPictureThatMatches() {
    Image exemplar = photograph(64, 64, 7);

    Image matched = ColorMatch.match(exemplar, exemplar);

    assertTrue(Pictures.psnr(matched.rgb(), exemplar.rgb()) > 45);
  }

  @Test
  void leavesNoLevelEmptyThatASmoothOutputCanFill() {
    Image ramp = Pictures.plain(100, 300, 0, 0, 0);
    for (int i = 0; i < ramp.rgb().length; i++) {
      ramp.rgb()[i] = 0.4f + 0.2f * (i % 30_000) / 30_000f; // fifty levels, to become 256
    }
    Image exemplar = Pictures.plain(16, 256, 0, 0, 0);
    for (int i = 0; i < exemplar.rgb().length; i++) {
      exemplar.rgb()[i] = i % 256 / 255f;
    }

    Image matched = ColorMatch.match(ramp, exemplar);

    for (int c = 0; c < 3; c++) {
      boolean[] seen = new boolean[256];
      for (int i = 0; i < 30_000; i++) {
        seen[ColorSpace.level(matched.rgb()[c * 30_000 + i])] = true;
      }
      for (int level = 0; level < 256; level++) {
        assertTrue(seen[level], "level " + level);
      }
    }
  }

  @Test
  void countsOnlyWhatTheExemplarsMaskKeeps() {
    Image exemplar = Pictures.plain(40, 40, 1, 0, 0);
    Image inside = photograph(40, 40, 8);
    Image holed = Pictures.withHole(exemplar, 10, 10, 20, 20);
    for (int i = 0; i < 1600; i++) {
      for (int c = 0; c < 3 && holed.uses(i); c++) {
        exemplar.rgb()[c * 1600 + i] = inside.rgb()[c * 1600 + i];
      }
    }

    ColorDistance distance =
        ColorDistance.between(ColorMatch.match(Pictures.waves(50, 50, 9), holed), holed);

    assertTrue(distance.worst() < 0.3, distance.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void takesPicturesOfOneColour(int side) {
    Image grey = Pictures.plain(side, side, 0.5f, 0.5f, 0.5f);
    Image blue = Pictures.plain(side, 1, 0.1f, 0.2f, 0.9f);

    Image matched = ColorMatch.match(grey, blue);

    assertArrayEquals(Pictures.plain(side, side, 0.1f, 0.2f, 0.9f).rgb(), matched.rgb(), 0.003f);
    for (float value : ColorMatch.match(grey, Pictures.noise(9, 9, 1)).rgb()) {
      assertTrue(value >= -0.01 && value <= 1.01);
    }
  }

  @Test
  void survivesAnOutputFarOutOfRange() {
    Image wild = Pictures.noise(16, 16, 1);
    wild.rgb()[3] = 1e9f;

    for (float value : ColorMatch.match(wild, photograph(20, 20, 2)).rgb()) {
      assertTrue(value > -0.01 && value < 1.01, "value " + value);
    }
  }

  /** Correlated channels, skewed, some values clipped, in 8 bits. */
  private static Image photograph(int height, int width, long seed) {
    Image waves = Pictures.waves(height, width, seed);
    Image grain = Pictures.noise(height, width, seed);
    int m = height * width;
    for (int i = 0; i < m; i++) {
      float light = waves.rgb()[i] * waves.rgb()[i] * 2;
      for (int c = 0; c < 3; c++) {
        float own = 0.3f * waves.rgb()[c * m + i] + 0.1f * grain.rgb()[c * m + i];
        waves.rgb()[c * m + i] = ColorSpace.level(light * (1.1f - 0.2f * c) + own - 0.2f) / 255f;
      }
    }
    return waves;
  }

  /** Faded, tinted and noisy. */
  private static Image changed(Image image, long seed) {
    var random = new Random(seed);
    float[] rgb = image.rgb().clone();
    int m = image.pixels();
    for (int i = 0; i < 3 * m; i++) {
      rgb[i] = (float) (0.8 * rgb[i] + 0.05 + 0.03 * random.nextGaussian());
    }
    for (int i = 0; i < m; i++) {
      rgb[i] += 0.1f * rgb[m + i];
    }
    return new Image(image.height(), image.width(), rgb);
  }

  /** Mean earth mover's distance along random directions, levels; sizes equal. */
  private static double jointDistance(Image a, Image b) {
    var random = new Random(1);
    double sum = 0;
    int directions = 20;
    for (int d = 0; d < directions; d++) {
      double[] axis = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
      double length = Math.hypot(Math.hypot(axis[0], axis[1]), axis[2]);
      double[] p = along(a, axis);
      double[] q = along(b, axis);
      for (int i = 0; i < p.length; i++) {
        sum += Math.abs(p[i] - q[i]) / length / p.length / directions;
      }
    }
    return 255 * sum;
  }

  private static double[] along(Image image, double[] axis) {
    int m = image.pixels();
    double[] values = new double[m];
    for (int i = 0; i < 3 * m; i++) {
      values[i % m] += axis[i / m] * image.rgb()[i];
    }
    Arrays.sort(values);
    return values;
  }
}
