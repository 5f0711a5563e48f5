package dev.gramloom.file;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that appears whole or not at all: written beside its place, fsynced, renamed.
 *
 * <p>{@link #write} serves writers that have everything at hand; writers that receive their content
 * bit by bit keep one open, {@link #publish} it, and {@link #close} it in any case, which removes
 * what was not published. Parent folders are created. A symbolic link is followed, not replaced.
 *
 * <p>Plain streams and not channels: an interrupted thread must not lose the file.
 */
public final class AtomicFile implements AutoCloseable {
  private static final int LONGEST_NAME = 255; // bytes, on ext4, XFS, NTFS and APFS alike

  /** An unpublished file: its target's name, the process that writes it, a number of its own. */
  private static final Pattern PART = Pattern.compile("\\.(.+)\\.(\\d{1,18})-[0-9a-f]{16}\\.part");

  private static final int PART_MARKS = 45; // characters of such a name besides the target's

  /** Something that writes and may fail to. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  private final Path target;
  private final Path temporary;
  private final FileOutputStream file;
  private final OutputStream out;

  private AtomicFile(Path target, String temporaryName) throws IOException {
    this.target = target;
    Path folder = this.target.getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    this.temporary = folder.resolve(temporaryName);
    create(temporary); // tells the reason of a refusal better than the next line would
    this.file = new FileOutputStream(temporary.toFile());
    this.out = new BufferedOutputStream(file, 1 << 16);
  }

  /** Unpublished files of this process; its lock is held where one appears or is published. */
  private static final Set<Path> OPEN = new HashSet<>();

  private static boolean stopping;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::removeAll, "gramloom-files"));
  }

  /** A process that is told to stop leaves nothing half-written, and begins nothing more. */
  private static void removeAll() {
    synchronized (OPEN) {
      stopping = true;
      OPEN.forEach(path -> path.toFile().delete());
    }
  }

  private static void create(Path path) throws IOException {
    synchronized (OPEN) {
      requireGoingOn();
      Files.createFile(path);
      OPEN.add(path);
    }
  }

  private static void requireGoingOn() {
    if (stopping) {
      throw new Failure(ExitCode.STOPPED, "stopped");
    }
  }

  /**
   * Starts a file; nothing is seen of it at {@code target} before {@link #publish}.
   *
   * @throws Failure CANNOT_WRITE if it cannot be created
   */
  public static AtomicFile open(Path target) {
    try {
      Path place = Files.isSymbolicLink(target) ? followed(target) : target.toAbsolutePath();
      return new AtomicFile(place, partOfOurs(place));
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
  }

  /**
   * Writes a whole file or leaves everything as it was.
   *
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  public static void write(Path target, Writer writer) {
    try (AtomicFile file = open(target)) {
      writer.writeTo(file.out);
      file.publish();
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
  }

  /**
   * {@link #write} for a file that has one writer at a time: what a killed process left of it is
   * written over, and {@link #removePart} finds it. A symbolic link is replaced, not followed.
   *
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  public static void writeAlone(Path target, Writer writer) {
    removePart(target);
    try (AtomicFile file = new AtomicFile(target.toAbsolutePath(), part(target))) {
      writer.writeTo(file.out);
      file.publish();
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
  }

  /**
   * Removes what a killed process left of a {@link #writeAlone}.
   *
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  public static void removePart(Path target) {
    try {
      Files.deleteIfExists(target.resolveSibling(part(target)));
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
  }

  private static String part(Path target) {
    return "." + target.getFileName() + ".part";
  }

  private static String partOfOurs(Path target) {
    String name = target.getFileName().toString();
    boolean fits = name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME - PART_MARKS;
    long number = UUID.randomUUID().getMostSignificantBits();
    return ".%s.%d-%016x.part"
        .formatted(fits ? name : "gramloom", ProcessHandle.current().pid(), number);
  }

  /**
   * Removes what killed processes left of {@link #write}; not what a process of this machine that
   * lives may still be writing. What cannot be removed stays: it is in nobody's way.
   *
   * @param folder that need not be there
   * @param names of the targets
   */
  public static void removeLeft(Path folder, Predicate<String> names) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.part")) {
      for (Path file : files) {
        Matcher name = PART.matcher(file.getFileName().toString());
        if (name.matches() && names.test(name.group(1)) && !isBeingWritten(file, name.group(2))) {
          file.toFile().delete(); // or not
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // there is no such folder, or it is not ours
    }
  }

  private static boolean isBeingWritten(Path file, String process) {
    long writer = Long.parseLong(process);
    if (writer != ProcessHandle.current().pid()) {
      return ProcessHandle.of(writer).isPresent();
    }
    synchronized (OPEN) {
      return OPEN.contains(file.toAbsolutePath());
    }
  }

  /**
   * Says early what {@link #write} would say late. Creates nothing.
   *
   * @throws Failure CANNOT_WRITE if the target is a folder or write-protected, or if its folder is
   *     not writable or cannot be created
   */
  public static void requireWritable(Path target) {
    Path absolute = target.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      throw failure(target, "it is a folder, a file name is wanted");
    }
    if (absolute.getFileName().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw failure(target, "a file name may have at most " + LONGEST_NAME + " bytes");
    }
    if (Files.exists(absolute) && !Files.isWritable(absolute)) {
      throw failure(target, "it is there and write-protected");
    }
    Path folder = absolute.getParent();
    while (!Files.exists(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    if (!Files.isDirectory(folder)) {
      throw failure(target, folder + " is not a folder");
    }
    if (!Files.isWritable(folder)) {
      throw failure(target, "the folder " + folder + " is not writable");
    }
  }

  /**
   * Says early that a file's name leads elsewhere, where a name from elsewhere is not trusted.
   *
   * @throws Failure CANNOT_WRITE if it is a symbolic link
   */
  public static void requireNoLink(Path target) {
    if (Files.isSymbolicLink(target)) {
      throw failure(target, "it is a symbolic link; -o alone may be one");
    }
  }

  /** The file while it is not published. */
  public Path temporary() {
    return temporary;
  }

  /** Where to write to; buffered; closed by {@link #publish}. */
  public OutputStream out() {
    return out;
  }

  /**
   * Puts the file in its place, whole and on the disk.
   *
   * @throws Failure CANNOT_WRITE with the machine's reason
   */
  public void publish() {
    try {
      out.flush();
      file.getFD().sync();
      file.close();
      synchronized (OPEN) {
        requireGoingOn();
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        OPEN.remove(temporary);
      }
      syncFolder(target.getParent());
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    try {
      file.close();
      synchronized (OPEN) {
        Files.deleteIfExists(temporary);
        OPEN.remove(temporary);
      }
    } catch (IOException e) {
      throw IoReason.cannotWrite(target, e);
    }
  }

  private static Path followed(Path link) throws IOException {
    Path to = link.toAbsolutePath().getParent().resolve(Files.readSymbolicLink(link));
    return Files.isSymbolicLink(to) ? to.toRealPath() : to;
  }

  /** Makes the rename itself durable; Windows knows no folder handles and needs none. */
  private static void syncFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // The file is whole and in place; that its name survives a power cut is all that is lost.
    }
  }

  private static Failure failure(Path target, String reason) {
    return new Failure(ExitCode.CANNOT_WRITE, "cannot write %s: %s".formatted(target, reason));
  }
}
