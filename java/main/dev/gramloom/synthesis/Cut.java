package dev.gramloom.synthesis;

import dev.gramloom.image.Image;
import dev.gramloom.metric.Seam;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * Where a torus is cut open to become a rectangle of pixels.
 *
 * <p>Any cut gives the same tiling. But a cut along a mortar joint puts the roughest step of all at
 * the border, where a renderer that clamps instead of wrapping, or a mipmap, shows it. So the cut
 * moves by the fewest pixels that bring it to a step no larger than the median.
 */
final class Cut {
  private Cut() {}

  /** The same torus cut at calm places; axes that do not wrap stay as they are. */
  static Image atCalmPlaces(Image torus, Edges edges) {
    int x = edges.horizontal() == Edge.WRAP ? shift(Seam.columnSteps(torus)) : 0;
    int y = edges.vertical() == Edge.WRAP ? shift(Seam.rowSteps(torus)) : 0;
    return x == 0 && y == 0 ? torus : rolled(torus, y, x);
  }

  /**
   * How far the cut moves.
   *
   * @param steps [n], the last one over the border
   */
  static int shift(double[] steps) {
    int n = steps.length;
    double[] sorted = steps.clone();
    Arrays.sort(sorted);
    double median = sorted[(n - 1) / 2];
    for (int distance = 0; distance <= n / 2; distance++) {
      for (int shift : new int[] {distance, -distance}) {
        if (steps[Math.floorMod(n - 1 + shift, n)] <= median) {
          return shift;
        }
      }
    }
    return 0; // steps that are not numbers
  }

  /** The pixel at (row + y, column + x) of the torus at each (row, column). */
  private static Image rolled(Image torus, int y, int x) {
    int height = torus.height();
    int width = torus.width();
    float[] from = torus.rgb();
    float[] rgb = new float[from.length];
    int left = Math.floorMod(x, width);
    for (int row = 0; row < 3 * height; row++) {
      int source = (row / height * height + Math.floorMod(row % height + y, height)) * width;
      System.arraycopy(from, source + left, rgb, row * width, width - left);
      System.arraycopy(from, source, rgb, row * width + width - left, left);
    }
    return new Image(height, width, rgb);
  }
}
