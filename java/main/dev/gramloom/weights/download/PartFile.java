package dev.gramloom.weights.download;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * The bytes received so far: a file that only one process has open, its state beside it, and the
 * hash of its content.
 *
 * <p>All access goes through one handle: on Linux, to close another one would give up the lock. A
 * {@link RandomAccessFile} and no channel, which an interrupted thread would lose. Every trouble
 * with the file is a CANNOT_WRITE {@link Failure}, never an {@link IOException}: those are the
 * network's.
 */
final class PartFile implements AutoCloseable {
  private static final int BLOCK = 1 << 20; // bytes

  private final Path path;
  private final Path statePath;
  private final RandomAccessFile file;
  private long length; // bytes
  private PartState state; // null: whose bytes they are is not known
  private Checksum summed; // whose algorithm `sum` is; null: not summed yet
  private MessageDigest sum; // fed the first `length` bytes

  private PartFile(Path path, RandomAccessFile file) throws IOException {
    this.path = path;
    this.statePath = path.resolveSibling(path.getFileName() + ".state");
    this.file = file;
    this.length = file.length();
    this.state = PartState.read(statePath);
  }

  /**
   * Opens or creates the part and keeps other processes from it.
   *
   * @throws Failure CANNOT_WRITE if it cannot be written or another process has it
   */
  static PartFile open(Path path) {
    AtomicFile.requireWritable(path);
    Path absolute = path.toAbsolutePath();
    try {
      Files.createDirectories(absolute.getParent());
      while (true) {
        RandomAccessFile file = new RandomAccessFile(absolute.toFile(), "rw");
        if (!lock(file)) {
          file.close();
          throw new Failure(
              ExitCode.CANNOT_WRITE,
              "cannot write %s: another gramloom is downloading this".formatted(path));
        }
        if (Files.exists(absolute)) {
          return new PartFile(absolute, file);
        }
        file.close(); // the process that had it removed it after we had opened it
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
  }

  private static boolean lock(RandomAccessFile file) {
    try {
      FileLock lock = file.getChannel().tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true; // a network folder without locks: better to download there than not to
    }
  }

  long length() {
    return length;
  }

  /** Whether there are bytes to continue from {@code source}. */
  boolean isOf(Source source) {
    return length > 0 && state != null && state.isOf(source);
  }

  PartState state() {
    return state;
  }

  /** Whether the part, left by an earlier run, is the whole file of {@code source}, verified. */
  boolean isAllOf(Source source) {
    long whole = source.bytes() < 0 && isOf(source) ? state.total() : source.bytes();
    boolean maybe = whole < 0 ? state == null : length == whole;
    return length > 0 && maybe && sumMatches(source.checksum());
  }

  /** Forgets what was received. */
  void discard() {
    try {
      if (length > 0) {
        file.setLength(0);
      }
      Files.deleteIfExists(statePath);
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
    length = 0;
    state = null;
    summed = null;
  }

  /** Begins anew with the file that {@code state} describes. */
  void restart(PartState newState, Checksum checksum) {
    discard();
    newState.write(statePath);
    state = newState;
    sumWith(checksum);
  }

  /** Appends the first {@code count} bytes of {@code bytes}. */
  void append(byte[] bytes, int count) {
    try {
      file.seek(length);
      file.write(bytes, 0, count);
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
    sum.update(bytes, 0, count);
    length += count;
  }

  /** Hashes what is there, unless that was done while it was received. */
  void sumWith(Checksum checksum) {
    if (checksum.equals(summed)) {
      return;
    }
    MessageDigest fresh = checksum.digest();
    byte[] block = new byte[BLOCK];
    try {
      file.seek(0);
      for (long left = length; left > 0; ) {
        int count = (int) Math.min(left, block.length);
        file.readFully(block, 0, count);
        fresh.update(block, 0, count);
        left -= count;
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
    sum = fresh;
    summed = checksum;
  }

  /** Whether all that is there hashes to {@code checksum}. */
  boolean sumMatches(Checksum checksum) {
    sumWith(checksum);
    summed = null; // the next line resets the hash
    return checksum.verify(sum);
  }

  /** Drops the state of a part that is whole: nothing is to be continued. */
  void finish() {
    try {
      Files.deleteIfExists(statePath);
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
    state = null;
  }

  /**
   * Says early that the disk is too small.
   *
   * @param total bytes of the whole file, or -1 if it is not known
   * @throws Failure CANNOT_WRITE if there is no room for it
   */
  void requireRoom(long total) {
    try {
      long free = Files.getFileStore(path.getParent()).getUsableSpace();
      if (total - length > free) {
        throw new Failure(
            ExitCode.CANNOT_WRITE,
            "cannot write %s: it needs %d bytes more, its disk has %d bytes free"
                .formatted(path, total - length, free));
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
  }

  /** Lets others at the part; removes it if it is empty. */
  @Override
  public void close() {
    if (length == 0) {
      statePath.toFile().delete();
    }
    boolean removed = length == 0 && path.toFile().delete(); // still locked: nobody came between
    try {
      file.close();
    } catch (IOException e) {
      throw IoReason.cannotWrite(path, e);
    }
    if (length == 0 && !removed) {
      path.toFile().delete(); // Windows removes no file that is open
    }
  }
}
