package dev.gramloom.synthesis;

import java.util.Locale;

/** By what a style is told. */
public enum StyleLoss {
  /** Which features occur together: {@link dev.gramloom.loss.GramLoss}. */
  GRAM,
  /**
   * How features are distributed, along random directions: {@link dev.gramloom.loss.SlicedLoss}.
   */
  SWD,
  /** Which patches there are: {@link dev.gramloom.loss.PatchLoss}. */
  MRF,
  /** Gram, and how each feature is distributed: {@link dev.gramloom.loss.SlicedLoss}. */
  HISTOGRAM;

  /** As in flags: "swd". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether Gram matrices are a part of it. */
  boolean hasGrams() {
    return this == GRAM || this == HISTOGRAM;
  }
}
