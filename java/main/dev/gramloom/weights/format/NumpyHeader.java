package dev.gramloom.weights.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before the numbers of a .npy file: magic, version, length, and a Python dictionary of
 * type, order and shape.
 *
 * <p>Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to
 * 3.
 *
 * @param type of the numbers; null if they are whole numbers, text or the like, and so no weights
 * @param order of the bytes in a number
 * @param fortran first dimension fastest, instead of last
 * @param shape outermost dimension first
 * @param length bytes before the first number
 */
record NumpyHeader(ElementType type, ByteOrder order, boolean fortran, int[] shape, int length) {
  private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
  private static final int START = 12; // bytes: magic, two of version, two or four of length
  private static final int MOST = 10_000; // bytes of dictionary, NumPy's limit; real ones have 118

  private static final Pattern TYPE = Pattern.compile("([<>|])([a-zA-Z])([0-9]*)(\\[\\w*\\])?");
  private static final String NO_WEIGHTS = "biucmMSUV"; // kinds of NumPy: whole numbers, text ...
  private static final Map<String, ElementType> TYPES =
      Map.of("2", ElementType.FLOAT16, "4", ElementType.FLOAT32, "8", ElementType.FLOAT64);
  private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

  /** Whether a file or entry that begins so is a .npy. */
  static boolean isAt(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Reads the header and nothing behind it.
   *
   * @throws IllegalArgumentException with what is wrong with it
   * @throws IOException if it ends early or cannot be read
   */
  static NumpyHeader read(ByteSource source) throws IOException {
    byte[] start = source.read(0, START);
    if (!isAt(start)) {
      throw new IllegalArgumentException("no array of NumPy's");
    }
    int version = start[6];
    if (version < 1 || version > 3 || start[7] != 0) {
      throw new IllegalArgumentException(
          "version " + version + "." + start[7] + " of .npy; known are 1.0, 2.0 and 3.0");
    }
    ByteBuffer lengths = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    long length =
        version == 1
            ? Short.toUnsignedLong(lengths.getShort(8))
            : Integer.toUnsignedLong(lengths.getInt(8));
    if (length > MOST) {
      throw new IllegalArgumentException("a header of " + length + " bytes");
    }
    int at = version == 1 ? START - 2 : START;
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String dictionary = new String(source.read(at, (int) length), charset);
    return of(PythonLiteral.dictionary(dictionary), at + (int) length);
  }

  private static NumpyHeader of(Map<String, Object> values, int length) {
    if (!values.keySet().equals(KEYS)) {
      throw new IllegalArgumentException("a header whose keys are not descr, fortran_order, shape");
    }
    if (!(values.get("fortran_order") instanceof Boolean fortran)) {
      throw new IllegalArgumentException("a fortran_order that is neither True nor False");
    }
    if (!(values.get("shape") instanceof long[] sizes)) {
      throw new IllegalArgumentException("a shape that is no tuple of whole numbers");
    }
    Matcher descr = TYPE.matcher(values.get("descr") instanceof String text ? text : "");
    if (!descr.matches()) {
      throw new IllegalArgumentException("a descr that names no single type");
    }
    ByteOrder order = descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NumpyHeader(type(descr), order, fortran, Dimensions.checked(sizes), length);
  }

  private static ElementType type(Matcher descr) {
    String kind = descr.group(2);
    if (kind.equals("O")) {
      throw new IllegalArgumentException(
          "holds Python objects (a pickle), which Gramloom never runs");
    }
    if (NO_WEIGHTS.contains(kind)) {
      return null;
    }
    ElementType type = TYPES.get(descr.group(3));
    boolean ordered = !descr.group(1).equals("|") && descr.group(4) == null;
    if (!kind.equals("f") || type == null || !ordered) {
      throw new IllegalArgumentException(
          "numbers of the type " + descr.group() + "; known are f2, f4 and f8");
    }
    return type;
  }

  /** Whether a file of so many bytes ends where the numbers do. */
  boolean fills(long size) {
    long bytes = size - length;
    return bytes % type.bytes() == 0 && bytes / type.bytes() == Dimensions.count(shape);
  }

  /** Reads the numbers, last dimension fastest. */
  float[] numbers(ByteSource source) throws IOException {
    float[] values = source.numbers(type, order, length, Dimensions.readable(shape));
    return fortran && shape.length > 1 ? lastFastest(values) : values;
  }

  private float[] lastFastest(float[] firstFastest) {
    float[] values = new float[firstFastest.length];
    int[] strides = new int[shape.length]; // in values
    for (int d = shape.length - 1, stride = 1; d >= 0; stride *= shape[d--]) {
      strides[d] = stride;
    }
    int[] index = new int[shape.length];
    int at = 0;
    for (float value : firstFastest) {
      values[at] = value;
      for (int d = 0; d < shape.length; d++) {
        at += strides[d];
        if (++index[d] < shape[d]) {
          break;
        }
        at -= strides[d] * shape[d];
        index[d] = 0;
      }
    }
    return values;
  }
}
