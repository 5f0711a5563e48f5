package dev.gramloom.loss;

/**
 * In which order numbers are sorted: their places, the smallest number's first. Radix sort of the
 * floats' bits, three passes of 11 bits; equal numbers stay in order.
 *
 * <p>Not thread-safe: sorts share their buffers.
 */
final class SortedOrder {
  private static final int BITS = 11;
  private static final int BUCKETS = 1 << BITS;
  private static final int PASSES = 3;

  private final int[] keys;
  private final int[] nextKeys;
  private int[] order;
  private int[] nextOrder;

  /**
   * @param most how many numbers are sorted at most
   */
  SortedOrder(int most) {
    keys = new int[most];
    nextKeys = new int[most];
    order = new int[most];
    nextOrder = new int[most];
  }

  /**
   * Places of the numbers, from 0, sorted by number; valid until the next call.
   *
   * @param values from which {@code count} numbers are taken, from {@code start}; none is NaN
   */
  int[] of(float[] values, int start, int count) {
    int[] from = keys;
    int[] to = nextKeys;
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(values[start + i]);
      from[i] = bits ^ ((bits >> 31) | 0x80000000); // so that unsigned order is numeric order
      order[i] = i;
    }
    for (int pass = 0; pass < PASSES; pass++) {
      int shift = pass * BITS;
      int[] begin = new int[BUCKETS + 1];
      for (int i = 0; i < count; i++) {
        begin[(from[i] >>> shift & (BUCKETS - 1)) + 1]++;
      }
      for (int b = 0; b < BUCKETS; b++) {
        begin[b + 1] += begin[b];
      }
      for (int i = 0; i < count; i++) {
        int place = begin[from[i] >>> shift & (BUCKETS - 1)]++;
        to[place] = from[i];
        nextOrder[place] = order[i];
      }
      int[] swap = from;
      from = to;
      to = swap;
      swap = order;
      order = nextOrder;
      nextOrder = swap;
    }
    return order;
  }
}
