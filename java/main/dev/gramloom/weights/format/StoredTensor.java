package dev.gramloom.weights.format;

import java.util.Arrays;

/**
 * An array in a {@link TensorFile}.
 *
 * @param name as in the file
 * @param shape outermost dimension first; empty for a single number
 * @param values reads the numbers, last dimension fastest, as many as the shape says; throws {@link
 *     dev.gramloom.failure.Failure} if the file breaks its word
 */
public record StoredTensor(String name, int[] shape, Values values) {
  /** Reads an array's numbers. */
  @FunctionalInterface
  public interface Values {
    float[] read();
  }

  /** All numbers, last dimension fastest. */
  public float[] read() {
    return values.read();
  }

  /** "[64, 3, 3, 3]". */
  public String shapeText() {
    return Arrays.toString(shape);
  }
}
