package dev.gramloom.backend.cpu;

import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;

/**
 * The ring of pixels around a gradient, as wide as a 3x3 filter reaches: what falls there belongs
 * to the pixels that the ring mirrors.
 *
 * <p>It is filled by many threads, each pixel by one, and folded back by one.
 */
final class Border {
  private final Edges edges;
  private final int height;
  private final int width;
  private final int pitch;
  private final float[] ring; // rows −1 and H of W + 2 pixels, columns −1 and W of H pixels

  Border(Edges edges, Shape shape) {
    this.edges = edges;
    this.height = shape.height();
    this.width = shape.width();
    this.pitch = CpuTensor.pitch(shape.channels());
    int pixels = exists() ? 2 * (width + 2) + 2 * height : 0;
    this.ring = new float[Math.multiplyExact(pixels, pitch)];
  }

  /** How the gradient of a convolution's output goes on, where its input went on so. */
  static Edges beyond(Edges edges) {
    return new Edges(beyond(edges.vertical()), beyond(edges.horizontal()));
  }

  /** For each pixel of an axis padded by {@code radius} the pixel it shows, −1 for nothing. */
  static int[] shown(Edge edge, int n, int radius) {
    int[] shown = new int[n + 2 * radius];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = edge.index(i - radius, n);
    }
    return shown;
  }

  private static Edge beyond(Edge edge) {
    return edge == Edge.WRAP ? Edge.WRAP : Edge.ZERO;
  }

  private boolean exists() {
    return top() < 0 || left() < 0;
  }

  /** The first row of sums: −1 where the picture is mirrored above and below. */
  int top() {
    return edges.vertical() == Edge.REFLECT ? -1 : 0;
  }

  /** The first column of sums. */
  int left() {
    return edges.horizontal() == Edge.REFLECT ? -1 : 0;
  }

  boolean holds(int y, int x) {
    return y < 0 || x < 0 || y >= height || x >= width;
  }

  /** Takes some channels of a pixel outside the picture. */
  void put(int y, int x, int channel, int count, float[] from, int at) {
    System.arraycopy(from, at, ring, place(y, x) * pitch + channel, count);
  }

  private int place(int y, int x) {
    if (y < 0 || y >= height) {
      return (y < 0 ? 0 : width + 2) + x + 1;
    }
    return 2 * (width + 2) + (x < 0 ? 0 : height) + y;
  }

  /** Adds the ring to the pixels it mirrors. */
  void fold(float[] dX) {
    if (!exists()) {
      return;
    }
    for (int y = top(); y < height - top(); y++) {
      boolean inside = y >= 0 && y < height;
      for (int x = left(); x < width - left(); x += inside && x < 0 ? width + 1 : 1) {
        if (holds(y, x)) {
          int row = edges.vertical().index(y, height);
          int column = edges.horizontal().index(x, width);
          Rows.add(ring, place(y, x) * pitch, dX, (row * width + column) * pitch, pitch);
        }
      }
    }
  }
}
