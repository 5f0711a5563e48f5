package dev.gramloom.image;

import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * Takes noise away and leaves edges: the guided filter of He, Sun and Tang ("Guided image
 * filtering", IEEE TPAMI 35(6), 2013, equations 5, 6 and 8), each channel guided by itself.
 *
 * <p>Where a window's contrast is small against the noise it becomes its mean, where it is large it
 * stays. Unlike the bilateral filter it does not turn the sides of an edge around (section 3.4
 * there), and its windows wrap where the picture does.
 */
public final class GuidedFilter {
  private static final int RADIUS = 3; // pixels; half a window's side

  private GuidedFilter() {}

  /**
   * Returns the smoothed picture.
   *
   * @param noise standard deviation, levels of 255, of what is taken for noise; above 0
   * @param edges what lies beyond the borders; none may be {@link Edges#ZERO}'s
   */
  public static Image denoise(Image image, double noise, Edges edges) {
    double variance = noise / 255 * (noise / 255); // the paper's ε
    int m = image.pixels();
    float[] rgb = new float[3 * m];
    for (int c = 0; c < 3; c++) {
      float[] channel = Arrays.copyOfRange(image.rgb(), c * m, (c + 1) * m);
      System.arraycopy(filtered(channel, image.width(), variance, edges), 0, rgb, c * m, m);
    }
    return new Image(image.height(), image.width(), rgb, image.mask());
  }

  private static float[] filtered(float[] plane, int width, double variance, Edges edges) {
    float[] box = Blur.box(RADIUS);
    int m = plane.length;
    float[] mean = Blur.apply(plane, width, box, edges);
    float[] slope = new float[m];
    for (int i = 0; i < m; i++) {
      slope[i] = plane[i] * plane[i];
    }
    slope = Blur.apply(slope, width, box, edges);
    float[] offset = new float[m];
    for (int i = 0; i < m; i++) {
      double own = Math.max(0, slope[i] - (double) mean[i] * mean[i]);
      slope[i] = (float) (own / (own + variance));
      offset[i] = (1 - slope[i]) * mean[i];
    }
    slope = Blur.apply(slope, width, box, edges);
    offset = Blur.apply(offset, width, box, edges);
    for (int i = 0; i < m; i++) {
      offset[i] += slope[i] * plane[i];
    }
    return offset;
  }
}
