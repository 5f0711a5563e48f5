package dev.gramloom.image;

import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/** Weighted means of a pixel's neighbours, rows first, then columns. */
final class Blur {
  private static final int REACH = 3; // deviations; less than 0.3 % of a Gaussian lies beyond

  private Blur() {}

  /** [2·radius + 1], equal weights. */
  static float[] box(int radius) {
    float[] kernel = new float[2 * radius + 1];
    Arrays.fill(kernel, 1f / kernel.length);
    return kernel;
  }

  /** [2·⌈3σ⌉ + 1], sums to 1. */
  static float[] gaussian(double sigma) {
    int radius = (int) Math.ceil(REACH * sigma);
    double[] weight = new double[2 * radius + 1];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = Math.exp(-(i - radius) * (i - radius) / (2 * sigma * sigma));
    }
    double sum = Arrays.stream(weight).sum();
    float[] kernel = new float[weight.length];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) (weight[i] / sum);
    }
    return kernel;
  }

  /**
   * @param plane [H][width]
   * @param kernel odd length, symmetric
   * @return [H][width]
   */
  static float[] apply(float[] plane, int width, float[] kernel, Edges edges) {
    int height = plane.length / width;
    int[] columns = indices(width, kernel.length / 2, edges.horizontal());
    int[] rows = indices(height, kernel.length / 2, edges.vertical());
    float[] wide = new float[plane.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float sum = 0;
        for (int k = 0; k < kernel.length; k++) {
          sum += kernel[k] * plane[y * width + columns[x + k]];
        }
        wide[y * width + x] = sum;
      }
    }
    float[] out = new float[plane.length];
    for (int y = 0; y < height; y++) {
      for (int k = 0; k < kernel.length; k++) {
        int from = rows[y + k] * width;
        for (int x = 0; x < width; x++) {
          out[y * width + x] += kernel[k] * wide[from + x];
        }
      }
    }
    return out;
  }

  /** [n + 2·radius]: the pixel that stands at i − radius. */
  static int[] indices(int n, int radius, Edge edge) {
    int[] indices = new int[n + 2 * radius];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = edge.index(i - radius, n);
    }
    return indices;
  }
}
