package dev.gramloom.synthesis;

import dev.gramloom.optimize.Adam;
import dev.gramloom.optimize.Lbfgs;
import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import java.util.List;

/**
 * Where a run stands: from here it goes on to the result that it would have come to. No randomness
 * is left in it: noise depends on the seed and the place alone.
 *
 * @param legs one for each scale that was begun, the last one being at work; at least one
 * @param over whether the last leg's iterations are over, and its state is but the picture
 * @param state of the last leg's optimiser; its first vector is the picture, [3][H][W], RGB
 * @param seen what those who watch the run keep of it, in a form of their own
 */
public record Checkpoint(List<Leg> legs, boolean over, OptimizerState state, byte[] seen) {
  /**
   * What happened at a scale.
   *
   * @param exemplarWidth pixels, of the exemplar there
   * @param exemplarHeight pixels
   * @param losses after each iteration so far
   * @param seconds of wall time so far
   */
  public record Leg(int exemplarWidth, int exemplarHeight, double[] losses, double seconds) {}

  private static final byte[] NOTHING = {};
  private static final int BESIDES = 1 << 24; // bytes: identity, losses

  /** Nobody watches. */
  public Checkpoint(List<Leg> legs, boolean over, OptimizerState state) {
    this(legs, over, state, NOTHING);
  }

  /** With what somebody has seen. */
  public Checkpoint with(byte[] newlySeen) {
    return new Checkpoint(legs, over, state, newlySeen);
  }

  /** Copies the list. */
  public Checkpoint {
    legs = List.copyOf(legs);
  }

  /** Iterations that are behind, at all scales together. */
  public int iterations() {
    return legs.stream().mapToInt(leg -> leg.losses().length).sum();
  }

  /** The leg that was at work, from 0. */
  public int leg() {
    return legs.size() - 1;
  }

  /**
   * Bytes of the largest file of a run through these scales: pictures, and room for the rest.
   *
   * @param seen pictures that those who watch the run keep
   */
  public static long mostBytes(List<Scale> scales, int seen) {
    long most = 0;
    for (Scale scale : scales) {
      long picture = 3L * Float.BYTES * scale.width() * scale.height();
      most = Math.max(most, (Lbfgs.MOST_VECTORS + seen) * picture);
    }
    return most + BESIDES;
  }

  /** Whether a run through these scales, with pixels moved so, can have stood here. */
  public boolean fits(List<Scale> scales, Method method) {
    boolean taken =
        switch (method) {
          case LBFGS -> Lbfgs.takes(state);
          case ADAM -> Adam.takes(state);
        };
    if (!taken || legs.isEmpty() || legs.size() > scales.size()) {
      return false;
    }
    for (int i = 0; i < legs.size(); i++) {
      if (legs.get(i).losses().length > scales.get(i).iterations()) {
        return false;
      }
    }
    Scale scale = scales.get(leg());
    int size = 3 * scale.width() * scale.height();
    return state.iteration() <= scale.iterations() && state.vectors().get(0).length == size;
  }
}
