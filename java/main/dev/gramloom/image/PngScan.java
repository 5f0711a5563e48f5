package dev.gramloom.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** What stb does not check about a PNG: that all its chunks are there and undamaged. */
final class PngScan {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int IHDR = 0x49484452;
  private static final int IEND = 0x49454E44;
  private static final int ANCILLARY = 0x20000000; // lower-case first letter: not needed to decode

  private PngScan() {}

  static boolean recognises(byte[] file) {
    return file.length >= 8 && ByteBuffer.wrap(file).getLong() == SIGNATURE;
  }

  /** Width and height, pixels, as the header claims; null if there is no header. */
  static long[] size(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    if (file.length < 24 || in.getInt(12) != IHDR) {
      return null;
    }
    return new long[] {in.getInt(16) & 0xFFFFFFFFL, in.getInt(20) & 0xFFFFFFFFL};
  }

  /**
   * Walks the chunks.
   *
   * @return what is wrong, for the user; null if nothing is
   */
  static String damage(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).position(8);
    while (in.remaining() >= 12) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining() - 8) {
        return "truncated";
      }
      int start = in.position();
      int type = in.getInt();
      CRC32 crc = new CRC32();
      crc.update(file, start, length + 4);
      in.position(start + 4 + length);
      if (in.getInt() != (int) crc.getValue() && (type & ANCILLARY) == 0) {
        return "damaged (a checksum is wrong)";
      }
      if (type == IEND) {
        return null;
      }
    }
    return "truncated";
  }
}
