package dev.gramloom.weights.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes by position: those of a file, or of an entry of an archive. */
@FunctionalInterface
interface ByteSource {
  /**
   * Most bytes held at once while numbers are read. A packed entry is unpacked from its beginning
   * for every piece, so pieces are large: one holds any kernel of a VGG.
   */
  int PIECE = 1 << 25;

  /**
   * Bytes {@code from} to {@code from + count}.
   *
   * @throws EOFException if there are fewer
   */
  byte[] read(long from, int count) throws IOException;

  /** The bytes of a file, which is open only while it is read. */
  static ByteSource of(Path path) {
    return (from, count) -> {
      try (FileChannel channel = FileChannel.open(path)) {
        if (channel.size() - from < count) {
          throw new EOFException("it ends early");
        }
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
          if (channel.read(bytes, from + bytes.position()) < 0) {
            throw new EOFException("it ends early");
          }
        }
        return bytes.array();
      }
    };
  }

  /** Reads {@code count} numbers that begin at byte {@code from}. */
  default float[] numbers(ElementType type, ByteOrder order, long from, int count)
      throws IOException {
    float[] values = null;
    int done = 0;
    do {
      int most = Math.min(count - done, PIECE / type.bytes());
      byte[] piece = read(from + (long) done * type.bytes(), most * type.bytes());
      float[] read = type.read(ByteBuffer.wrap(piece).order(order), most);
      if (most == count) {
        return read;
      }
      if (values == null) { // not before the first piece proved to be there
        values = new float[count];
      }
      System.arraycopy(read, 0, values, done, most);
      done += most;
    } while (done < count);
    return values;
  }
}
