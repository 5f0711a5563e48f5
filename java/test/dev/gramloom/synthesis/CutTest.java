package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.image.Image;
import dev.gramloom.metric.Seam;
import dev.gramloom.tensor.Edges;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutTest {
  private static Image noise(int height, int width, long seed) {
    Random random = new Random(seed);
    float[] rgb = new float[3 * height * width];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = random.nextFloat();
    }
    return new Image(height, width, rgb);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theBorderIsNoRougherThanTheMiddlingStep(long seed) {
    Seam seam = Seam.of(Cut.atCalmPlaces(noise(33, 48, seed), Edges.WRAP));
    assertTrue(seam.x() <= 50 && seam.y() <= 50, seam::toString);
  }

  @Test
  void theCutMovesByTheFewestPixels() {
    assertEquals(0, Cut.shift(new double[] {9, 9, 9, 1, 1}));
    assertEquals(1, Cut.shift(new double[] {1, 9, 1, 1, 9}));
    assertEquals(-1, Cut.shift(new double[] {9, 9, 1, 1, 1, 9}));
    assertEquals(-2, Cut.shift(new double[] {9, 9, 1, 1, 1, 1, 9, 9}));
  }

  @Test
  void theTorusStaysTheSame() {
    Image torus = noise(7, 9, 3);
    Image cut = Cut.atCalmPlaces(torus, Edges.WRAP);
    int dx = Cut.shift(Seam.columnSteps(torus));
    int dy = Cut.shift(Seam.rowSteps(torus));
    float[] expected = new float[torus.rgb().length];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 7; y++) {
        for (int x = 0; x < 9; x++) {
          int from = (c * 7 + Math.floorMod(y + dy, 7)) * 9 + Math.floorMod(x + dx, 9);
          expected[(c * 7 + y) * 9 + x] = torus.rgb()[from];
        }
      }
    }
    assertArrayEquals(expected, cut.rgb());
  }

  @Test
  void aPictureWithBordersIsNotCut() {
    Image picture = noise(8, 8, 1);
    assertSame(picture, Cut.atCalmPlaces(picture, Edges.REFLECT));
  }
}
