package dev.gramloom.backend;

/**
 * A {@link Kernel} as a backend wants it: packed, transformed, uploaded. Fits every picture size.
 */
public interface Filters extends AutoCloseable {
  /** The numbers it was made from. */
  Kernel kernel();

  @Override
  void close();
}
