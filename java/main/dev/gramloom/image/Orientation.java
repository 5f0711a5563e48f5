package dev.gramloom.image;

/** Turns a photograph the way it was held. */
final class Orientation {
  private Orientation() {}

  /**
   * Undoes what the EXIF tag 274 says was done to the stored pixels.
   *
   * @param tag 1..8, the place of the stored first row and column: 1 top left, 2 top right, 3
   *     bottom right, 4 bottom left, 5 left top, 6 right top, 7 right bottom, 8 left bottom (EXIF
   *     2.32, 4.6.4 A)
   */
  static Image upright(Image stored, int tag) {
    if (tag == 1) {
      return stored;
    }
    boolean turned = tag >= 5;
    int height = turned ? stored.width() : stored.height();
    int width = turned ? stored.height() : stored.width();
    int m = height * width;
    float[] rgb = new float[3 * m];
    float[] mask = stored.mask() == null ? null : new float[m];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = source(y, x, height, width, tag);
        int to = y * width + x;
        for (int c = 0; c < 3; c++) {
          rgb[c * m + to] = stored.rgb()[c * m + from];
        }
        if (mask != null) {
          mask[to] = stored.mask()[from];
        }
      }
    }
    return new Image(height, width, rgb, mask);
  }

  /** Index in the stored picture of the upright picture's pixel (y, x), height x width. */
  private static int source(int y, int x, int height, int width, int tag) {
    int down = height - 1 - y;
    int right = width - 1 - x;
    return switch (tag) {
      case 2 -> y * width + right;
      case 3 -> down * width + right;
      case 4 -> down * width + x;
      case 5 -> x * height + y;
      case 6 -> right * height + y;
      case 7 -> right * height + down;
      case 8 -> x * height + down;
      default -> throw new IllegalArgumentException("orientation 1..8, got " + tag);
    };
  }
}
