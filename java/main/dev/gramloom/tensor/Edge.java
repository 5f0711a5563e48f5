package dev.gramloom.tensor;

/** What lies beyond the last pixel of an axis. */
public enum Edge {
  /** The first pixel again: the axis is a circle. */
  WRAP,
  /** The picture mirrored about its last pixel, which is not repeated: c b | a b c | b a. */
  REFLECT,
  /** Nothing. */
  ZERO;

  /**
   * The pixel that stands at {@code i}, which may lie outside the axis, for an axis of {@code n}.
   *
   * @return 0 … n−1, or −1 for {@link #ZERO} outside
   */
  public int index(int i, int n) {
    if (i >= 0 && i < n) {
      return i;
    }
    return switch (this) {
      case WRAP -> Math.floorMod(i, n);
      case ZERO -> -1;
      case REFLECT -> {
        if (n == 1) {
          yield 0;
        }
        int folded = Math.floorMod(i, 2 * n - 2);
        yield folded < n ? folded : 2 * n - 2 - folded;
      }
    };
  }
}
