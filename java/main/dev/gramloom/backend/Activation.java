package dev.gramloom.backend;

/** What happens to the sums of a convolution before they become its output. */
public enum Activation {
  /** Nothing. */
  NONE,
  /** max(s, 0). */
  RELU,
  /**
   * Both halves of the wave, each on its own channel: outputs 0 … K−1 are max(s, 0), outputs K …
   * 2K−1 are max(−s, 0). One filter then sees light lines and dark lines as different things.
   */
  RECTIFY;

  /** Output channels of a convolution with {@code filters} filters. */
  public int channels(int filters) {
    return this == RECTIFY ? 2 * filters : filters;
  }
}
