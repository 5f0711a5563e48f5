package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResampleTest {
  static Stream<Arguments> awkwardSizesAndEdges() {
    int[][] sizes = {
      {1, 1, 1, 1},
      {1, 1, 5, 3},
      {2, 1, 1, 2},
      {1, 2, 7, 1},
      {13, 7, 5, 9},
      {33, 20, 1, 1},
      {9, 9, 27, 18},
      {64, 48, 3, 100}
    };
    return Stream.of(Edges.WRAP, Edges.REFLECT, Edges.ZERO, new Edges(Edge.WRAP, Edge.REFLECT))
        .flatMap(edges -> Stream.of(sizes).map(size -> Arguments.of(size, edges)));
  }

  @ParameterizedTest
  @MethodSource("awkwardSizesAndEdges")
  void keepsAPlainColour(int[] size, Edges edges) {
    Image plain = Pictures.plain(size[0], size[1], 0.25f, 0.5f, 0.75f);

    Image out = Resample.resize(plain, size[2], size[3], edges);

    assertArrayEquals(Pictures.plain(size[2], size[3], 0.25f, 0.5f, 0.75f).rgb(), out.rgb(), 1e-6f);
  }

  @Test
  void givesBackThePictureAtItsOwnSize() {
    Image image = Pictures.noise(7, 5, 1);
    assertSame(image, Resample.resize(image, 7, 5, Edges.WRAP));
  }

  @ParameterizedTest
  @CsvSource({"12, 10, 24, 30", "12, 10, 36, 10", "24, 30, 12, 10", "24, 30, 8, 15", "5, 7, 15, 7"})
  void rollingThenResizingIsResizingThenRolling(
      int height, int width, int newHeight, int newWidth) {
    Image image = Pictures.noise(height, width, 2);
    int down = Math.max(1, height / newHeight); // source pixels that are whole destination pixels
    int right = Math.max(1, width / newWidth);

    Image rolledFirst =
        Resample.resize(
            Pictures.rolled(image, 2 * down, 3 * right), newHeight, newWidth, Edges.WRAP);
    Image rolledLast =
        Pictures.rolled(
            Resample.resize(image, newHeight, newWidth, Edges.WRAP),
            2 * down * newHeight / height,
            3 * right * newWidth / width);

    assertArrayEquals(rolledLast.rgb(), rolledFirst.rgb()); // to the last bit
  }

  @Test
  void resizingATilingIsTilingTheResized() {
    Image tile = Pictures.noise(14, 11, 3);

    Image tilesFirst = Resample.resize(Preview.tile(tile, 3, 2), 18, 51, Edges.WRAP);
    Image tilesLast = Preview.tile(Resample.resize(tile, 9, 17, Edges.WRAP), 3, 2);

    assertArrayEquals(tilesLast.rgb(), tilesFirst.rgb(), 2e-6f);
  }

  @Test
  void enlargesWavesFaithfully() {
    Image small = Pictures.waves(48, 48, 4);
    Image large = Pictures.waves(144, 144, 4); // sampled at its own corners, not centres
    Image enlarged = Resample.resize(small, 144, 144, Edges.WRAP);

    // Pixel (i + ½)/3 − ½ of the small one is pixel i − 1 of the large one.
    assertTrue(Pictures.psnr(Pictures.rolled(large, 1, 1).rgb(), enlarged.rgb()) > 50);
  }

  @Test
  void suppressesWhatTheSmallerPictureCannotHold() {
    int n = 96;
    float[] rgb = new float[3 * n * n];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (float) (0.5 + 0.5 * Math.cos(2 * Math.PI * 40 * (i % n) / n));
    }

    Image out = Resample.resize(new Image(n, n, rgb), 32, 32, Edges.WRAP); // holds up to 16

    assertTrue(ColorStatistics.of(out).deviations()[0] < 0.01);
  }

  @Test
  void doesNotLetMaskedPixelsBleed() {
    Image image = Pictures.plain(30, 30, 0.2f, 0.4f, 0.6f);
    Image holed = Pictures.withHole(image, 10, 9, 7, 8);
    for (int i = 0; i < 900; i++) {
      if (!holed.uses(i)) {
        holed.rgb()[i] = 1000;
      }
    }
    for (int[] size : new int[][] {{15, 10}, {60, 45}, {13, 29}}) {
      Image out = Resample.resize(holed, size[0], size[1], Edges.REFLECT);
      float[] expected = Pictures.plain(size[0], size[1], 0.2f, 0.4f, 0.6f).rgb();
      assertArrayEquals(expected, out.rgb(), 1e-5f);
    }
  }

  @Test
  void keepsOnlyPixelsWithNothingMaskedInTheMainLobe() {
    Image holed = Pictures.withHole(Pictures.noise(16, 16, 5), 8, 8, 1, 1);

    float[] mask = Resample.resize(holed, 8, 8, Edges.WRAP).mask();

    // Halving: the main lobe of pixel i is 2i − 1 … 2i + 2; source pixel 8 is in those of 3 and 4.
    for (int i = 0; i < 64; i++) {
      boolean hit = (i / 8 == 3 || i / 8 == 4) && (i % 8 == 3 || i % 8 == 4);
      assertEquals(hit ? 0 : 1, mask[i], "pixel " + i);
    }
  }

  @Test
  void refusesAnEmptySize() {
    Image image = Pictures.noise(2, 2, 1);
    assertThrows(IllegalArgumentException.class, () -> Resample.resize(image, 0, 3, Edges.WRAP));
  }
}
