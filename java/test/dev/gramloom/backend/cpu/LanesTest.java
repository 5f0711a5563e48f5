package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** Vectors are as wide as this run of the tests says it is about. */
@AnyVectorWidth
class LanesTest {
  @Test
  void areAsWideAsTheBuildAsks() {
    int own = Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
    int expected = VectorWidth.isAsked() ? VectorWidth.asked() : own;
    assertEquals(expected, VectorWidth.inForce());
  }

  @Test
  void fillTheLinesOfATensorWhole() {
    assertEquals(0, CpuTensor.LINE % Lanes.LANES);
    assertTrue(PictureConvolution.MOST_CHANNELS <= Lanes.LANES);
  }
}
