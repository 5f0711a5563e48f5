package dev.gramloom.image;

import dev.gramloom.color.ColorMatching;

/** {@link ColorMatching} of pictures. */
public final class ColorMatch {
  private ColorMatch() {}

  /**
   * Returns the output in the exemplar's colours. Only pixels that the masks keep are counted; all
   * are changed.
   *
   * @throws IllegalArgumentException if a mask keeps no pixel
   */
  public static Image match(Image output, Image exemplar) {
    float[] rgb = ColorMatching.match(output.rgb(), output.mask(), exemplar.rgb(), exemplar.mask());
    return new Image(output.height(), output.width(), rgb, output.mask());
  }
}
