package dev.gramloom.backend.cuda;

/** Whether the device is the emulated one, which is slow. */
final class Emulation {
  private Emulation() {}

  static boolean isOn() {
    return System.getProperty("gramloom.emulated") != null;
  }
}
