package dev.gramloom.color;

/**
 * The monotone map that gives one set of numbers the distribution of another.
 *
 * <p>The numbers to be mapped are sorted into {@link #FINE} bins of 1/64 level, so no step of the
 * map can be seen; equal numbers take the middle of their ranks. The wanted ones are sorted into
 * {@link #LEVELS}, bins one level of 255 wide, centred on the levels, and count as spread evenly
 * over their bin.
 */
public final class QuantileMap {
  private static final float LOWEST = -2; // colours come within −2..3; what does not is clamped
  private static final float HIGHEST = 3;

  /**
   * Bins of one width, centred on the multiples of it.
   *
   * @param perUnit bins from 0 to 1
   */
  public record Bins(int perUnit) {
    /** How many there are. */
    public int count() {
      return of(HIGHEST) + 1;
    }

    /** The bin of a number, from 0. */
    int of(float value) {
      return nearest(value) - nearest(LOWEST);
    }

    private int nearest(float value) {
      return (int) Math.floor(Math.max(LOWEST, Math.min(HIGHEST, value)) * perUnit + 0.5f);
    }
  }

  /** A level of 255 each. */
  public static final Bins LEVELS = new Bins(255);

  /** 1/64 level each. */
  public static final Bins FINE = new Bins(64 * LEVELS.perUnit);

  private QuantileMap() {}

  /**
   * Learns the map.
   *
   * @param have of the numbers to be mapped, how many are in each of the {@link #FINE} bins
   * @param want of the numbers whose distribution is wanted, how many are in each of the {@link
   *     #LEVELS}
   * @return what the numbers of each fine bin become
   */
  static float[] between(int[] have, int[] want) {
    double[] wantUpTo = new double[want.length + 1]; // share of the wanted numbers below each bin
    double haveCount = total(have);
    double wantCount = total(want);
    for (int i = 0; i < want.length; i++) {
      wantUpTo[i + 1] = wantUpTo[i] + want[i] / wantCount;
    }
    int lastUsed = want.length - 1;
    while (want[lastUsed] == 0) {
      lastUsed--;
    }
    float[] table = new float[have.length];
    long below = 0;
    int level = 0;
    for (int i = 0; i < have.length; i++) {
      double rank = (below + have[i] / 2.0) / haveCount;
      below += have[i];
      while (level < lastUsed && (wantUpTo[level + 1] < rank || want[level] == 0)) {
        level++;
      }
      double share = (rank - wantUpTo[level]) * wantCount / want[level];
      double within = Math.max(0, Math.min(1, share)) - 0.5;
      table[i] = (float) ((LEVELS.nearest(LOWEST) + level + within) / LEVELS.perUnit);
    }
    return table;
  }

  private static long total(int[] counts) {
    long total = 0;
    for (int count : counts) {
      total += count;
    }
    return total;
  }
}
