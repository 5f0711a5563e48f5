package dev.gramloom.network;

import dev.gramloom.backend.PoolAxis;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * Which places of a layer saw nothing but texture.
 *
 * @param height H
 * @param width W
 * @param texture [H][W], 1 where all of the receptive field is texture, else 0
 */
public record Mask(int height, int width, float[] texture) {
  /** Places that saw nothing but texture. */
  public int count() {
    int count = 0;
    for (float t : texture) {
      count += t > 0 ? 1 : 0;
    }
    return count;
  }

  /** Places that are in both. */
  public Mask and(Mask other) {
    float[] both = texture.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] = Math.min(both[i], other.texture[i]);
    }
    return new Mask(height, width, both);
  }

  /** What is left after a filter that reaches {@code radius} pixels beyond its centre. */
  Mask eroded(int radius, Edges edges) {
    float[] rows = new float[texture.length];
    for (int i = 0; i < texture.length; i++) {
      int start = i - i % width;
      rows[i] = minimum(texture, start, 1, i % width, width, radius, edges.horizontal());
    }
    float[] both = new float[texture.length];
    for (int i = 0; i < texture.length; i++) {
      both[i] = minimum(rows, i % width, width, i / width, height, radius, edges.vertical());
    }
    return new Mask(height, width, both);
  }

  private static float minimum(
      float[] from, int start, int stride, int centre, int n, int radius, Edge edge) {
    float minimum = 1;
    for (int i = centre - radius; i <= centre + radius; i++) {
      int at = edge.index(i, n);
      minimum = at < 0 ? minimum : Math.min(minimum, from[start + at * stride]);
    }
    return minimum;
  }

  /** What is left after 2:1 pooling: windows that are texture throughout. */
  Mask pooled(Edges edges) {
    PoolAxis rows = PoolAxis.of(height, edges.vertical());
    PoolAxis columns = PoolAxis.of(width, edges.horizontal());
    int h = rows.first().length;
    int w = columns.first().length;
    float[] pooled = new float[h * w];
    Arrays.fill(pooled, 1);
    for (int i = 0; i < pooled.length; i++) {
      for (int y = 0; y < rows.weights()[i / w].length; y++) {
        for (int x = 0; x < columns.weights()[i % w].length; x++) {
          int at = (rows.first()[i / w] + y) * width + columns.first()[i % w] + x;
          pooled[i] = Math.min(pooled[i], texture[at]);
        }
      }
    }
    return new Mask(h, w, pooled);
  }
}
