package dev.gramloom.textures;

/**
 * A picture in the making: height, colour and gloss at 2 x 2 samples per output pixel, with a
 * margin around the picture so that shadows and occlusion enter from outside. {@link Shading}
 * lights it.
 */
final class Canvas {
  /** Side of the finished picture in pixels. */
  static final int SIZE = 512;

  /** Samples per output pixel and axis. */
  static final int SCALE = 2;

  /** Width of the hidden border in output pixels. */
  static final int MARGIN = 32;

  /** Samples per row and per column. */
  static final int SIDE = SCALE * (SIZE + 2 * MARGIN);

  /** Draws the material at (x, y) in output pixels, the picture spanning 0..SIZE. */
  @FunctionalInterface
  interface Painter {
    /** Returns false to leave the sample as it was. */
    boolean paint(double x, double y, Surface surface);
  }

  /** Layout {@code [SIDE][SIDE]}, row by row; height in output pixels, colours encoded 0..1. */
  final float[] height = new float[SIDE * SIDE];

  final float[] red = new float[SIDE * SIDE];
  final float[] green = new float[SIDE * SIDE];
  final float[] blue = new float[SIDE * SIDE];
  final float[] gloss = new float[SIDE * SIDE];

  /** Paints every sample; the surface holds what was there before. */
  Canvas fill(Painter painter) {
    return visit(0, SIDE, 0, SIDE, painter, false);
  }

  /** Paints samples of a rectangle (output pixels) where the new height is above the old one. */
  Canvas stamp(double left, double top, double right, double bottom, Painter painter) {
    return visit(index(left), index(right) + 1, index(top), index(bottom) + 1, painter, true);
  }

  /** A height at the nearest sample, clamped to the canvas. */
  double heightAt(double x, double y) {
    int i = StrictMath.min(index(x), SIDE - 1);
    int j = StrictMath.min(index(y), SIDE - 1);
    return height[j * SIDE + i];
  }

  private static int index(double position) {
    int i = Noise.floor((position + MARGIN) * SCALE);
    return StrictMath.max(0, StrictMath.min(SIDE, i));
  }

  private Canvas visit(int left, int right, int top, int bottom, Painter painter, boolean onTop) {
    Surface s = new Surface();
    for (int j = top; j < StrictMath.min(bottom, SIDE); j++) {
      double y = (j + 0.5) / SCALE - MARGIN;
      for (int i = left; i < StrictMath.min(right, SIDE); i++) {
        int at = j * SIDE + i;
        load(at, s);
        if (painter.paint((i + 0.5) / SCALE - MARGIN, y, s) && (!onTop || s.height > height[at])) {
          store(at, s);
        }
      }
    }
    return this;
  }

  private void load(int at, Surface s) {
    s.height = height[at];
    s.red = red[at];
    s.green = green[at];
    s.blue = blue[at];
    s.gloss = gloss[at];
  }

  private void store(int at, Surface s) {
    height[at] = (float) s.height;
    red[at] = (float) s.red;
    green[at] = (float) s.green;
    blue[at] = (float) s.blue;
    gloss[at] = (float) s.gloss;
  }
}
