package dev.gramloom.weights.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Walks the fields of protobuf messages in a file and steps over what is not asked for, so that of
 * half a gigabyte only the labels are read. How deep messages nest is the caller's to know, from
 * the schema: nothing here recurses.
 *
 * <p>Encoding: https://protobuf.dev/programming-guides/encoding. What breaks it is an
 * IllegalArgumentException that says so; groups, long out of use, count as broken.
 */
final class ProtobufCursor implements AutoCloseable {
  private static final int WINDOW = 8192; // bytes; small, because most labels are far apart
  private static final int VARINT = 0; // wire types
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH = 2;
  private static final int FOUR_BYTES = 5;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long windowEnd; // where in the file the window's last byte lies, plus one
  private int field;
  private int wire;
  private long value; // of a varint
  private long end; // of the field's content, in the file

  ProtobufCursor(Path path) throws IOException {
    channel = FileChannel.open(path);
    size = channel.size();
  }

  /** Bytes of the file, which is where its outermost message ends. */
  long size() {
    return size;
  }

  /** Goes to a place in the file where a field begins. */
  void goTo(long place) {
    end = place;
  }

  /**
   * Steps to the next field, over what was left of this one.
   *
   * @param messageEnd where the message ends
   * @return whether there is one
   */
  boolean next(long messageEnd) throws IOException {
    seek(end);
    if (end == messageEnd) {
      return false;
    }
    long tag = varint(messageEnd);
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw broken();
    }
    long length =
        switch (wire) {
          case VARINT -> {
            value = varint(messageEnd);
            yield 0;
          }
          case EIGHT_BYTES -> Long.BYTES;
          case FOUR_BYTES -> Integer.BYTES;
          case LENGTH -> varint(messageEnd);
          default -> throw broken();
        };
    if (length < 0 || length > messageEnd - position()) {
      throw new IllegalArgumentException("a field longer than what holds it; it may be cut short");
    }
    end = position() + length;
    return true;
  }

  /** Number of the field. */
  int field() {
    return field;
  }

  /** Where the field's content begins, right after {@link #next}. */
  long position() {
    return windowEnd - window.remaining();
  }

  /**
   * Enters the field, a message, which must then be walked to its end.
   *
   * @return where it ends, for {@link #next}
   */
  long enter() {
    require(LENGTH);
    long messageEnd = end;
    end = position();
    return messageEnd;
  }

  /** The field's content as text of at most {@code most} bytes. */
  String text(int most) throws IOException {
    require(LENGTH);
    int length = (int) Math.min(end - position(), most + 1L);
    if (length > most) {
      throw new IllegalArgumentException("a name of " + (end - position()) + " bytes");
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      fill(1);
      bytes[i] = window.get();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The field's whole number, if it is one alone. */
  long wholeNumber() {
    require(VARINT);
    return value;
  }

  /** The field's whole numbers, packed or one alone. */
  void wholeNumbers(LongConsumer each) throws IOException {
    if (wire == VARINT) {
      each.accept(value);
      return;
    }
    require(LENGTH);
    while (position() < end) {
      each.accept(varint(end));
    }
  }

  /** How many numbers of this type the field holds, packed or one alone. */
  long count(ElementType type) {
    if (wire != (type.bytes() == Float.BYTES ? FOUR_BYTES : EIGHT_BYTES)) {
      require(LENGTH);
    }
    long length = end - position();
    if (length % type.bytes() != 0) {
      throw broken();
    }
    return length / type.bytes();
  }

  /** Reads the field's numbers. */
  void numbers(ElementType type, FloatBuffer into) throws IOException {
    long left = count(type);
    if (left > into.remaining()) {
      throw new IllegalArgumentException("more numbers than its shape");
    }
    while (left > 0) {
      fill(type.bytes());
      int count = (int) Math.min(left, window.remaining() / type.bytes());
      into.put(type.read(window, count));
      left -= count;
    }
  }

  private long varint(long limit) throws IOException {
    long bits = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position() >= limit) {
        throw new IllegalArgumentException("a number that ends early; it may be cut short");
      }
      fill(1);
      byte next = window.get();
      bits |= (next & 127L) << shift;
      if (next >= 0) {
        if (shift == 63 && next > 1) {
          throw broken();
        }
        return bits;
      }
    }
    throw broken();
  }

  private void seek(long place) {
    long start = windowEnd - window.limit();
    if (place >= start && place <= windowEnd) {
      window.position((int) (place - start));
    } else {
      window.limit(0);
      windowEnd = place;
    }
  }

  /** Has at least so many bytes, from the position on, in the window. */
  private void fill(int bytes) throws IOException {
    if (window.remaining() >= bytes) {
      return;
    }
    long place = position();
    window.clear();
    while (window.position() < bytes) {
      if (channel.read(window, place + window.position()) < 0) {
        window.flip();
        windowEnd = place + window.limit();
        throw new EOFException("it ends after " + windowEnd + " bytes");
      }
    }
    window.flip();
    windowEnd = place + window.limit();
  }

  private void require(int wanted) {
    if (wire != wanted) {
      throw new IllegalArgumentException("a field " + field + " of another kind than Caffe's");
    }
  }

  private IllegalArgumentException broken() {
    return new IllegalArgumentException("bytes at " + position() + " that are not protobuf's");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
