package dev.gramloom.backend.cpu;

import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * A picture of few channels as a filter sees it: padded by its edges, row by row; and what falls on
 * the padding, given back.
 *
 * @param picture [C][H][W], C without gaps
 * @param radius rows and columns of padding on each side
 */
record PictureBorder(CpuTensor picture, Edges edges, int radius) {
  private int channels() {
    return picture.channels();
  }

  int height() {
    return picture.shape().height();
  }

  int width() {
    return picture.shape().width();
  }

  /** Columns of a padded row. */
  int columns() {
    return width() + 2 * radius;
  }

  /** Floats of a padded row. */
  int rowSize() {
    return columns() * channels();
  }

  /** Floats of the padded picture. */
  int size() {
    return Math.multiplyExact(height() + 2 * radius, rowSize());
  }

  /**
   * Copies a row with its padding, [W + 2 radius][C].
   *
   * @param row may lie outside the picture, at most by the radius
   */
  void read(int row, float[] to, int at) {
    int y = edges.vertical().index(row, height());
    if (y < 0) {
      Arrays.fill(to, at, at + rowSize(), 0);
      return;
    }
    int from = y * width();
    int length = width() * channels();
    System.arraycopy(picture.values(), y * length, to, at + radius * channels(), length);
    for (int i = 0; i < radius; i++) {
      pixel(from, i - radius, to, at + i * channels());
      pixel(from, width() + i, to, at + (radius + width() + i) * channels());
    }
  }

  private void pixel(int from, int column, float[] to, int at) {
    int inside = edges.horizontal().index(column, width());
    for (int c = 0; c < channels(); c++) {
      to[at + c] = inside < 0 ? 0 : picture.values()[(from + inside) * channels() + c];
    }
  }

  /** Adds every padded pixel's number to the pixel it shows, in the order of the padded picture. */
  void fold(Workers workers, float[] padded) {
    int[] rows = Border.shown(edges.vertical(), height(), radius);
    int[] pixels = Border.shown(edges.horizontal(), width(), radius);
    float[] sum = picture.values();
    int length = width() * channels();
    workers.forEach(
        height(),
        (y, scratch) -> {
          for (int r = 0; r < rows.length; r++) {
            if (rows[r] == y) {
              int from = r * rowSize();
              int to = y * length;
              Rows.add(padded, from + radius * channels(), sum, to, length);
              for (int i = 0; i < radius; i++) {
                addPixel(padded, from, i, to, pixels[i]);
                addPixel(padded, from, radius + width() + i, to, pixels[radius + width() + i]);
              }
            }
          }
        });
  }

  private void addPixel(float[] padded, int from, int column, int to, int inside) {
    for (int c = 0; c < channels() && inside >= 0; c++) {
      picture.values()[to + inside * channels() + c] += padded[from + column * channels() + c];
    }
  }
}
