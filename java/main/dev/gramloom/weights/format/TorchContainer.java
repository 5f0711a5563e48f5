package dev.gramloom.weights.format;

import java.io.IOException;

/** What PyTorch wraps a pickle and its storages in. */
interface TorchContainer extends AutoCloseable {
  /** What kind of file it is, for people. */
  String format();

  /** What the pickle of the weights describes. */
  Object content();

  /** Whether the numbers of a storage are there. */
  boolean holds(TorchStorage storage);

  /**
   * Numbers {@code from} to {@code from + count} of a storage of floating-point numbers.
   *
   * @throws IOException if they are not there
   * @throws IllegalArgumentException with what the array is, if they are out of reach
   */
  float[] read(TorchStorage storage, long from, int count) throws IOException;

  @Override
  default void close() {
    // a file is opened for each array
  }
}
