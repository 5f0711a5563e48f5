package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.MOST_VECTORS;
import static dev.gramloom.backend.cpu.Lanes.LANES;

/** Columns of a matrix, cut into panels that a {@link Gemm} can take, as even as they can be. */
final class Panels {
  private final int[] starts; // of each, in vectors; and the end

  /**
   * @param columns are filled up to whole vectors
   */
  Panels(int columns) {
    int vectors = Lanes.whole(columns) / LANES;
    int count = (vectors + MOST_VECTORS - 1) / MOST_VECTORS;
    starts = new int[count + 1];
    for (int i = 0; i <= count; i++) {
      starts[i] = i * vectors / count;
    }
  }

  int count() {
    return starts.length - 1;
  }

  /** Columns of all panels. */
  int columns() {
    return starts[count()] * LANES;
  }

  /** The first column of a panel. */
  int first(int panel) {
    return starts[panel] * LANES;
  }

  /** How many columns a panel has. */
  int columns(int panel) {
    return first(panel + 1) - first(panel);
  }

  /** The panel of a column. */
  int of(int column) {
    int panel = 0;
    while (first(panel + 1) <= column) {
      panel++;
    }
    return panel;
  }

  /** A product for each panel of a matrix that lies panel after panel. */
  Gemm[] packedGemms(Strides a, int mRow) {
    Gemm[] gemms = new Gemm[count()];
    for (int i = 0; i < gemms.length; i++) {
      gemms[i] = new Gemm(columns(i) / LANES, a, columns(i), mRow);
    }
    return gemms;
  }
}
