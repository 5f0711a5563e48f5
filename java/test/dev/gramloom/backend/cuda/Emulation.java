package dev.gramloom.backend.cuda;

import dev.gramloom.tensor.Edges;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/** Whether the device is the emulated one, which is slow. */
public final class Emulation {
  private static final String PROPERTY = "gramloom.emulated";

  /** Attributes of {@code driver.cpp}. */
  private static final int SUBMISSIONS = 100001;

  private static final int WAITS = 100002;
  private static final int UPLOADS = 1 << 28; // plus bytes
  private static final int DOWNLOADS = 1 << 29;

  private Emulation() {}

  /** True in the runs of the tests that the build gives the emulated driver. */
  public static boolean isOn() {
    return System.getProperty(PROPERTY) != null;
  }

  /** How often work was submitted to the emulated device so far: launches, copies, graphs. */
  public static long submissions() {
    return count(SUBMISSIONS);
  }

  /** How often this process waited for the emulated device so far. */
  public static long waits() {
    return count(WAITS);
  }

  /** How many uploads of so many floats the emulated device saw so far. */
  public static long uploads(long floats) {
    return count(Math.toIntExact(UPLOADS + Float.BYTES * floats));
  }

  /** How many downloads of so many floats the emulated device saw so far. */
  public static long downloads(long floats) {
    return count(Math.toIntExact(DOWNLOADS + Float.BYTES * floats));
  }

  private static long count(int attribute) {
    if (!isOn()) {
      return 0;
    }
    int[] count = new int[1];
    JCudaDriver.cuDeviceGetAttribute(count, attribute, new CUdevice());
    return count[0];
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
