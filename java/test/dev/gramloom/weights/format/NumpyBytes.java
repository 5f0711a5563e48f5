package dev.gramloom.weights.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes .npy arrays and archives of them, good and bad ones. */
final class NumpyBytes {
  static final String HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  static final float[] VALUES = {1, -2.5f, Float.MIN_VALUE, 3e38f, -0f, 7};

  private NumpyBytes() {}

  /** A .npy of this header and VALUES, little-endian. */
  static byte[] npy(String header) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    return npy(1, text.length, text);
  }

  /**
   * A .npy of a version, with VALUES.
   *
   * @param declared length of the header, true or not
   */
  static byte[] npy(int version, int declared, byte[] text) {
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + text.length + 4 * VALUES.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1))
        .put((byte) version)
        .put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) declared);
    } else {
      bytes.putInt(declared);
    }
    bytes.put(text);
    for (float value : VALUES) {
      bytes.putFloat(value);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** An archive of deflated entries. */
  static Path archive(Path folder, Map<String, byte[]> entries) throws IOException {
    Path path = folder.resolve("archive.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return path;
  }
}
