package dev.gramloom.metric;

import dev.gramloom.image.Image;

/**
 * How much the border where a tile meets itself stands out.
 *
 * <p>The step between two neighbouring columns is the mean absolute difference of their pixels,
 * over all rows and channels. The measure is where the step from the last column to the first ranks
 * among the steps inside: the share, in %, of those that are smaller. A tile without a seam has any
 * value from 0 to 100; a photograph has 100.
 *
 * @param x between the right and the left border, 0..100
 * @param y between the lower and the upper border, 0..100
 */
public record Seam(double x, double y) {
  /** Measures; an axis of a single pixel has no steps inside and gets 0. */
  public static Seam of(Image tile) {
    return new Seam(percentile(columnSteps(tile)), percentile(rowSteps(tile)));
  }

  /** The larger of both. */
  public double worst() {
    return Math.max(x, y);
  }

  /** [W] Σ |v(x + 1) − v(x)| over rows and channels; the last one goes over the border. */
  public static double[] columnSteps(Image tile) {
    int width = tile.width();
    double[] steps = new double[width];
    for (int row = 0; row < 3 * tile.height(); row++) {
      for (int x = 0; x < width; x++) {
        int at = row * width;
        steps[x] += Math.abs(tile.rgb()[at + (x + 1) % width] - tile.rgb()[at + x]);
      }
    }
    return steps;
  }

  /** [H] Σ |v(y + 1) − v(y)| over columns and channels; the last one goes over the border. */
  public static double[] rowSteps(Image tile) {
    int height = tile.height();
    int width = tile.width();
    double[] steps = new double[height];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < height; y++) {
        int here = (c * height + y) * width;
        int next = (c * height + (y + 1) % height) * width;
        for (int x = 0; x < width; x++) {
          steps[y] += Math.abs(tile.rgb()[next + x] - tile.rgb()[here + x]);
        }
      }
    }
    return steps;
  }

  private static double percentile(double[] steps) {
    int inside = steps.length - 1;
    int smaller = 0;
    for (int i = 0; i < inside; i++) {
      smaller += steps[i] < steps[inside] ? 1 : 0;
    }
    return inside == 0 ? 0 : 100.0 * smaller / inside;
  }
}
