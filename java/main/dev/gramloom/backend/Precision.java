package dev.gramloom.backend;

import java.util.Locale;

/** How exactly the factors of a convolution's products are taken; sums are always in float32. */
public enum Precision {
  /** As the device does it fastest with a gradient within 1e-2 of float32's. */
  AUTO,
  /** 24 bits: float32, as on the processor. */
  FP32,
  /** 11 bits, on tensor cores. */
  TF32,
  /** 8 bits, on tensor cores; what convolutions read and write is stored so as well. */
  BF16;

  /** As in flags. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
