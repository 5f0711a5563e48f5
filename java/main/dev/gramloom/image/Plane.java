package dev.gramloom.image;

import dev.gramloom.tensor.Edges;

/**
 * How much each pixel of a picture belongs to something.
 *
 * @param height pixels
 * @param width pixels
 * @param values [H][W], 0..1
 */
public record Plane(int height, int width, float[] values) {
  /** The same at another size. */
  public Plane resized(int newHeight, int newWidth, Edges edges) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    float[] rgb = new float[3 * values.length];
    System.arraycopy(values, 0, rgb, 0, values.length); // the other two channels stay empty
    Image resized =
        Resample.resize(new Image(height, width, rgb), newHeight, newWidth, edges).clamped();
    float[] plane = new float[newHeight * newWidth];
    System.arraycopy(resized.rgb(), 0, plane, 0, plane.length);
    return new Plane(newHeight, newWidth, plane);
  }

  /** Whether any pixel belongs to it. */
  public boolean anywhere() {
    for (float value : values) {
      if (value > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether every pixel belongs to it wholly. */
  public boolean everywhere() {
    for (float value : values) {
      if (value < 1) {
        return false;
      }
    }
    return true;
  }
}
