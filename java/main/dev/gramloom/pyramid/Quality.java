package dev.gramloom.pyramid;

/** How many iterations each scale gets, and nothing else. */
public enum Quality {
  /** For looking. */
  DRAFT(new int[] {50, 40, 20}, new int[] {50, 40, 20}),
  /** The default. */
  NORMAL(new int[] {100, 60, 60}, new int[] {100, 40, 40}),
  /** For the final asset. */
  HIGH(new int[] {300, 250, 200}, new int[] {300, 250, 200});

  private final int[] iterations; // at quarter, half and full size
  private final int[] ofFilters; // likewise

  Quality(int[] iterations, int[] ofFilters) {
    this.iterations = iterations;
    this.ofFilters = ofFilters;
  }

  /**
   * @param scales how many there are; the finest gets the last number, further coarse ones the
   *     first
   */
  public int[] iterations(int scales) {
    return spent(iterations, scales);
  }

  /**
   * Of a texture by the built-in filters, which is as good after fewer.
   *
   * @param scales as above
   */
  public int[] ofFilters(int scales) {
    return spent(ofFilters, scales);
  }

  private static int[] spent(int[] iterations, int scales) {
    int[] result = new int[scales];
    for (int i = 0; i < scales; i++) {
      result[i] = iterations[Math.max(0, iterations.length - scales + i)];
    }
    return result;
  }
}
