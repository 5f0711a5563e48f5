package dev.gramloom.file;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file that one holder at a time has, among all processes of a machine: the system takes it from
 * one that dies. It is removed, with the folders made for it, when it is given back.
 */
public final class LockFile implements AutoCloseable {
  /** Locks of this process: a second channel, closed, would take them from the first. */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path path;
  private final FileChannel channel;
  private final List<Path> madeFolders; // innermost first

  private LockFile(Path path, FileChannel channel, List<Path> madeFolders) {
    this.path = path;
    this.channel = channel;
    this.madeFolders = madeFolders;
  }

  /**
   * Takes a lock.
   *
   * @return empty where another holds it
   * @throws Failure CANNOT_WRITE if the file cannot be made or the file system knows no locks
   */
  public static Optional<LockFile> take(Path path) {
    Path absolute = path.toAbsolutePath();
    List<Path> made = new ArrayList<>();
    for (Path folder = absolute.getParent(); !Files.exists(folder); folder = folder.getParent()) {
      made.add(folder);
    }
    synchronized (HELD) {
      try {
        Files.createDirectories(absolute.getParent());
        Path real = absolute.getParent().toRealPath().resolve(absolute.getFileName());
        FileChannel channel = HELD.contains(real) ? null : locked(real);
        if (channel == null) {
          return Optional.empty();
        }
        HELD.add(real);
        return Optional.of(new LockFile(real, channel, made));
      } catch (IOException e) {
        throw new Failure(
            ExitCode.CANNOT_WRITE, "cannot lock %s: %s".formatted(path, IoReason.of(e)), e);
      }
    }
  }

  /**
   * Opens and locks the file that has this name, and not one that a holder removed, giving it back,
   * since it was opened.
   */
  private static FileChannel locked(Path path) throws IOException {
    while (true) {
      Object before = key(path);
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      boolean ours = false;
      try {
        if (channel.tryLock() == null) {
          return null;
        }
        ours = before != null && before.equals(key(path));
        if (ours) {
          return channel;
        }
      } finally {
        if (!ours) {
          channel.close();
        }
      }
    }
  }

  /** What tells a file from another of the same name; null where there is none. */
  private static Object key(Path path) throws IOException {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return key == null ? path : key; // Windows has none, and removes no open file
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void close() {
    synchronized (HELD) {
      HELD.remove(path);
      try (channel) {
        Files.deleteIfExists(path);
        for (Path folder : madeFolders) {
          Files.deleteIfExists(folder); // refused where something lies in it
        }
      } catch (IOException e) {
        // The lock goes with its channel; an empty file is all that may stay.
      }
    }
  }
}
