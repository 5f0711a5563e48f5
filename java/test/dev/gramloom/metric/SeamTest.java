package dev.gramloom.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeamTest {
  @Test
  void ranksTheStepOverTheBorderAmongThoseInside() {
    float[] row = {0, 0.1f, 0.3f, 0.6f, 0.35f}; // steps 0.1, 0.2, 0.3, 0.25; over the border 0.35
    float[] rgb = new float[15];
    for (int i = 0; i < 15; i++) {
      rgb[i] = row[i % 5];
    }
    assertEquals(new Seam(100, 0), Seam.of(new Image(1, 5, rgb)));

    for (int i = 4; i < 15; i += 5) {
      rgb[i] = 0.24f; // step 0.36 inside, 0.24 over the border: two of four are smaller
    }
    assertEquals(50, Seam.of(new Image(1, 5, rgb)).x());
  }

  @Test
  void findsTheSeamOfACutPictureOnlyOnItsAxis() {
    Image whole = Pictures.waves(64, 80, 1);
    float[] rgb = new float[3 * 64 * 50];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = whole.rgb()[i / 50 * 80 + i % 50];
    }

    Seam seam = Seam.of(new Image(64, 50, rgb));

    assertEquals(100, seam.x());
    assertTrue(seam.y() < 100);
    assertEquals(100, seam.worst());
  }

  @Test
  void doesNotFindOneInAPictureThatTiles() {
    double sum = 0;
    for (int shift = 0; shift < 32; shift++) {
      sum += Seam.of(Pictures.rolled(Pictures.waves(32, 32, 2), shift, shift)).x() / 32;
    }

    assertEquals(50, sum, 2); // any column may be the border: all ranks occur
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "2, 1", "3, 3"})
  void isZeroForAPlainPicture(int height, int width) {
    assertEquals(new Seam(0, 0), Seam.of(Pictures.plain(height, width, 0.1f, 0.2f, 0.3f)));
  }
}
