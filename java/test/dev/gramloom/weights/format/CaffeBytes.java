package dev.gramloom.weights.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** A message of a Caffe model as the wire has it, good or bad. */
final class CaffeBytes {
  static final int V1_LAYERS = 2; // fields of NetParameter
  static final int LAYER = 100;

  final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Adds a number of one to ten bytes. */
  CaffeBytes varint(long value) {
    for (long rest = value; ; rest >>>= 7) {
      if (rest >>> 7 == 0) {
        bytes.write((int) rest);
        return this;
      }
      bytes.write((int) (rest & 127 | 128));
    }
  }

  /** Adds a field that is a whole number. */
  CaffeBytes number(int field, long value) {
    return varint(field << 3).varint(value);
  }

  /** Adds a field of these bytes. */
  CaffeBytes content(int field, byte[] content) {
    varint(field << 3 | 2).varint(content.length).bytes.writeBytes(content);
    return this;
  }

  CaffeBytes text(int field, String text) {
    return content(field, text.getBytes(StandardCharsets.UTF_8));
  }

  CaffeBytes message(int field, CaffeBytes message) {
    return content(field, message.bytes.toByteArray());
  }

  /** Adds bytes, whether or not they are a field. */
  CaffeBytes raw(String hex) {
    bytes.writeBytes(HexFormat.of().parseHex(hex));
    return this;
  }

  /** Adds packed numbers. */
  CaffeBytes floats(int field, float... values) {
    ByteBuffer packed = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    packed.asFloatBuffer().put(values);
    return content(field, packed.array());
  }

  /** Adds one number, as packed ones were before protobuf 2.3. */
  CaffeBytes aFloat(int field, float value) {
    varint(field << 3 | 5);
    int bits = Integer.reverseBytes(Float.floatToRawIntBits(value));
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(bits).array());
    return this;
  }

  /** A model of one layer with one blob. */
  static CaffeBytes model(CaffeBytes blob) {
    return new CaffeBytes().message(LAYER, new CaffeBytes().text(1, "conv").message(7, blob));
  }

  /** The shape of a blob, whose numbers are still to be added. */
  static CaffeBytes shape(long... sizes) {
    CaffeBytes shape = new CaffeBytes();
    for (long size : sizes) {
      shape.number(1, size);
    }
    return new CaffeBytes().message(7, shape);
  }

  /** Writes it as a file. */
  Path write(Path folder) throws IOException {
    return Files.write(folder.resolve("net.caffemodel"), bytes.toByteArray());
  }
}
