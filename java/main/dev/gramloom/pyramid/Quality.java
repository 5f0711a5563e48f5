package dev.gramloom.pyramid;

/** How many iterations each scale gets, and nothing else. */
public enum Quality {
  /** For looking. */
  DRAFT(50, 40, 20),
  /** The default. */
  NORMAL(100, 60, 60),
  /** For the final asset. */
  HIGH(300, 250, 200);

  private final int[] iterations; // at quarter, half and full size

  Quality(int... iterations) {
    this.iterations = iterations;
  }

  /**
   * @param scales how many there are; the finest gets the last number, further coarse ones the
   *     first
   */
  public int[] iterations(int scales) {
    int[] result = new int[scales];
    for (int i = 0; i < scales; i++) {
      result[i] = iterations[Math.max(0, iterations.length - scales + i)];
    }
    return result;
  }
}
