package dev.gramloom.weights.format;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file of named arrays, in whatever format. Opening one reads its table of contents; numbers are
 * read array by array, when asked for.
 *
 * <p>Files come from strangers. Whatever is wrong with one is a {@link Failure} with BAD_DATA and
 * one line, found without reading or allocating more than the file's own bytes justify.
 */
public interface TensorFile extends AutoCloseable {
  /**
   * Most numbers in one array that is read: ten times the largest kernel of a VGG, so that a lie
   * about a shape cannot fill the memory.
   */
  int MOST_NUMBERS = 1 << 25;

  /** What kind of file it is, for people: "NumPy archive (.npz)". */
  String format();

  /** The arrays of numbers in it, in the file's order. */
  List<StoredTensor> tensors();

  /** What the file says of itself besides arrays; empty if nothing. */
  default Map<String, String> metadata() {
    return Map.of();
  }

  /** Gives the file back; arrays cannot be read any more. */
  @Override
  default void close() {
    // most hold nothing open
  }

  /** What is wrong with a file, in one line. */
  static Failure bad(Path path, String why) {
    return bad(path, why, null);
  }

  /**
   * The same, with the library's or machine's own error.
   *
   * @param why may quote the file; what would break the line or the terminal is taken out
   */
  static Failure bad(Path path, String why, Throwable cause) {
    String line = why.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\x85]+", " ");
    return new Failure(
        ExitCode.BAD_DATA, path + ": not a file of weights we can use: " + line, cause);
  }
}
