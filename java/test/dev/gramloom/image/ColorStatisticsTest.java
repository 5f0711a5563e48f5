package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColorStatisticsTest {
  @Test
  void agreesWithAnExampleWorkedByHand() {
    // Two pixels, (0, 1, ½) and (1, 0, ½): red and green run against each other.
    var image = new Image(1, 2, new float[] {0, 1, 1, 0, 0.5f, 0.5f});

    ColorStatistics statistics = ColorStatistics.of(image);

    assertArrayEquals(new double[] {0.5, 0.5, 0.5}, statistics.mean());
    double[][] covariance = {{0.25, -0.25, 0}, {-0.25, 0.25, 0}, {0, 0, 0}};
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(covariance[i], statistics.covariance()[i]);
    }
    double half = Math.sqrt(0.5);
    assertArrayEquals(new double[] {half, 0, 0}, statistics.deviations(), 1e-12);
    assertArrayEquals(new double[] {half, -half, 0}, statistics.axes()[0], 1e-12);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void axesAndDeviationsMakeUpTheCovariance(long seed) {
    ColorStatistics s = ColorStatistics.of(Pictures.waves(13, 17, seed));

    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        double rebuilt = 0;
        double product = 0;
        for (int k = 0; k < 3; k++) {
          rebuilt += s.axes()[k][r] * s.axes()[k][c] * s.deviations()[k] * s.deviations()[k];
          product += s.axes()[r][k] * s.axes()[c][k];
        }
        assertEquals(s.covariance()[r][c], rebuilt, 1e-12);
        assertEquals(r == c ? 1 : 0, product, 1e-12);
      }
    }
    assertTrue(s.deviations()[0] >= s.deviations()[1] && s.deviations()[1] >= s.deviations()[2]);
  }

  @Test
  void doesNotSeeMaskedPixels() {
    Image image = Pictures.plain(4, 4, 0.1f, 0.2f, 0.3f);
    image.rgb()[5] = 100;

    ColorStatistics statistics = ColorStatistics.of(Pictures.withHole(image, 1, 1, 1, 1));

    assertArrayEquals(new double[] {0.1, 0.2, 0.3}, statistics.mean(), 1e-7);
    assertArrayEquals(new double[3], statistics.deviations(), 1e-7);
  }

  @Test
  void refusesAMaskThatKeepsNothing() {
    Image nothing = Pictures.withHole(Pictures.noise(2, 2, 1), 0, 0, 2, 2);
    assertThrows(IllegalArgumentException.class, () -> ColorStatistics.of(nothing));
  }
}
