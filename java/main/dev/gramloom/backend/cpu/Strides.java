package dev.gramloom.backend.cpu;

/**
 * How the left matrix of a product lies in memory: columns in runs, as a filter's rows lie in a
 * picture.
 *
 * @param row floats from a[r][c] to a[r + 1][c]
 * @param step floats from a[r][c] to a[r][c + 1] within a run
 * @param run columns of a run
 * @param skip floats from the end of a run to the next
 */
record Strides(int row, int step, int run, int skip) {
  /** A matrix of a single run. */
  static Strides of(int row, int step) {
    return new Strides(row, step, Integer.MAX_VALUE, 0);
  }
}
