package dev.gramloom.backend.cpu;

/** How wide vectors are in this run of the tests. */
public final class VectorWidth {
  private static final int MACHINES_OWN = 0;

  private VectorWidth() {}

  /** Bits that the build asks for; 0 for as many as the machine has. */
  static int asked() {
    return Integer.getInteger("gramloom.vectors", MACHINES_OWN);
  }

  /** Whether this run is not with the machine's own: then large cases need not be tried again. */
  public static boolean isAsked() {
    return asked() != MACHINES_OWN;
  }

  /** Bits of a vector. */
  static int inForce() {
    return Lanes.LANES * Float.SIZE;
  }
}
