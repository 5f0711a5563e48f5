package dev.gramloom.weights.format;

import dev.gramloom.failure.Failure;
import dev.gramloom.file.IoReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * Arrays that NumPy saved: a .npz archive, a folder of .npy files, or one .npy file. An array is
 * named as its entry or file, without .npy; arrays of whole numbers, text and the like are passed
 * over.
 *
 * <p>Formats: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html and
 * numpy.savez.
 */
public final class NumpyFile implements TensorFile {
  private static final String SUFFIX = ".npy";
  private static final int MOST_ARRAYS = 4096; // VGG-19 has 38
  private static final long UNKNOWN = -1; // size of an entry, which an archive can lie about
  private static final int LONGEST = 300; // characters of a reason, which can quote the file

  private final Path path;
  private final String format;
  private final List<StoredTensor> tensors = new ArrayList<>();
  private Archive archive; // null unless it is one

  /** What reads something of an array. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Reads the header of every array.
   *
   * @param path of an archive, a folder or a file
   * @throws Failure if it is not there, is none of the three, or holds an array of Python objects
   */
  public NumpyFile(Path path) {
    this.path = path;
    try {
      if (Files.isDirectory(path)) {
        format = "folder of NumPy arrays (.npy)";
        addFolder();
      } else if (isNpy(head())) {
        format = "NumPy array (.npy)";
        addFile(path);
      } else {
        format = "NumPy archive (.npz)";
        addArchive();
      }
    } catch (ZipException | EOFException e) {
      throw bad("it is neither an array nor an archive of NumPy's: " + IoReason.of(e), e);
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
  }

  /** Whether a file that begins with these bytes is a .npy; six are enough to tell. */
  public static boolean isNpy(byte[] head) {
    return NumpyHeader.isAt(head);
  }

  private byte[] head() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(6);
    }
  }

  private void addFolder() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, Files::isRegularFile)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    for (String name : arrays(names)) {
      addFile(path.resolve(name));
    }
  }

  private void addFile(Path file) throws IOException {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    add(stem, ByteSource.of(file), Files.size(file));
  }

  private void addArchive() throws IOException {
    try {
      archive = new Archive(path);
      for (String name : arrays(archive.names())) {
        String stem = name.substring(0, name.length() - SUFFIX.length());
        add(stem, (from, count) -> archive.read(name, from, count), UNKNOWN);
      }
    } catch (IllegalArgumentException e) { // Java 17 throws it for names that are not UTF-8
      close();
      throw bad("the names in it are not text", e);
    } catch (IOException | Failure e) {
      close();
      throw e;
    }
  }

  /** Those names that are of arrays. */
  private List<String> arrays(List<String> names) {
    List<String> arrays = names.stream().filter(name -> name.endsWith(SUFFIX)).toList();
    if (arrays.isEmpty()) {
      throw bad("there is no array of NumPy's (.npy) in it", null);
    }
    if (arrays.size() > MOST_ARRAYS) {
      throw bad("it holds " + arrays.size() + " arrays, more than any network we know", null);
    }
    Set<String> seen = new HashSet<>();
    for (String name : arrays) {
      if (!seen.add(name)) {
        throw bad("two of its arrays are called " + name, null);
      }
    }
    return arrays;
  }

  /** Adds an array, if it is one of floating-point numbers. */
  private void add(String name, ByteSource source, long size) throws IOException {
    NumpyHeader header = parse(name, () -> NumpyHeader.read(source));
    if (header.type() == null) {
      return;
    }
    if (size != UNKNOWN && !header.fills(size)) {
      throw bad(name + " has not the bytes of its shape; the file may be cut short", null);
    }
    StoredTensor.Values values = () -> values(name, () -> header.numbers(source));
    tensors.add(new StoredTensor(name, header.shape(), values));
  }

  private float[] values(String name, Reading<float[]> reading) {
    try {
      return parse(name, reading);
    } catch (IOException e) {
      throw bad("cannot read " + name + ": " + IoReason.of(e), e);
    }
  }

  private <T> T parse(String name, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw bad(name + ": " + e.getMessage(), e);
    } catch (EOFException e) {
      throw bad(name + " ends early; the file may be cut short", e);
    } catch (ZipException e) {
      throw bad("cannot unpack " + name + ": " + IoReason.of(e), e);
    }
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public List<StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    if (archive != null) {
      archive.close();
    }
  }

  /** One line, whatever names a stranger's archive holds. */
  private Failure bad(String why, Exception cause) {
    String line = why.replaceAll("\\p{Cntrl}+", " ");
    return TensorFile.bad(path, line.substring(0, Math.min(line.length(), LONGEST)), cause);
  }
}
