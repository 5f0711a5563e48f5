package dev.gramloom.image;

import dev.gramloom.tensor.AxisTaps;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import java.util.Arrays;

/**
 * Changes a picture's size, each axis by itself, with a Lanczos-3 kernel.
 *
 * <p>On a torus ({@link Edges#WRAP}) taps wrap, so a picture that tiles still tiles, and a rolled
 * picture gives the rolled result. A photograph takes {@link Edges#REFLECT}; {@link Edges#ZERO}
 * takes only what is there, as Pillow does. Results may leave 0..1 by the kernel's overshoot.
 *
 * <p>Why Lanczos-3 and not Catmull-Rom, widened alike: halving and doubling {@code bark.jpg} gives
 * 24.6 against 23.8 dB, and halving lets 12 % against 23 % of a wave 1.25 times too fine alias. The
 * price is the overshoot at a hard edge when enlarging, 12 % against 7 % of the step.
 *
 * <p>Masked pixels do not bleed: kept pixels are averaged among themselves. A pixel of the result
 * is kept only if every source pixel in its kernel's main lobe is, and what has too little under it
 * takes the kept pixels' mean colour. A hole thus grows; the result's mask may be 0 everywhere.
 */
public final class Resample {
  private static final float ENOUGH = 0.5f; // of a kernel's weight, for the average to be stable

  private Resample() {}

  /** The picture at {@code factor} times its size, each side rounded and at least 1 pixel. */
  public static Image scale(Image image, double factor, Edges edges) {
    return resize(image, side(image.height(), factor), side(image.width(), factor), edges);
  }

  /** What {@link #scale} makes of a side of so many pixels. */
  public static int side(int pixels, double factor) {
    return (int) Math.max(1, Math.round(pixels * factor));
  }

  /**
   * Returns the picture at another size.
   *
   * @param height pixels, at least 1
   * @param width pixels, at least 1
   * @param edges what lies beyond the picture's borders
   * @throws IllegalArgumentException if a size is below 1, or if the mask keeps no pixel
   */
  public static Image resize(Image image, int height, int width, Edges edges) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("a picture of %d x %d".formatted(width, height));
    }
    if (height == image.height() && width == image.width()) {
      return image;
    }
    Shape from = new Shape(3, image.height(), image.width());
    Resampling axes = Resampling.of(from, new Shape(3, height, width), edges);
    int m = image.pixels();
    if (image.mask() == null) {
      return new Image(height, width, axes.apply(image.rgb()));
    }
    float[] used = image.rgb().clone();
    for (int i = 0; i < used.length; i++) {
      used[i] = image.uses(i % m) ? used[i] : 0;
    }
    float[] rgb = axes.apply(used);
    divide(rgb, axes.apply(image.mask()), ColorStatistics.of(image).mean());
    return new Image(height, width, rgb, keptMask(image, axes.rows(), axes.columns()));
  }

  /** Undoes the missing weight of masked pixels: rgb [3][n] / share [n], the mean if too little. */
  private static void divide(float[] rgb, float[] share, double[] mean) {
    int n = share.length;
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < n; i++) {
        rgb[c * n + i] = share[i] < ENOUGH ? (float) mean[c] : rgb[c * n + i] / share[i];
      }
    }
  }

  /** [height][width], 1 where no source pixel in the kernel's main lobe is masked. */
  private static float[] keptMask(Image image, AxisTaps rows, AxisTaps columns) {
    float[] wide = new float[image.height() * columns.index().length];
    int newWidth = columns.index().length;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < newWidth; x++) {
        float least = 1;
        for (int k = 0; k < columns.index()[x].length; k++) {
          float used = image.mask()[y * image.width() + columns.index()[x][k]] > 0 ? 1 : 0;
          least = columns.near()[x][k] ? Math.min(least, used) : least;
        }
        wide[y * newWidth + x] = least;
      }
    }
    float[] out = new float[rows.index().length * newWidth];
    Arrays.fill(out, 1);
    for (int y = 0; y < rows.index().length; y++) {
      for (int k = 0; k < rows.index()[y].length; k++) {
        for (int x = 0; rows.near()[y][k] && x < newWidth; x++) {
          int to = y * newWidth + x;
          out[to] = Math.min(out[to], wide[rows.index()[y][k] * newWidth + x]);
        }
      }
    }
    return out;
  }
}
