package dev.gramloom.synthesis;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import dev.gramloom.synthesis.CheckpointFile.DamagedException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads a checkpoint's bytes, and gives nothing out that is not there. */
final class CheckpointBytes implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final DataInputStream in;
  private final long length; // without the checksum
  private long position;

  private CheckpointBytes(InputStream in, long length) {
    this.in = new DataInputStream(new BufferedInputStream(in, CHUNK));
    this.length = length;
  }

  /**
   * @param most bytes that are given out
   */
  static CheckpointBytes open(Path file, long most) throws IOException, DamagedException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new DamagedException("it is not a file");
    }
    return new CheckpointBytes(
        Files.newInputStream(file), Math.min(most, Files.size(file) - CheckpointFile.SUM_BYTES));
  }

  /**
   * @throws DamagedException unless the checksum at the end is that of the rest
   */
  static void requireWhole(Path file) throws IOException, DamagedException {
    long left = Files.size(file) - CheckpointFile.SUM_BYTES;
    CRC32C sum = new CRC32C();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      while (left > 0) {
        int count = in.read(chunk, 0, (int) Math.min(CHUNK, left));
        if (count < 0) {
          break;
        }
        sum.update(chunk, 0, count);
        left -= count;
      }
      byte[] stored = in.readNBytes(CheckpointFile.SUM_BYTES);
      if (left != 0
          || stored.length != CheckpointFile.SUM_BYTES
          || ByteBuffer.wrap(stored).getLong() != sum.getValue()) {
        throw new DamagedException("its checksum is wrong");
      }
    }
  }

  long position() {
    return position;
  }

  /** Bytes to come, without the checksum. */
  long remaining() {
    return length - position;
  }

  private void take(long bytes) throws DamagedException {
    if (bytes < 0 || bytes > remaining()) {
      throw new DamagedException("it says that it is longer than it is");
    }
    position += bytes;
  }

  long number() throws IOException, DamagedException {
    take(Long.BYTES);
    return in.readLong();
  }

  int integer() throws IOException, DamagedException {
    take(Integer.BYTES);
    return in.readInt();
  }

  double real() throws IOException, DamagedException {
    take(Double.BYTES);
    return in.readDouble();
  }

  boolean flag() throws IOException, DamagedException {
    take(1);
    return in.readByte() != 0;
  }

  /**
   * How many items come next.
   *
   * @param least bytes that each takes
   */
  int count(int least) throws IOException, DamagedException {
    int count = integer();
    if (count < 0 || count > remaining() / least) {
      throw new DamagedException("it says that it is longer than it is");
    }
    return count;
  }

  double[] reals() throws IOException, DamagedException {
    double[] numbers = new double[count(Double.BYTES)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = real();
    }
    return numbers;
  }

  byte[] bytes() throws IOException, DamagedException {
    int bytes = count(1);
    take(bytes);
    return in.readNBytes(bytes);
  }

  String text() throws IOException, DamagedException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** A vector, float32 little-endian, from {@code start} on. */
  static float[] floats(Path file, long start, int count) {
    float[] values = new float[count];
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    try (SeekableByteChannel channel = Files.newByteChannel(file).position(start)) {
      InputStream in = Channels.newInputStream(channel);
      for (int at = 0; at < count; ) {
        int some = Math.min(CHUNK / Float.BYTES, count - at);
        if (in.readNBytes(chunk.array(), 0, some * Float.BYTES) < some * Float.BYTES) {
          throw new EOFException("it became shorter");
        }
        chunk.asFloatBuffer().get(values, at, some);
        for (int end = at + some; at < end; at++) {
          if (!Float.isFinite(values[at])) {
            throw new IOException("it holds numbers that are none");
          }
        }
      }
      return values;
    } catch (IOException e) {
      throw new Failure(ExitCode.BAD_DATA, "cannot read " + file + ": " + IoReason.of(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
