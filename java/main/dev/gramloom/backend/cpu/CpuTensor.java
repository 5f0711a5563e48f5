package dev.gramloom.backend.cpu;

import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/**
 * A tensor of the CPU engine: pixel after pixel, the channels of a pixel side by side,
 * [H][W][{@link #pitch}]. So a vector holds channels of one pixel, convolutions and Gram matrices
 * read whole lines of the cache, and pooling shuffles nothing.
 *
 * <p>From {@link #LINE} channels on a pixel is padded to whole lines of the cache. Every verb
 * leaves zeros in the padding, and expects them there.
 *
 * @param shape its size
 * @param values the pixels, then anything: the array may be longer; shared, not copied
 * @param workers who may have put off what changes it; null where nobody does
 */
record CpuTensor(Shape shape, float[] values, Workers workers) implements Tensor {
  /** Floats of a line of the cache: as many as the widest vector has. */
  static final int LINE = 16;

  /** Floats from a pixel to the next. */
  static int pitch(int channels) {
    return channels < LINE ? channels : (channels + LINE - 1) / LINE * LINE;
  }

  /** Floats that a tensor of this shape takes. */
  static long floats(Shape shape) {
    return (long) pitch(shape.channels()) * shape.pixels();
  }

  static CpuTensor zeros(Shape shape) {
    return new CpuTensor(shape, new float[Math.toIntExact(floats(shape))], null);
  }

  /**
   * A tensor holding a copy of {@code planes}, [C][H][W].
   *
   * @throws IllegalArgumentException unless there are as many as the shape says
   */
  static CpuTensor copyOf(Shape shape, float... planes) {
    if (planes.length != shape.size()) {
      throw new IllegalArgumentException(
          "%s holds %d floats, got %d".formatted(shape, shape.size(), planes.length));
    }
    CpuTensor tensor = zeros(shape);
    int pitch = tensor.pitch();
    int pixels = shape.pixels();
    for (int c = 0; c < shape.channels(); c++) {
      for (int i = 0; i < pixels; i++) {
        tensor.values[i * pitch + c] = planes[c * pixels + i];
      }
    }
    return tensor;
  }

  /** The same tensor, of a backend. */
  CpuTensor of(Workers workers) {
    return new CpuTensor(shape, values, workers);
  }

  /**
   * Another tensor in the same memory.
   *
   * @throws IllegalArgumentException if the memory is too small
   */
  static CpuTensor view(Tensor memory, Shape shape) {
    float[] values = values(memory);
    if (floats(shape) > values.length) {
      throw new IllegalArgumentException(
          "%s does not fit the %d floats of %s".formatted(shape, values.length, memory));
    }
    return new CpuTensor(shape, values, of(memory).workers);
  }

  static CpuTensor of(Tensor tensor) {
    return (CpuTensor) tensor;
  }

  /** The array behind a tensor of this engine. */
  static float[] values(Tensor tensor) {
    return of(tensor).values;
  }

  /** Floats from a pixel to the next. */
  int pitch() {
    return pitch(shape.channels());
  }

  int channels() {
    return shape.channels();
  }

  int pixels() {
    return shape.pixels();
  }

  /** Floats that count, padding included. */
  int length() {
    return pitch() * pixels();
  }

  @Override
  public float[] toArray() {
    if (workers != null) {
      workers.settle();
    }
    int pitch = pitch();
    int pixels = pixels();
    float[] planes = new float[Math.toIntExact(shape.size())];
    for (int c = 0; c < channels(); c++) {
      for (int i = 0; i < pixels; i++) {
        planes[c * pixels + i] = values[i * pitch + c];
      }
    }
    return planes;
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
