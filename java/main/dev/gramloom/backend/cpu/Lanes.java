package dev.gramloom.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vectors of this machine. */
final class Lanes {
  private static final int WIDEST = 512; // bits; a pixel's channels are padded to as many

  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() <= WIDEST
          ? FloatVector.SPECIES_PREFERRED
          : VectorSpecies.of(float.class, VectorShape.forBitSize(WIDEST));

  /** Floats of a vector: 4, 8 or 16. */
  static final int LANES = SPECIES.length();

  private Lanes() {}

  /** {@code count} rounded up to whole vectors. */
  static int whole(int count) {
    return (count + LANES - 1) / LANES * LANES;
  }
}
