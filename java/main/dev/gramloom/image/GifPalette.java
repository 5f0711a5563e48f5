package dev.gramloom.image;

import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * At most 256 colours for one picture, and which of them stands for which pixel.
 *
 * <p>The colours are counted in 32³ cells; the cells are cut in two at the mean, 255 times, always
 * where the squared error is largest; three rounds of k-means settle the colours.
 */
final class GifPalette {
  private static final int COLORS = 256;
  private static final int ROUNDS = 3;
  private static final int CELL_BITS = 5;
  private static final int LOOKUP_BITS = 6;

  /** A used cell: how many pixels, and their mean colour, levels. */
  private record Cell(int count, double[] rgb) {}

  private final int[][] colors; // [3][at most 256], levels
  private final short[] lookup =
      new short[1 << 3 * LOOKUP_BITS]; // index + 1 by colour, 0 = unknown

  private GifPalette(int[][] colors) {
    this.colors = colors;
  }

  /**
   * Chooses the colours.
   *
   * @param pixels [M], 0xRRGGBB
   */
  static GifPalette of(int[] pixels) {
    List<Cell> cells = cells(pixels);
    List<double[]> centres = cut(cells);
    for (int round = 0; round < ROUNDS; round++) {
      settle(cells, centres);
    }
    int[][] colors = new int[3][centres.size()];
    for (int i = 0; i < centres.size(); i++) {
      for (int c = 0; c < 3; c++) {
        colors[c][i] = (int) Math.round(centres.get(i)[c]);
      }
    }
    return new GifPalette(colors);
  }

  /** The colours as the JDK's GIF writer wants them. */
  IndexColorModel model() {
    byte[][] entries = new byte[3][colors[0].length];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < entries[c].length; i++) {
        entries[c][i] = (byte) colors[c][i];
      }
    }
    return new IndexColorModel(8, entries[0].length, entries[0], entries[1], entries[2]);
  }

  /**
   * Colour indices [H][W], with the errors of rounding handed on to the neighbours (Floyd and
   * Steinberg 1976), every other row from right to left.
   *
   * @param pixels [H][W], 0xRRGGBB
   * @param strength how much of an error is handed on, 0..1
   */
  byte[] dithered(int[] pixels, int width, float strength) {
    byte[] indices = new byte[pixels.length];
    float[][] here = new float[3][width + 2]; // errors due, levels; one place more on either side
    float[][] below = new float[3][width + 2];
    int[] wanted = new int[3];
    for (int y = 0; y < pixels.length / width; y++) {
      int step = (y & 1) == 0 ? 1 : -1;
      for (int x = step > 0 ? 0 : width - 1; x >= 0 && x < width; x += step) {
        int at = x + 1;
        for (int c = 0; c < 3; c++) {
          float due = (pixels[y * width + x] >> 16 - 8 * c & 255) + here[c][at];
          wanted[c] = Math.max(0, Math.min(255, Math.round(due)));
        }
        int index = nearest(wanted[0], wanted[1], wanted[2]);
        indices[y * width + x] = (byte) index;
        for (int c = 0; c < 3; c++) {
          float error = strength * (wanted[c] - colors[c][index]) / 16;
          here[c][at + step] += 7 * error;
          below[c][at - step] += 3 * error;
          below[c][at] += 5 * error;
          below[c][at + step] += error;
        }
      }
      float[][] done = here;
      here = below;
      below = done;
      for (float[] channel : below) {
        Arrays.fill(channel, 0);
      }
    }
    return indices;
  }

  /** The colour closest to the middle of the given colour's lookup cell. */
  private int nearest(int red, int green, int blue) {
    int shift = 8 - LOOKUP_BITS;
    int cell = (red >> shift << 2 * LOOKUP_BITS) | (green >> shift << LOOKUP_BITS) | blue >> shift;
    if (lookup[cell] == 0) {
      int half = 1 << shift - 1;
      int mask = -1 << shift;
      lookup[cell] =
          (short) (1 + search(red & mask | half, green & mask | half, blue & mask | half));
    }
    return lookup[cell] - 1;
  }

  private int search(int red, int green, int blue) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < colors[0].length; i++) {
      int r = red - colors[0][i];
      int g = green - colors[1][i];
      int b = blue - colors[2][i];
      int distance = r * r + g * g + b * b;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  private static List<Cell> cells(int[] pixels) {
    int shift = 8 - CELL_BITS;
    int[] count = new int[1 << 3 * CELL_BITS];
    long[][] sum = new long[3][count.length];
    for (int pixel : pixels) {
      int red = pixel >> 16 & 255;
      int green = pixel >> 8 & 255;
      int blue = pixel & 255;
      int i = (red >> shift << 2 * CELL_BITS) | (green >> shift << CELL_BITS) | blue >> shift;
      count[i]++;
      sum[0][i] += red;
      sum[1][i] += green;
      sum[2][i] += blue;
    }
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < count.length; i++) {
      double n = count[i];
      if (count[i] > 0) {
        cells.add(new Cell(count[i], new double[] {sum[0][i] / n, sum[1][i] / n, sum[2][i] / n}));
      }
    }
    return cells;
  }

  /** Mean colours of at most 256 boxes. */
  private static List<double[]> cut(List<Cell> cells) {
    List<Box> boxes = new ArrayList<>(List.of(Box.of(cells)));
    while (boxes.size() < COLORS) {
      int widest = 0;
      for (int i = 1; i < boxes.size(); i++) {
        widest = boxes.get(i).error() > boxes.get(widest).error() ? i : widest;
      }
      Box box = boxes.get(widest);
      if (box.error() <= 0) {
        break;
      }
      List<Cell> low = new ArrayList<>();
      List<Cell> high = new ArrayList<>();
      for (Cell cell : box.cells()) {
        (cell.rgb()[box.axis()] <= box.mean()[box.axis()] ? low : high).add(cell);
      }
      if (low.isEmpty() || high.isEmpty()) {
        break; // the mean of nearly equal cells, rounded to one of them
      }
      boxes.set(widest, Box.of(low));
      boxes.add(Box.of(high));
    }
    List<double[]> means = new ArrayList<>();
    boxes.forEach(box -> means.add(box.mean()));
    return means;
  }

  /** One round of k-means; a colour that nothing is close to stays. */
  private static void settle(List<Cell> cells, List<double[]> centres) {
    double[][] sum = new double[centres.size()][4];
    double[][] now = centres.toArray(new double[0][]);
    for (Cell cell : cells) {
      double[] rgb = cell.rgb();
      int best = 0;
      double least = Double.MAX_VALUE;
      for (int i = 0; i < now.length; i++) {
        double r = rgb[0] - now[i][0];
        double g = rgb[1] - now[i][1];
        double b = rgb[2] - now[i][2];
        double distance = r * r + g * g + b * b;
        if (distance < least) {
          least = distance;
          best = i;
        }
      }
      sum[best][3] += cell.count();
      for (int c = 0; c < 3; c++) {
        sum[best][c] += cell.count() * rgb[c];
      }
    }
    for (int i = 0; i < now.length; i++) {
      double n = sum[i][3];
      if (n > 0) {
        centres.set(i, new double[] {sum[i][0] / n, sum[i][1] / n, sum[i][2] / n});
      }
    }
  }

  /** Cells that share a colour so far; error: count · variance along the axis where it is most. */
  private record Box(List<Cell> cells, double[] mean, int axis, double error) {
    static Box of(List<Cell> cells) {
      double count = 0;
      double[] sum = new double[3];
      double[] squares = new double[3];
      for (Cell cell : cells) {
        count += cell.count();
        for (int c = 0; c < 3; c++) {
          sum[c] += cell.count() * cell.rgb()[c];
          squares[c] += cell.count() * cell.rgb()[c] * cell.rgb()[c];
        }
      }
      double[] mean = {sum[0] / count, sum[1] / count, sum[2] / count};
      int axis = 0;
      double error = 0;
      for (int c = 0; c < 3; c++) {
        double along = squares[c] - sum[c] * mean[c];
        if (along > error) {
          error = along;
          axis = c;
        }
      }
      return new Box(cells, mean, axis, cells.size() == 1 ? 0 : error);
    }
  }
}
