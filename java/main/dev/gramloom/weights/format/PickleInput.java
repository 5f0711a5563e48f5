package dev.gramloom.weights.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of pickles, counted. Nothing is allocated for a length that a file claims: memory grows
 * with the bytes that are really there, and they are at most {@link #MOST_BYTES}.
 */
final class PickleInput {
  /** Most bytes of pickle in one file; VGG's state dict takes about five thousand. */
  static final int MOST_BYTES = 1 << 24;

  private static final int LONGEST_LINE = 256; // of a module's or a class's name

  private static final String EARLY = "its pickle ends early";

  private final InputStream in;
  private long position;

  PickleInput(InputStream in) {
    this.in = in;
  }

  /** How many bytes have been read. */
  long position() {
    return position;
  }

  /**
   * The next {@code count} bytes.
   *
   * @throws EOFException if there are fewer
   * @throws IllegalArgumentException if the length is negative or leads beyond {@link #MOST_BYTES}
   */
  byte[] bytes(long count) throws IOException {
    if (count < 0 || count > MOST_BYTES - position) {
      throw new IllegalArgumentException(
          "its pickle claims " + count + " bytes at byte " + position);
    }
    byte[] bytes = in.readNBytes((int) count);
    if (bytes.length < count) {
      throw new EOFException(EARLY);
    }
    position += count;
    return bytes;
  }

  /** An unsigned little-endian number of 1 to 4 bytes. */
  long unsigned(int count) throws IOException {
    long value = 0;
    for (int i = 0; i < count; i++) {
      int next = in.read();
      if (position == MOST_BYTES) {
        throw new IllegalArgumentException("its pickle takes more than " + MOST_BYTES + " bytes");
      }
      if (next < 0) {
        throw new EOFException(EARLY);
      }
      value |= (long) next << 8 * i;
      position++;
    }
    return value;
  }

  /** A signed little-endian number of {@code count} bytes; none at all is 0. */
  BigInteger signed(long count) throws IOException {
    byte[] bytes = bytes(count);
    byte[] bigEndian = new byte[bytes.length + 1];
    for (int i = 0; i < bytes.length; i++) {
      bigEndian[bytes.length - i] = bytes[i];
    }
    bigEndian[0] = (byte) (bytes.length > 0 && bytes[bytes.length - 1] < 0 ? -1 : 0);
    return new BigInteger(bigEndian);
  }

  /** UTF-8 of so many bytes; Python 2's byte strings, which name things in ASCII, are the same. */
  String text(long count) throws IOException {
    return new String(bytes(count), StandardCharsets.UTF_8);
  }

  /** ASCII as far as the next line feed, without it. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (long c = unsigned(1); c != '\n'; c = unsigned(1)) {
      if (line.length() == LONGEST_LINE) {
        throw new IllegalArgumentException("its pickle holds a name without end");
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
