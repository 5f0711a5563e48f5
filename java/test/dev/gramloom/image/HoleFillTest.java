package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoleFillTest {
  @ParameterizedTest
  @CsvSource({"2, 1", "1, 2", "13, 7", "64, 33", "5, 100"})
  void fillsAPlainPictureWithItsColour(int height, int width) {
    Image plain = Pictures.plain(height, width, 0.2f, 0.4f, 0.6f);
    Image holed = Pictures.withHole(plain, 0, 0, height, width - (width > 1 ? 1 : 0));
    holed.mask()[height * width - 1] = 1;
    spoil(holed);

    Image filled = HoleFill.fill(holed);

    float[] expected = Pictures.plain(height, width, 0.2f, 0.4f, 0.6f).rgb();
    assertArrayEquals(expected, filled.rgb(), 1e-6f);
    assertSame(holed.mask(), filled.mask());
  }

  @Test
  void leavesUsedPixelsAloneAndStaysWithinTheirRange() {
    Image holed = Pictures.withHole(Pictures.waves(40, 50, 1), 10, 12, 17, 21);
    float[] before = holed.rgb().clone();
    spoil(holed);

    Image filled = HoleFill.fill(holed);

    for (int i = 0; i < before.length; i++) {
      if (holed.uses(i % 2000)) {
        assertEquals(before[i], filled.rgb()[i]);
      }
      assertTrue(filled.rgb()[i] >= 0.05 && filled.rgb()[i] <= 0.95);
    }
  }

  @Test
  void continuesASlopeWithoutASteepStep() {
    Image slope = Pictures.plain(32, 32, 0, 0, 0);
    for (int i = 0; i < slope.rgb().length; i++) {
      slope.rgb()[i] = (i % 32 + i / 32 % 32) / 62f;
    }
    Image holed = Pictures.withHole(slope, 10, 10, 9, 9);
    spoil(holed);

    float[] filled = HoleFill.fill(holed).rgb();

    for (int k = 1; k < 32; k++) {
      assertEquals(filled[14 * 32 + k - 1], filled[14 * 32 + k], 1.8 / 62); // slope: 1 / 62
      assertEquals(filled[(k - 1) * 32 + 14], filled[k * 32 + 14], 1.8 / 62);
    }
  }

  @Test
  void aPictureWithoutMaskIsReturnedAsItIs() {
    Image image = Pictures.noise(3, 3, 1);
    assertSame(image, HoleFill.fill(image));
  }

  @Test
  void refusesAMaskThatKeepsNothing() {
    Image nothing = Pictures.withHole(Pictures.noise(3, 3, 1), 0, 0, 3, 3);
    assertThrows(IllegalArgumentException.class, () -> HoleFill.fill(nothing));
  }

  /** Puts absurd colours under the mask. */
  private static void spoil(Image image) {
    for (int i = 0; i < image.rgb().length; i++) {
      if (!image.uses(i % image.pixels())) {
        image.rgb()[i] = -1000;
      }
    }
  }
}
