package dev.gramloom.weights.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * PyTorch's files before version 1.6: five pickles (a magic number, the version, the machine, the
 * weights, the keys of the storages) and then each storage: its count, 64 bits, and its numbers.
 * Torchvision's VGGs are such files. Memory-mapped; only what is asked for is read.
 *
 * <p>Source: PyTorch's torch/serialization.py, {@code _legacy_save}, and
 * torch/csrc/generic/serialization.cpp, {@code writeFileRaw}: numbers are little-endian whatever
 * the machine, counts were in the machine's own order at first.
 */
final class TorchLegacyStream implements TorchContainer {
  private static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };
  private static final long VERSION = 1001;

  private final Path path;
  private final Object content;
  private final Map<String, Long> positions = new HashMap<>(); // key to its first number's byte

  /**
   * Reads the pickles and where the storages are.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException in words for people, if it is not as it should be
   */
  TorchLegacyStream(Path path) throws IOException {
    this.path = path;
    try (FileChannel channel = FileChannel.open(path)) {
      PickleInput in = new PickleInput(new BufferedInputStream(Channels.newInputStream(channel)));
      in.bytes(MAGIC.length);
      TorchObjects objects = new TorchObjects();
      if (!Long.valueOf(VERSION).equals(Pickle.read(in, objects))) {
        throw new IllegalArgumentException("it is not of PyTorch's version " + VERSION);
      }
      if (!(Pickle.read(in, objects) instanceof Pickle.Dictionary machine)) {
        throw new IllegalArgumentException("it does not say what machine wrote it");
      }
      content = Pickle.read(in, objects);
      if (!(Pickle.read(in, objects) instanceof Pickle.Sequence keys)) {
        throw new IllegalArgumentException("it does not list its storages");
      }
      boolean big = Boolean.FALSE.equals(machine.items.get("little_endian"));
      long at = in.position();
      for (Object key : keys.items) {
        TorchStorage storage = key instanceof String text ? objects.storages().get(text) : null;
        if (storage == null) {
          throw new IllegalArgumentException("it lists a storage that no array is in");
        }
        at = locate(storage, channel, at, big);
      }
    }
  }

  /** Whether a file that begins like this is one. */
  static boolean begins(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Notes where a storage is, and returns where the next one is. */
  private long locate(TorchStorage storage, FileChannel channel, long at, boolean big)
      throws IOException {
    long count = count(channel, at);
    if (count != storage.count() && !(big && Long.reverseBytes(count) == storage.count())) {
      throw new IllegalArgumentException(
          "storage " + storage.key() + " has not the count that was declared");
    }
    if (positions.put(storage.key(), at + Long.BYTES) != null) {
      throw new IllegalArgumentException("it lists storage " + storage.key() + " twice");
    }
    long end = at + Long.BYTES + storage.count() * storage.type().bytes();
    if (end > channel.size()) {
      throw new EOFException("it ends within its numbers; it may be cut short");
    }
    return end;
  }

  private static long count(FileChannel channel, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("it ends before its numbers; it may be cut short");
      }
    }
    return buffer.flip().getLong();
  }

  @Override
  public String format() {
    return "PyTorch file (.pth)";
  }

  @Override
  public Object content() {
    return content;
  }

  @Override
  public boolean holds(TorchStorage storage) {
    return positions.containsKey(storage.key());
  }

  @Override
  public float[] read(TorchStorage storage, long from, int count) throws IOException {
    ElementType type = storage.type().element();
    long at = positions.get(storage.key()) + (storage.start() + from) * type.bytes();
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, at, (long) count * type.bytes());
      return type.read(bytes.order(ByteOrder.LITTLE_ENDIAN), count);
    }
  }
}
