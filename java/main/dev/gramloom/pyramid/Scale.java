package dev.gramloom.pyramid;

/**
 * One rung of the ladder from coarse to fine.
 *
 * @param width of the output there, pixels
 * @param height of the output there, pixels
 * @param iterations of the optimiser there
 */
public record Scale(int width, int height, int iterations) {
  /** The shorter side. */
  public int shortSide() {
    return Math.min(width, height);
  }

  /** "384" or "384x256". */
  public String size() {
    return width == height ? Integer.toString(width) : width + "x" + height;
  }
}
