package dev.gramloom.pyramid;

/** How many iterations each scale gets, and nothing else. */
public enum Quality {
  /** For looking. */
  DRAFT(50, 40, 20),
  /**
   * The default. With 200, 40 and 50 the built-in filters come to the loss of 100, 60 and 60 in
   * less time; VGG needs its steps at the finest scale.
   */
  NORMAL(new int[] {100, 60, 60}, new int[] {200, 40, 50}),
  /** For the final asset. */
  HIGH(300, 250, 200);

  private final int[] vgg; // at quarter, half and full size
  private final int[] filters;

  Quality(int... iterations) {
    this(iterations, iterations);
  }

  Quality(int[] vgg, int[] filters) {
    this.vgg = vgg;
    this.filters = filters;
  }

  /**
   * @param scales how many there are; the finest gets the last number, the coarsest of several and
   *     further coarse ones the first
   * @param builtIn whether the built-in filters look, and not a VGG
   */
  public int[] iterations(int scales, boolean builtIn) {
    int[] iterations = builtIn ? filters : vgg;
    int[] result = new int[scales];
    for (int i = 0; i < scales; i++) {
      boolean fromNothing = i == 0 && scales > 1;
      result[i] = iterations[fromNothing ? 0 : Math.max(0, iterations.length - scales + i)];
    }
    return result;
  }
}
