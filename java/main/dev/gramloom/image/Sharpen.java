package dev.gramloom.image;

import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;

/**
 * Unsharp masking of the light alone, so that edges get no coloured fringes, and with a limit to
 * halos: a pixel may leave the range of its 3 x 3 neighbours by a tenth of that range only.
 */
public final class Sharpen {
  private static final double SIGMA = 1; // pixels, of the blur that is subtracted
  private static final float HALO = 0.1f; // of the neighbours' range

  private Sharpen() {}

  /**
   * Returns the sharpened picture, values within 0..1 if they were.
   *
   * @param amount how much of what a blur takes away is added; 0 changes nothing
   * @param edges what lies beyond the borders; none may be {@link Edges#ZERO}'s
   */
  public static Image unsharp(Image image, double amount, Edges edges) {
    int m = image.pixels();
    int width = image.width();
    float[] light = ColorSpace.luma(image);
    float[] smooth = Blur.apply(light, width, Blur.gaussian(SIGMA), edges);
    float[] low = extreme(light, width, edges, -1);
    float[] high = extreme(light, width, edges, 1);
    float[] rgb = image.rgb().clone();
    for (int i = 0; i < m; i++) {
      float slack = HALO * (high[i] - low[i]);
      float wanted = (float) (light[i] + amount * (light[i] - smooth[i]));
      float change = Math.max(low[i] - slack, Math.min(high[i] + slack, wanted)) - light[i];
      for (int c = 0; c < 3; c++) {
        rgb[c * m + i] += change;
      }
    }
    return new Image(image.height(), width, rgb, image.mask()).clamped();
  }

  /** The largest of 3 x 3 neighbours where {@code sign} is 1, the smallest where it is −1. */
  private static float[] extreme(float[] plane, int width, Edges edges, int sign) {
    int height = plane.length / width;
    float[] wide = along(plane, width, 1, edges.horizontal(), sign);
    return along(wide, height, width, edges.vertical(), sign);
  }

  /** The extreme of three neighbours along an axis of n pixels that lie {@code step} apart. */
  private static float[] along(float[] plane, int n, int step, Edge edge, int sign) {
    int[] index = Blur.indices(n, 1, edge);
    float[] out = new float[plane.length];
    for (int i = 0; i < plane.length; i++) {
      int at = i / step % n;
      int first = i - at * step;
      float before = sign * plane[first + index[at] * step];
      float after = sign * plane[first + index[at + 2] * step];
      out[i] = sign * Math.max(sign * plane[i], Math.max(before, after));
    }
    return out;
  }
}
