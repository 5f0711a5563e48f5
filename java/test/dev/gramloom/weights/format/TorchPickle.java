package dev.gramloom.weights.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles and PyTorch files, good and bad ones, instruction by instruction. */
final class TorchPickle {
  private static final String MAGIC = "80028a0a6cfc9c46f9206aa850192e";
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TorchPickle() {
    op(0x80, 2);
  }

  /** Instructions as their letters. */
  TorchPickle op(String letters) {
    out.writeBytes(letters.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  TorchPickle op(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  /** BINUNICODE. */
  TorchPickle text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op("X").raw(4, bytes.length).bytes(bytes);
  }

  /** LONG1 of eight bytes. */
  TorchPickle number(long number) {
    return op(0x8a, 8).raw(8, number);
  }

  /** A little-endian number of 4 or 8 bytes. */
  TorchPickle raw(int count, long number) {
    byte[] bytes = new byte[8];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(number);
    out.write(bytes, 0, count);
    return this;
  }

  TorchPickle bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  TorchPickle global(String module, String name) {
    return op("c" + module + "\n" + name + "\n");
  }

  /** A tuple of numbers. */
  TorchPickle numbers(long... numbers) {
    op("(");
    for (long number : numbers) {
      number(number);
    }
    return op("t");
  }

  /** A reference to a storage in a zip archive. */
  TorchPickle storage(String type, String key, long count) {
    op("(").text("storage").global("torch", type + "Storage").text(key).text("cpu");
    return number(count).op("tQ");
  }

  /** A reference to a storage in a legacy file, or to a part of it. */
  TorchPickle legacyStorage(String type, String key, long count, long... part) {
    op("(").text("storage").global("torch", type + "Storage").text(key).text("cpu").number(count);
    if (part.length == 0) {
      op("N");
    } else {
      op("(").text("part" + part[0]).number(part[0]).number(part[1]).op("t");
    }
    return op("tQ");
  }

  /** Begins a call of _rebuild_tensor; a storage and {@link #view} follow. */
  TorchPickle tensor() {
    return global("torch._utils", "_rebuild_tensor").op("(");
  }

  /** Ends a call of _rebuild_tensor. */
  TorchPickle view(long offset, long[] size, long[] stride) {
    return number(offset).numbers(size).numbers(stride).op("tR");
  }

  byte[] done() {
    return op(".").out.toByteArray();
  }

  /** A state dict of one float32 tensor, "first", of storage "0". */
  static byte[] one(long count, long offset, long[] size, long[] stride) {
    TorchPickle pickle = new TorchPickle().op("}").text("first").tensor();
    return pickle.storage("Float", "0", count).view(offset, size, stride).op("s").done();
  }

  /** The same for a legacy file. */
  static byte[] oneLegacy(long count, long offset, long[] size, long[] stride, long... part) {
    TorchPickle pickle = new TorchPickle().op("}").text("first").tensor();
    pickle.legacyStorage("Float", "0", count, part);
    return pickle.view(offset, size, stride).op("s").done();
  }

  /** Storage of float32 as it lies in a little-endian file. */
  static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  /**
   * A legacy file of this pickle and one storage, "0".
   *
   * @param tail the count and the numbers
   */
  static byte[] legacy(boolean little, byte[] pickle, byte[] tail) {
    byte[] keys = new TorchPickle().op("]").text("0").op("a").done();
    return legacy(little, pickle, keys, tail);
  }

  static byte[] legacy(boolean little, byte[] pickle, byte[] keys, byte[] tail) {
    TorchPickle machine = new TorchPickle().op("}").text("little_endian");
    machine.op(little ? 0x88 : 0x89).op("s");
    return new TorchPickle()
        .reset()
        .bytes(HexFormat.of().parseHex(MAGIC))
        .bytes(new TorchPickle().number(1001).done())
        .bytes(machine.done())
        .bytes(pickle)
        .bytes(keys)
        .bytes(tail)
        .out
        .toByteArray();
  }

  private TorchPickle reset() {
    out.reset();
    return this;
  }

  /** The count and numbers of a storage in a legacy file. */
  static byte[] counted(long count, byte[] numbers) {
    return new TorchPickle().reset().raw(8, count).bytes(numbers).out.toByteArray();
  }

  /** A zip archive of these entries, deflated. */
  static Path zip(Path path, Map<String, byte[]> entries) {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
