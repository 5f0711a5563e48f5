package dev.gramloom.image;

/**
 * The monotone map that gives one set of numbers the distribution of another.
 *
 * <p>The numbers to be mapped are sorted into bins of 1/64 level, so no step of the map can be
 * seen; equal numbers take the middle of their ranks. The wanted ones are sorted into bins one
 * level of 255 wide, centred on the levels, and count as spread evenly over their bin.
 */
final class QuantileMap {
  private static final int FINE = 64; // bins a level
  private static final float LOWEST = -2; // colours come within −2..3; what does not is clamped
  private static final float HIGHEST = 3;
  private static final int LEVELS = 255;

  private final float[] table; // by fine bin
  private final int firstBin;

  private QuantileMap(float[] table, int firstBin) {
    this.table = table;
    this.firstBin = firstBin;
  }

  /**
   * Learns the map.
   *
   * @param from [M] the numbers to be mapped
   * @param fromMask [M] or null: which of them count
   * @param to [M'] the numbers whose distribution is wanted
   * @param toMask [M'] or null
   * @throws IllegalArgumentException if a mask keeps nothing
   */
  static QuantileMap between(float[] from, float[] fromMask, float[] to, float[] toMask) {
    int firstFine = bin(LOWEST, LEVELS * FINE);
    int[] have = histogram(from, fromMask, LEVELS * FINE);
    int[] want = histogram(to, toMask, LEVELS);
    double[] wantUpTo = new double[want.length + 1]; // share of the wanted numbers below each bin
    double haveCount = total(have);
    double wantCount = total(want);
    for (int i = 0; i < want.length; i++) {
      wantUpTo[i + 1] = wantUpTo[i] + want[i] / wantCount;
    }
    float[] table = new float[have.length];
    long below = 0;
    int level = 0;
    for (int i = 0; i < have.length; i++) {
      double rank = (below + have[i] / 2.0) / haveCount;
      below += have[i];
      while (level < want.length - 1 && (wantUpTo[level + 1] < rank || want[level] == 0)) {
        level++;
      }
      level = want[level] == 0 ? lastUsed(want) : level;
      double share = (rank - wantUpTo[level]) * wantCount / want[level];
      double within = Math.max(0, Math.min(1, share)) - 0.5;
      table[i] = (float) ((bin(LOWEST, LEVELS) + level + within) / LEVELS);
    }
    return new QuantileMap(table, firstFine);
  }

  float apply(float value) {
    return table[bin(value, LEVELS * FINE) - firstBin];
  }

  private static int bin(float value, int binsPerUnit) {
    return (int) Math.floor(Math.max(LOWEST, Math.min(HIGHEST, value)) * binsPerUnit + 0.5f);
  }

  private static int[] histogram(float[] values, float[] mask, int binsPerUnit) {
    int first = bin(LOWEST, binsPerUnit);
    int[] counts = new int[bin(HIGHEST, binsPerUnit) - first + 1];
    for (int i = 0; i < values.length; i++) {
      if (mask == null || mask[i] > 0) {
        counts[bin(values[i], binsPerUnit) - first]++;
      }
    }
    return counts;
  }

  private static int lastUsed(int[] counts) {
    int last = counts.length - 1;
    while (counts[last] == 0) {
      last--;
    }
    return last;
  }

  private static long total(int[] counts) {
    long total = 0;
    for (int count : counts) {
      total += count;
    }
    if (total == 0) {
      throw new IllegalArgumentException("the mask keeps none of the numbers");
    }
    return total;
  }
}
