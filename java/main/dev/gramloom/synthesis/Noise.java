package dev.gramloom.synthesis;

/**
 * Normal noise from a counter: value i depends on the seed and i alone, so it is the same whoever
 * asks, in whatever order.
 *
 * <p>Source: the mixing function of SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom
 * Number Generators, 2014); Box and Muller's transform.
 */
final class Noise {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long key;

  Noise(long seed) {
    this.key = mix(seed + GOLDEN);
  }

  /** A value of the standard normal distribution. */
  double normal(long index) {
    double u = uniform(2 * index);
    double v = uniform(2 * index + 1);
    return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
  }

  /** In (0, 1). */
  private double uniform(long index) {
    return ((mix(key + index * GOLDEN) >>> 11) + 0.5) * 0x1.0p-53;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
