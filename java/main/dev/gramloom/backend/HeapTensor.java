package dev.gramloom.backend;

import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/**
 * A tensor in a Java array, for the backends that compute on the CPU.
 *
 * @param shape its size
 * @param values [C][H][W], shared, not copied
 */
public record HeapTensor(Shape shape, float[] values) implements Tensor {
  /** A tensor of zeros. */
  public static HeapTensor zeros(Shape shape) {
    return new HeapTensor(shape, new float[Math.toIntExact(shape.size())]);
  }

  /** A tensor holding a copy of {@code values}. */
  public static HeapTensor copyOf(Shape shape, float... values) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "%s holds %d floats, got %d".formatted(shape, shape.size(), values.length));
    }
    return new HeapTensor(shape, values.clone());
  }

  /** The array behind a tensor of this kind. */
  public static float[] values(Tensor tensor) {
    return ((HeapTensor) tensor).values();
  }

  @Override
  public float[] toArray() {
    return values.clone();
  }

  @Override
  public void close() {
    // the garbage collector's work
  }

  @Override
  public String toString() {
    return "tensor " + shape;
  }
}
