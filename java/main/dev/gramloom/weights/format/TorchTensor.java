package dev.gramloom.weights.format;

import java.io.IOException;

/**
 * A view of a storage, as PyTorch's {@code _rebuild_tensor} is told it.
 *
 * @param offset of the first number in the storage
 * @param size outermost dimension first; as declared
 * @param stride how many numbers further the next one of each dimension lies; as declared
 */
record TorchTensor(TorchStorage storage, long offset, long[] size, long[] stride) {
  /**
   * Our shape of it.
   *
   * @throws IllegalArgumentException with what it is, if that cannot be, or if it does not lie in
   *     its storage
   */
  int[] shape() {
    int[] shape = Dimensions.checked(size);
    if (stride.length != size.length) {
      throw new IllegalArgumentException(
          "an array of " + size.length + " dimensions and " + stride.length + " strides");
    }
    for (long step : stride) {
      if (step < 0) {
        throw new IllegalArgumentException("an array that steps backwards");
      }
    }
    if (Dimensions.count(shape) > 0) {
      requireInside();
    }
    return shape;
  }

  private void requireInside() {
    try {
      if (offset >= 0 && Math.addExact(offset, span()) <= storage.count()) {
        return;
      }
    } catch (ArithmeticException e) {
      // further outside than can be said
    }
    throw new IllegalArgumentException("an array that lies outside its storage");
  }

  /**
   * How many numbers lie from the first to the last of a tensor that has any, both counted.
   *
   * @throws ArithmeticException if there is no such number
   */
  private long span() {
    long last = 0;
    for (int i = 0; i < size.length; i++) {
      last = Math.addExact(last, Math.multiplyExact(size[i] - 1, stride[i]));
    }
    return Math.addExact(last, 1);
  }

  /**
   * The numbers, last dimension fastest, of a tensor whose {@link #shape} has been checked.
   *
   * @throws IllegalArgumentException with what it is, if it is too large to be read
   * @throws IOException if the storage has not what it declared
   */
  float[] read(TorchContainer container) throws IOException {
    int count = Dimensions.readable(shape());
    if (count == 0) {
      return new float[0];
    }
    long span = span();
    if (span > TensorFile.MOST_NUMBERS) {
      throw new IllegalArgumentException("an array strewn over " + span + " numbers");
    }
    float[] numbers = container.read(storage, offset, (int) span);
    return isContiguous() ? numbers : gather(numbers, count);
  }

  /** Whether the numbers lie as we want them; the stride of a dimension of one is idle. */
  private boolean isContiguous() {
    long expected = 1;
    for (int i = size.length - 1; i >= 0; i--) {
      if (size[i] != 1 && stride[i] != expected) {
        return false;
      }
      expected *= size[i];
    }
    return true;
  }

  private float[] gather(float[] numbers, int count) {
    float[] values = new float[count];
    int[] index = new int[size.length];
    long at = 0; // an idle stride may overflow it, and brings it back
    for (int i = 0; i < count; i++) {
      values[i] = numbers[(int) at];
      for (int d = size.length - 1; d >= 0; d--) {
        at += stride[d];
        if (++index[d] < size[d]) {
          break;
        }
        at -= stride[d] * size[d];
        index[d] = 0;
      }
    }
    return values;
  }
}
