package dev.gramloom.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What lies beyond the last pixel, pixel by pixel. */
class EdgeTest {
  /** Pixels that stand at −5 … 7 of an axis of {@code n}. */
  private static int[] around(Edge edge, int n) {
    return IntStream.rangeClosed(-5, 7).map(i -> edge.index(i, n)).toArray();
  }

  @Test
  void wrapBeginsAgain() {
    assertArrayEquals(new int[] {1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1}, around(Edge.WRAP, 3));
    assertArrayEquals(new int[] {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, around(Edge.WRAP, 2));
    assertArrayEquals(new int[13], around(Edge.WRAP, 1));
  }

  @Test
  void reflectDoesNotRepeatTheLastPixel() {
    assertArrayEquals(new int[] {1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1}, around(Edge.REFLECT, 3));
    assertArrayEquals(new int[] {3, 4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1}, around(Edge.REFLECT, 5));
    assertArrayEquals(new int[] {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, around(Edge.REFLECT, 2));
    assertArrayEquals(new int[13], around(Edge.REFLECT, 1));
  }

  @Test
  void zeroHasNothingThere() {
    int[] expected = {-1, -1, -1, -1, -1, 0, 1, 2, -1, -1, -1, -1, -1};
    assertArrayEquals(expected, around(Edge.ZERO, 3));
    assertEquals(-1, Edge.ZERO.index(1, 1));
  }

  @ParameterizedTest
  @EnumSource(Edge.class)
  void insideEveryPixelIsItself(Edge edge) {
    for (int n = 1; n < 9; n++) {
      for (int i = 0; i < n; i++) {
        assertEquals(i, edge.index(i, n));
      }
    }
  }
}
