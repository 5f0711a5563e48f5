package dev.gramloom.tensor;

/**
 * How a picture's size changes, each axis by itself: columns first, then rows.
 *
 * <p>Sums are float32, tap after tap: whoever computes them in that order gets the same bytes.
 *
 * @param height of what is resampled, pixels
 * @param width of what is resampled, pixels
 * @param rows taps that make each row of the result
 * @param columns taps that make each column of the result
 */
public record Resampling(int height, int width, AxisTaps rows, AxisTaps columns) {
  /** From the size of one shape to the size of another. */
  public static Resampling of(Shape from, Shape to, Edges edges) {
    return new Resampling(
        from.height(),
        from.width(),
        AxisTaps.of(from.height(), to.height(), edges.vertical()),
        AxisTaps.of(from.width(), to.width(), edges.horizontal()));
  }

  /** What is resampled, of so many channels. */
  public Shape from(int channels) {
    return new Shape(channels, height, width);
  }

  /** The result, of so many channels. */
  public Shape to(int channels) {
    return new Shape(channels, rows.index().length, columns.index().length);
  }

  /** Any number of channels, [C][H][W], at the new size, [C][h][w]. */
  public float[] apply(float... source) {
    int channels = source.length / (height * width);
    float[] wide = widened(channels * height, source);
    int newWidth = columns.index().length;
    int newHeight = rows.index().length;
    float[] out = new float[channels * newHeight * newWidth];
    for (int y = 0; y < channels * newHeight; y++) {
      int[] index = rows.index()[y % newHeight];
      float[] weight = rows.weight()[y % newHeight];
      for (int k = 0; k < index.length; k++) {
        int from = (y / newHeight * height + index[k]) * newWidth;
        int to = y * newWidth;
        for (int x = 0; x < newWidth; x++) {
          out[to + x] += weight[k] * wide[from + x];
        }
      }
    }
    return out;
  }

  /** So many lines, [lines][W], at the new width. */
  private float[] widened(int lines, float... source) {
    int newWidth = columns.index().length;
    float[] wide = new float[lines * newWidth];
    for (int y = 0; y < lines; y++) {
      for (int x = 0; x < newWidth; x++) {
        int[] index = columns.index()[x];
        float[] weight = columns.weight()[x];
        float sum = 0;
        for (int k = 0; k < index.length; k++) {
          sum += weight[k] * source[y * width + index[k]];
        }
        wide[y * newWidth + x] = sum;
      }
    }
    return wide;
  }
}
