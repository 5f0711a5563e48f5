package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Edges;

/** Whether the device is the emulated one, which is slow. */
public final class Emulation {
  private static final String PROPERTY = "gramloom.emulated";

  private Emulation() {}

  /** True in the runs of the tests that the build gives the emulated driver. */
  public static boolean isOn() {
    return System.getProperty(PROPERTY) != null;
  }

  /** Whether AddressSanitizer watches. */
  public static boolean isSanitized() {
    return "sanitized".equals(System.getProperty(PROPERTY));
  }

  /**
   * Which edges a run of the tests tries: the plain reflection is half of the mixed pair, and where
   * threads run in another order than forward two kinds are enough.
   */
  static boolean tries(Edges edges) {
    boolean all = "forward".equals(System.getProperty(PROPERTY));
    return all
        ? !edges.equals(Edges.REFLECT)
        : edges.vertical() != edges.horizontal() || edges.equals(Edges.ZERO);
  }
}
