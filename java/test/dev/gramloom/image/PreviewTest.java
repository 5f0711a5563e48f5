package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "2, 1, 3, 2", "13, 7, 2, 3", "5, 9, 1, 4"})
  void repeatsTheTile(int height, int width, int columns, int rows) {
    Image tile = Pictures.noise(height, width, 1);

    Image tiling = Preview.tile(tile, columns, rows);

    assertEquals(columns * width, tiling.width());
    for (int i = 0; i < 3 * tiling.pixels(); i++) {
      int y = i % tiling.pixels() / tiling.width() % height;
      int x = i % tiling.width() % width;
      int c = i / tiling.pixels();
      assertEquals(tile.rgb()[(c * height + y) * width + x], tiling.rgb()[i]);
    }
  }

  @Test
  void saysWhenATilingIsTooLarge() {
    ImageFileTest.assertFails(
        ExitCode.USAGE,
        "100 x 101 tiles of 100 x 100 are 10000 x 10100 pixels; at most 100 million",
        () -> Preview.tile(Pictures.plain(100, 100, 0, 0, 0), 100, 101));
  }

  @Test
  void setsTheExemplarBesideTheTilingAtItsOwnScale() {
    Image exemplar = Pictures.plain(40, 30, 1, 0, 0);
    Image tile = Pictures.plain(50, 60, 0, 0, 1);

    Image out = Preview.compose(exemplar, tile, 2, 2);

    int margin = 4;
    assertEquals(100 + 2 * margin, out.height());
    assertEquals(30 + 120 + 3 * margin, out.width());
    assertEquals(40 * 30, count(out, 1, 0, 0));
    assertEquals(100 * 120, count(out, 0, 0, 1));
    int rest = out.pixels() - 40 * 30 - 100 * 120;
    assertEquals(rest, count(out, 0.5f, 0.5f, 0.5f));
  }

  @Test
  void leavesMaskedPixelsGrey() {
    Image exemplar = Pictures.withHole(Pictures.plain(40, 30, 1, 0, 0), 3, 4, 5, 6);

    Image out = Preview.compose(exemplar, Pictures.plain(50, 60, 0, 0, 1), 1, 1);

    assertEquals(40 * 30 - 5 * 6, count(out, 1, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "700, 900, 8, 8",
    "64, 2000, 5, 2",
    "2000, 64, 2, 5",
    "1, 1, 100, 100",
    "300, 3, 1, 1"
  })
  void staysWithinItsLargestSide(int height, int width, int columns, int rows) {
    Image out =
        Preview.compose(
            Pictures.plain(500, 1700, 1, 0, 0),
            Pictures.plain(height, width, 0, 0, 1),
            columns,
            rows);

    assertTrue(Math.max(out.height(), out.width()) <= Preview.LARGEST_SIDE);
    assertTrue(count(out, 0, 0, 1) > 0);
  }

  private static int count(Image image, float... color) {
    int m = image.pixels();
    int count = 0;
    for (int i = 0; i < m; i++) {
      boolean same = true;
      for (int c = 0; c < 3; c++) {
        same &= Math.abs(image.rgb()[c * m + i] - color[c]) < 1e-5;
      }
      count += same ? 1 : 0;
    }
    return count;
  }
}
