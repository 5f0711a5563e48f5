package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Kernel;

/** A kernel of few input channels as the matrices of {@link PictureConvolution}. */
final class PictureWeights {
  private final Kernel kernel;
  private final Panels forwardPanels;
  private final Panels adjointPanels;
  private final float[] forward; // [panel][size][size][C][columns: K]
  private final float[] adjoint; // [panel][K][columns: size · size · C]

  PictureWeights(Kernel kernel) {
    this.kernel = kernel;
    forwardPanels = new Panels(columns());
    adjointPanels = new Panels(taps());
    int count = kernel.size() * kernel.size() * kernel.inputs();
    forward = new float[columns() * count];
    adjoint = new float[taps() * kernel.outputs()];
    for (int k = 0; k < kernel.outputs(); k++) {
      for (int tap = 0; tap < count; tap++) {
        int place = tap / kernel.inputs();
        float weight =
            kernel.weight(k, tap % kernel.inputs(), place / kernel.size(), place % kernel.size());
        forward[place(forwardPanels, count, tap, k)] = weight;
        adjoint[place(adjointPanels, kernel.outputs(), k, tap)] = weight;
      }
    }
  }

  /** Floats of both matrices. */
  static long floats(Kernel kernel) {
    int taps = kernel.size() * kernel.size() * kernel.inputs();
    return (long) Lanes.whole(kernel.outputs()) * taps
        + (long) Lanes.whole(taps) * kernel.outputs();
  }

  /** Where row {@code row} of {@code rows} and a column are, panel after panel. */
  private static int place(Panels panels, int rows, int row, int column) {
    int panel = panels.of(column);
    int first = panels.first(panel);
    return first * rows + row * panels.columns(panel) + column - first;
  }

  int size() {
    return kernel.size();
  }

  int outputs() {
    return kernel.outputs();
  }

  float[] bias() {
    return kernel.bias();
  }

  /** K in whole vectors. */
  int columns() {
    return Lanes.whole(kernel.outputs());
  }

  /** Weights of a filter in whole vectors. */
  int taps() {
    return Lanes.whole(kernel.size() * kernel.size() * kernel.inputs());
  }

  Panels forwardPanels() {
    return forwardPanels;
  }

  Panels adjointPanels() {
    return adjointPanels;
  }

  float[] forward() {
    return forward;
  }

  float[] adjoint() {
    return adjoint;
  }
}
