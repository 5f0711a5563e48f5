package dev.gramloom.image;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Packed pictures one after the other in a file, each behind its length and its CRC-32C: what was
 * written before a crash can be told from what was not.
 */
final class GifSpool implements AutoCloseable {
  private static final int HEAD = 2 * Integer.BYTES;

  /** A packed picture: where its bytes begin, and how many there are. */
  record Frame(long start, int length) {}

  private final Path target; // named where something cannot be written
  private final AtomicFile temporary; // null where the file is to outlive its process
  private final RandomAccessFile file;
  private long end; // bytes

  private GifSpool(Path target, AtomicFile temporary, Path path) {
    this.target = target;
    this.temporary = temporary;
    try {
      this.file = new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** A file that goes with its process. */
  static GifSpool temporary(Path target) {
    AtomicFile file = AtomicFile.open(target);
    return new GifSpool(target, file, file.temporary());
  }

  /** A file that stays; made where it is not there. */
  static GifSpool kept(Path target, Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      if (Files.isSymbolicLink(path)) {
        Files.delete(path); // leads to something that is not ours to write
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
    return new GifSpool(target, null, path);
  }

  /** Adds a picture after those that were added or {@link #found}. */
  Frame add(byte[] bytes) {
    byte[] head = ByteBuffer.allocate(HEAD).putInt(bytes.length).putInt(sum(bytes)).array();
    try {
      file.seek(end);
      file.write(head);
      file.write(bytes);
    } catch (IOException e) {
      throw failure(e);
    }
    Frame frame = new Frame(end + HEAD, bytes.length);
    end += HEAD + bytes.length;
    return frame;
  }

  /**
   * The next picture that an earlier process added.
   *
   * @return null where none is there, or only a part of one
   */
  Frame found() {
    try {
      if (file.length() - end < HEAD) {
        return null;
      }
      file.seek(end);
      int length = file.readInt();
      int sum = file.readInt();
      if (length < 1 || length > file.length() - end - HEAD) {
        return null;
      }
      Frame frame = new Frame(end + HEAD, length);
      if (sum(read(frame)) != sum) {
        return null;
      }
      end += HEAD + length;
      return frame;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Forgets what comes after the pictures that were added or found. */
  void cut() {
    try {
      file.setLength(end);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  byte[] read(Frame frame) throws IOException {
    byte[] bytes = new byte[frame.length()];
    file.seek(frame.start());
    file.readFully(bytes);
    return bytes;
  }

  /** Everything added is on the disk then. */
  void sync() {
    try {
      file.getFD().sync();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static int sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  private Failure failure(IOException e) {
    return IoReason.cannotWrite(target, e);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failure(e);
    } finally {
      if (temporary != null) {
        temporary.close();
      }
    }
  }
}
