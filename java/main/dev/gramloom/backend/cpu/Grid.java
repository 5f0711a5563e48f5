package dev.gramloom.backend.cpu;

/**
 * Vectors in an array, as a Winograd pass walks them: lines of vectors side by side, each line
 * transformed by itself.
 *
 * @param values where they are
 * @param step floats from a vector of a line to the next
 * @param line floats from a line to the next
 * @param block floats from {@link CpuTensor#LINE} channels to the next as many
 */
record Grid(float[] values, int step, int line, int block) {
  /** Vectors of a block. */
  static final int VECTORS = CpuTensor.LINE / Lanes.LANES;
}
