package dev.gramloom.backend;

/** Steps that are made again and again; see {@link Backend#program}. */
public interface Program extends AutoCloseable {
  /** What is made again and again. */
  @FunctionalInterface
  interface Steps {
    /**
     * Calls verbs: the same ones each time, on the same tensors, with the same numbers. Sums are
     * asked for by the verbs whose names begin with "later", and read after the run.
     *
     * @param pause to be run now and then, between verbs
     */
    void make(Runnable pause);
  }

  /**
   * Makes the steps once more. Sums of an earlier run then have this run's values.
   *
   * @param pause runs now and then while the steps are made, at least once; it may call verbs that
   *     the steps do not depend on, read tensors that they do not write, and end the run by
   *     throwing
   */
  void run(Runnable pause);

  /** Steps that are called each time. */
  static Program told(Steps steps) {
    return new Program() {
      @Override
      public void run(Runnable pause) {
        steps.make(pause);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  void close();
}
