package dev.gramloom.optimize;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Tensor;

/**
 * Other variables z for a picture x = P z, in which losses of features are rounder: more alike in
 * all directions, so that an optimiser gets on faster (Nocedal and Wright, Numerical Optimization,
 * 2nd edition, page 118).
 *
 * <p>The losses of textures bend less along fine detail than along plain colour, and more along an
 * exemplar's weak colours than along its strong ones. So P is C (1 − B / 2): B a blur of 3x3, so
 * that what is fine moves up to twice as far, and C a change of colours.
 */
public final class Preconditioner {
  private static final double BLURRED = 0.5;

  /** Of a centre of 1, beside it and at its corners: a Gaussian of standard deviation 0.7. */
  private static final double[] BLUR = {0.13, 0.36, 0.13, 0.36, 1, 0.36, 0.13, 0.36, 0.13};

  private static final double BLUR_SUM = 2.96;

  private final Backend backend;
  private final Edges edges;
  private final Filters filters;

  /**
   * @param edges how the picture goes on beyond its borders
   * @param colors C, [3][3]
   */
  public Preconditioner(Backend backend, Edges edges, double[][] colors) {
    this.backend = backend;
    this.edges = edges;
    float[] weights = new float[9 * BLUR.length];
    for (int i = 0; i < 9; i++) {
      for (int place = 0; place < BLUR.length; place++) {
        double centre = place == BLUR.length / 2 ? 1 : 0;
        double filter = centre - BLURRED * BLUR[place] / BLUR_SUM;
        weights[i * BLUR.length + place] = (float) (colors[i / 3][i % 3] * filter);
      }
    }
    filters = backend.filters(new Kernel(3, 3, 3, weights, new float[3]));
  }

  /** x = P z, both [3][H][W]. */
  void apply(Tensor z, Tensor x) {
    backend.convolve(z, filters, edges, Activation.NONE, x);
  }

  /** Makes the gradient by z of that by x, Pᵀ: both [3][H][W]. */
  void adjoint(Tensor byX, Tensor byZ) {
    backend.fill(0, byZ);
    backend.convolveAdjoint(byX, byX, filters, edges, Activation.NONE, byZ);
  }
}
