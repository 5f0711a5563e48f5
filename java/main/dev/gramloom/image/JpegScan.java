package dev.gramloom.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stb does not tell about a JPEG.
 *
 * @param complete whether the end-of-image marker is there; stb paints what is missing grey
 * @param orientation the EXIF tag 274, 1..8; 1 = as stored
 */
record JpegScan(boolean complete, int orientation) {
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;
  private static final int APP1 = 0xE1;
  private static final int ORIENTATION = 0x0112;

  static boolean recognises(byte[] file) {
    return file.length >= 3
        && (file[0] & 255) == 0xFF
        && (file[1] & 255) == 0xD8
        && (file[2] & 255) == 0xFF;
  }

  /** Walks the segments (ITU-T T.81, annex B), so a thumbnail's end is not taken for the end. */
  static JpegScan of(byte[] file) {
    int orientation = 1;
    int at = 2;
    while (true) {
      while (at < file.length && (file[at] & 255) != 0xFF) {
        at++; // entropy-coded data, or rubbish between segments
      }
      while (at < file.length && (file[at] & 255) == 0xFF) {
        at++; // the marker's own 0xFF and fill bytes
      }
      if (at >= file.length) {
        return new JpegScan(false, orientation);
      }
      int marker = file[at++] & 255;
      if (marker == END_OF_IMAGE) {
        return new JpegScan(true, orientation);
      }
      if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
        continue; // a stuffed 0xFF or a restart: no length follows
      }
      if (at + 2 > file.length) {
        return new JpegScan(false, orientation);
      }
      int length = (file[at] & 255) << 8 | file[at + 1] & 255;
      if (marker == APP1 && at + length <= file.length && length > 8) {
        orientation = orientation(file, at + 2, length - 2, orientation);
      }
      at += marker == START_OF_SCAN ? 2 : Math.max(2, length);
    }
  }

  /** Reads tag 274 of the first directory; {@code otherwise} if the segment is not sound EXIF. */
  private static int orientation(byte[] file, int start, int length, int otherwise) {
    ByteBuffer exif = ByteBuffer.wrap(file, start, length).slice();
    try {
      if (exif.getInt() != 0x45786966 || exif.getShort() != 0) { // "Exif\0\0"
        return otherwise;
      }
      ByteBuffer tiff = exif.slice();
      tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      tiff.position(tiff.getInt(4));
      int entries = tiff.getShort() & 0xFFFF;
      for (int i = 0; i < entries; i++) {
        int entry = tiff.position() + 12 * i;
        if ((tiff.getShort(entry) & 0xFFFF) == ORIENTATION) {
          int value = tiff.getShort(entry + 8);
          return value >= 1 && value <= 8 ? value : otherwise;
        }
      }
      return otherwise;
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return otherwise;
    }
  }
}
