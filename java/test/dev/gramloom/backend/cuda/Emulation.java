package dev.gramloom.backend.cuda;

/** Whether the device is the emulated one, which is slow. */
public final class Emulation {
  private Emulation() {}

  /** True in the runs of the tests that the build gives the emulated driver. */
  public static boolean isOn() {
    return System.getProperty("gramloom.emulated") != null;
  }

  /** Whether AddressSanitizer watches. */
  public static boolean isSanitized() {
    return "sanitized".equals(System.getProperty("gramloom.emulated"));
  }
}
