package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GuidedFilterTest {
  private static final double NOISE = 6; // levels

  @Test
  void takesNoiseAndLeavesAnEdge() {
    Image edge = Pictures.plain(64, 64, 0.2f, 0.2f, 0.2f);
    for (int i = 0; i < edge.rgb().length; i++) {
      edge.rgb()[i] = i % 64 < 32 ? 0.2f : 0.8f;
    }
    Image noisy = noisy(edge, 1);

    Image clean = GuidedFilter.denoise(noisy, 3 * NOISE, Edges.REFLECT);

    double gain = Pictures.psnr(flat(clean), flat(edge)) - Pictures.psnr(flat(noisy), flat(edge));
    assertTrue(gain > 10, gain + " dB");
    for (int y = 0; y < 64; y++) { // the step is nearly as high as it was
      assertTrue(step(clean, y) > 0.9 * step(noisy, y));
    }
  }

  @Test
  void aRampIsLeftAloneInside() {
    // Of a ramp, mean and mean of slope and offset give the ramp itself, whatever the noise is.
    Image ramp = Pictures.plain(20, 40, 0, 0, 0);
    for (int i = 0; i < ramp.rgb().length; i++) {
      ramp.rgb()[i] = i % 40 / 40f;
    }

    Image filtered = GuidedFilter.denoise(ramp, 10, Edges.REFLECT);

    for (int i = 0; i < ramp.rgb().length; i++) {
      if (i % 40 >= 6 && i % 40 < 34) {
        assertEquals(ramp.rgb()[i], filtered.rgb()[i], 1e-4f);
      }
    }
  }

  @Test
  void strongNoiseLeavesTwoBoxMeansOfIt() {
    // slope -> 0: the offset is the window's mean, and the result the mean of those.
    Image one = Pictures.plain(16, 16, 0, 0, 0);
    one.rgb()[8 * 16 + 8] = 1;

    Image filtered = GuidedFilter.denoise(one, 1e6, Edges.WRAP);

    assertEquals(7.0 * 7 / (49 * 49), filtered.rgb()[8 * 16 + 8], 1e-5);
    assertEquals(6.0 * 7 / (49 * 49), filtered.rgb()[8 * 16 + 9], 1e-5);
    assertEquals(1.0 / (49 * 49), filtered.rgb()[2 * 16 + 2], 1e-5);
    assertEquals(0, filtered.rgb()[16 + 1], 1e-7);
  }

  @Test
  void onATorusRollingRolls() {
    Image noisy = noisy(Pictures.waves(21, 34, 2), 3);

    Image first = GuidedFilter.denoise(Pictures.rolled(noisy, 4, 11), NOISE, Edges.WRAP);
    Image last = Pictures.rolled(GuidedFilter.denoise(noisy, NOISE, Edges.WRAP), 4, 11);

    assertArrayEquals(last.rgb(), first.rgb());
  }

  @Test
  void onACylinderOnlyTheWrappedAxisRolls() {
    Edges cylinder = new Edges(Edge.REFLECT, Edge.WRAP);
    Image noisy = noisy(Pictures.waves(21, 34, 4), 5);

    Image across = GuidedFilter.denoise(Pictures.rolled(noisy, 0, 11), NOISE, cylinder);
    Image down = GuidedFilter.denoise(Pictures.rolled(noisy, 4, 0), NOISE, cylinder);
    Image still = GuidedFilter.denoise(noisy, NOISE, cylinder);

    assertArrayEquals(Pictures.rolled(still, 0, 11).rgb(), across.rgb());
    assertTrue(Pictures.psnr(Pictures.rolled(still, 4, 0).rgb(), down.rgb()) < 100);
  }

  private static float step(Image image, int row) {
    return image.rgb()[row * 64 + 32] - image.rgb()[row * 64 + 31];
  }

  /** What no window of two filters in a row sees the edge from: columns 0..24 of the red plane. */
  private static float[] flat(Image image) {
    float[] values = new float[64 * 25];
    for (int i = 0; i < values.length; i++) {
      values[i] = image.rgb()[i / 25 * 64 + i % 25];
    }
    return values;
  }

  private static Image noisy(Image image, long seed) {
    var random = new Random(seed);
    float[] rgb = image.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] += (float) (NOISE / 255 * random.nextGaussian());
    }
    return new Image(image.height(), image.width(), rgb);
  }
}
