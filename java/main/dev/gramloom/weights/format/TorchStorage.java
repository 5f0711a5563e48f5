package dev.gramloom.weights.format;

/**
 * Numbers in a row that tensors of a PyTorch file share, by the name that the file gives them.
 *
 * @param type what the numbers are
 * @param key the name of the whole row
 * @param start where this part of it begins, in numbers
 * @param count how many numbers it has, as declared
 */
record TorchStorage(Type type, String key, long start, long count) {
  // so that bytes can be counted in a long without a thought
  private static final long MOST = 1L << 48;

  /** PyTorch's classes of storages. Names are PyTorch's: {@code torch.FloatStorage}. */
  enum Type {
    FLOAT("Float", Float.BYTES, ElementType.FLOAT32),
    DOUBLE("Double", Double.BYTES, ElementType.FLOAT64),
    HALF("Half", Short.BYTES, ElementType.FLOAT16),
    BFLOAT16("BFloat16", Short.BYTES, ElementType.BFLOAT16),
    LONG("Long", Long.BYTES, null),
    INT("Int", Integer.BYTES, null),
    SHORT("Short", Short.BYTES, null),
    CHAR("Char", Byte.BYTES, null),
    BYTE("Byte", Byte.BYTES, null),
    BOOL("Bool", Byte.BYTES, null);

    private final String title;
    private final int bytes;
    private final ElementType element;

    Type(String title, int bytes, ElementType element) {
      this.title = title;
      this.bytes = bytes;
      this.element = element;
    }

    /** {@code torch.FloatStorage}. */
    String globalName() {
      return "torch." + title + "Storage";
    }

    /** Bytes of one number. */
    int bytes() {
      return bytes;
    }

    /** How to read the numbers; null if they are whole ones, which are no weights. */
    ElementType element() {
      return element;
    }
  }

  /**
   * @throws IllegalArgumentException if no storage is like that
   */
  TorchStorage {
    boolean plain = key.chars().allMatch(c -> c > ' ' && c <= '~');
    if (key.isEmpty() || key.length() > 64 || !plain) {
      throw new IllegalArgumentException("a storage in it has an odd key");
    }
    if (start < 0 || count < 0 || start > MOST || count > MOST) {
      throw new IllegalArgumentException("storage " + key + " claims " + count + " numbers");
    }
  }

  /**
   * A part of this one, as PyTorch wrote them before version 0.4.
   *
   * @throws IllegalArgumentException if it is no part
   */
  TorchStorage part(long from, long numbers) {
    if (from < 0 || numbers < 0 || from > count - numbers) {
      throw new IllegalArgumentException("a part of storage " + key + " lies outside of it");
    }
    return new TorchStorage(type, key, start + from, numbers);
  }
}
