package dev.gramloom.image;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of a picture file, which are believed in nothing: reading past the end is a {@link
 * Failure}, and so is a size that the bytes cannot fill or this machine cannot hold.
 */
final class PictureBytes {
  /** Bytes of memory a pixel: planes and mask, twice while a photograph is turned, and some. */
  private static final int NEED = 36;

  private final Path path;
  private final byte[] bytes;
  private int at;

  PictureBytes(Path path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  byte[] all() {
    return bytes;
  }

  int remaining() {
    return bytes.length - at;
  }

  int position() {
    return at;
  }

  /**
   * @throws Failure BAD_DATA if it lies outside the file
   */
  void position(long to) {
    if (to < 0 || to > bytes.length) {
      throw truncated();
    }
    at = (int) to;
  }

  void skip(long count) {
    position(at + count);
  }

  boolean startsWith(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      if (i >= bytes.length || bytes[i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  int u8() {
    if (at >= bytes.length) {
      throw truncated();
    }
    return bytes[at++] & 255;
  }

  /** Two bytes, big end first. */
  int big16() {
    return u8() << 8 | u8();
  }

  /** Two bytes, little end first. */
  int little16() {
    return u8() | u8() << 8;
  }

  /** Four bytes, big end first, 0..2^32 - 1. */
  long big32() {
    return (long) big16() << 16 | big16();
  }

  /** Four bytes, little end first, 0..2^32 - 1. */
  long little32() {
    return little16() | (long) little16() << 16;
  }

  byte[] take(long count) {
    int from = at;
    skip(count);
    return Arrays.copyOfRange(bytes, from, at);
  }

  /** Refuses what ends before {@code count} more bytes. */
  void require(long count) {
    if (count > remaining()) {
      throw truncated();
    }
  }

  /**
   * Before anything is allocated.
   *
   * @param width pixels, as the file claims
   * @param height pixels, as the file claims
   * @throws Failure BAD_DATA if there are none or too many; OUT_OF_MEMORY if this JVM cannot hold
   *     them
   */
  void requireSize(long width, long height) {
    if (width <= 0 || height <= 0) {
      throw fault("it is %d x %d pixels".formatted(width, height));
    }
    ImageFile.requireSize(path, width, height);
    long allowed = Runtime.getRuntime().maxMemory();
    if (NEED * width * height > allowed) {
      throw new Failure(
          ExitCode.OUT_OF_MEMORY,
          "%s is %d x %d pixels, which need %d MiB; Java may use %d MiB"
              .formatted(path, width, height, NEED * width * height >> 20, allowed >> 20));
    }
  }

  /** The file is a picture, and not one to work with. */
  Failure refusal(String what) {
    return ImageFile.badData(path + " " + what);
  }

  Failure truncated() {
    return fault("it is truncated");
  }

  Failure fault(String why) {
    return ImageFile.badData(
        "%s is not a picture that can be read (PNG, JPEG, TGA, BMP, PSD, HDR, GIF or PNM): %s"
            .formatted(path, why));
  }
}
