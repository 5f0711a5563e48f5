package dev.gramloom.backend;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;

/**
 * A tensor in a Java array, plane after plane: the reference's.
 *
 * @param shape its size
 * @param values [C][H][W] first, then anything: the array may be longer; shared, not copied
 */
public record HeapTensor(Shape shape, float[] values) implements Tensor {
  /** Longest array a Java machine makes, floats. */
  private static final long LONGEST = Integer.MAX_VALUE - 8;

  /**
   * MiB of the heap that arrays never fill: the 32 that our launchers leave to young objects, and
   * the program's own.
   */
  private static final long JAVA = 48;

  /**
   * Refuses what the heap cannot hold.
   *
   * @param floats of all arrays that are there at the same time
   * @param largest floats of the largest
   * @return the need, with Java's own, and what there is
   * @throws Failure OUT_OF_MEMORY with both
   */
  public static Memory requireMemory(long floats, long largest) {
    long need = (floats * Float.BYTES >> 20) + JAVA;
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    if (largest > LONGEST) {
      throw new Failure(
          ExitCode.OUT_OF_MEMORY,
          "out of memory: this size needs an array of %d values, Java has at most %d; use a smaller --size"
              .formatted(largest, LONGEST));
    }
    if (need > heap) {
      throw new Failure(
          ExitCode.OUT_OF_MEMORY,
          "out of memory: this size needs %d MiB, Java may use %d MiB; use a smaller --size, or GRAMLOOM_JAVA_OPTS=-Xmx%dm"
              .formatted(need, heap, need + need / 8));
    }
    return new Memory(need, heap);
  }

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

  /** Floats of a tensor that count; its array may be longer. */
  public static int length(Tensor tensor) {
    return Math.toIntExact(tensor.shape().size());
  }

  /**
   * Another tensor in the same memory.
   *
   * @throws IllegalArgumentException if the memory is too small
   */
  public static HeapTensor view(Tensor memory, Shape shape) {
    float[] values = values(memory);
    if (shape.size() > values.length) {
      throw new IllegalArgumentException(
          "%s does not fit the %d floats of %s".formatted(shape, values.length, memory));
    }
    return new HeapTensor(shape, values);
  }

  @Override
  public float[] toArray() {
    return Arrays.copyOf(values, length(this));
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
