package dev.gramloom.weights.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip archive whose entries are read as far as wanted and no further, whatever they claim to
 * hold.
 */
final class Archive implements AutoCloseable {
  private final ZipFile zip;
  private final long size; // bytes

  /**
   * @throws IOException if it is no zip archive
   */
  Archive(Path path) throws IOException {
    zip = new ZipFile(path.toFile());
    size = Files.size(path);
  }

  /** Names of the entries in the archive's order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    zip.stream().forEach(entry -> names.add(entry.getName()));
    return names;
  }

  /**
   * Bytes {@code from} to {@code from + count} of an entry.
   *
   * @throws IOException if there are fewer, or if they cannot be unpacked, or stand for many more
   *     than the archive has
   */
  byte[] read(String name, long from, int count) throws IOException {
    ZipEntry entry = entry(name);
    boolean packed = entry.getMethod() != ZipEntry.STORED;
    if (packed && !Dimensions.arePackedIn(from + count, size)) {
      throw new ZipException("it unpacks to far more than any weights do");
    }
    try (InputStream in = open(entry)) {
      in.skipNBytes(from);
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw new EOFException("it ends early");
      }
      return bytes;
    }
  }

  /** The first bytes of an entry, at most {@code most}. */
  byte[] head(String name, int most) throws IOException {
    try (InputStream in = open(entry(name))) {
      return in.readNBytes(most);
    }
  }

  private ZipEntry entry(String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new ZipException("it has no entry " + name);
    }
    return entry;
  }

  private InputStream open(ZipEntry entry) throws IOException {
    InputStream in = zip.getInputStream(entry);
    if (in == null) {
      throw new ZipException("it has no entry " + entry.getName());
    }
    return in;
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      // it was only read
    }
  }
}
