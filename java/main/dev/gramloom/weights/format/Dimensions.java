package dev.gramloom.weights.format;

/** Shapes as files declare them, before they are believed. */
final class Dimensions {
  private static final int MOST = 32; // NumPy's limit

  // weights pack to a half, pruned ones to a tenth, and what is all zeros is small
  private static final int MOST_PACKED = 16;
  private static final int ZEROS = 1 << 22; // bytes

  private Dimensions() {}

  /**
   * A declared shape as ours.
   *
   * @param sizes outermost first
   * @throws IllegalArgumentException with what is wrong with it: too many dimensions, a negative or
   *     huge one
   */
  static int[] checked(long... sizes) {
    if (sizes.length > MOST) {
      throw new IllegalArgumentException("an array of " + sizes.length + " dimensions");
    }
    int[] shape = new int[sizes.length];
    for (int i = 0; i < shape.length; i++) {
      if (sizes[i] < 0 || sizes[i] > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a dimension of " + sizes[i]);
      }
      shape[i] = (int) sizes[i];
    }
    return shape;
  }

  /** How many numbers a shape holds; {@link Long#MAX_VALUE} if there is no such number. */
  static long count(int[] shape) {
    long count = 1;
    for (int n : shape) {
      if (n == 0) {
        return 0;
      }
    }
    for (int n : shape) {
      if (count > Long.MAX_VALUE / n) {
        return Long.MAX_VALUE;
      }
      count *= n;
    }
    return count;
  }

  /**
   * Whether an array may be unpacked. Many can lie in the same few bytes of a file, and the time
   * that each takes would not be bounded by its size.
   *
   * @param unpacked bytes of the array, and of what is before it in the same piece
   * @param file bytes of the whole file
   */
  static boolean arePackedIn(long unpacked, long file) {
    return unpacked <= MOST_PACKED * file + ZEROS;
  }

  /**
   * How many numbers a shape holds, for an array that is about to be read.
   *
   * @throws IllegalArgumentException if they are more than {@link TensorFile#MOST_NUMBERS}
   */
  static int readable(int[] shape) {
    long count = count(shape);
    if (count > TensorFile.MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "an array of " + count + " numbers, more than any VGG has in one");
    }
    return (int) count;
  }
}
