package dev.gramloom.optimize;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.util.AbstractList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * All that an optimiser's next step depends on.
 *
 * @param iteration it is in
 * @param scalars in the optimiser's own order
 * @param vectors in the optimiser's own order, each [C][H][W] of x's shape; x itself comes first.
 *     They may be read one by one where they lie, so that no second copy of all is ever held
 */
public record OptimizerState(int iteration, double[] scalars, List<float[]> vectors) {
  /** Vectors that are fetched when they are asked for. */
  public static List<float[]> fetched(int count, IntFunction<float[]> source) {
    return new AbstractList<>() {
      @Override
      public float[] get(int index) {
        return source.apply(index);
      }

      @Override
      public int size() {
        return count;
      }
    };
  }

  /** Nothing is known but x. */
  public boolean isFresh() {
    return iteration == 0 && scalars.length == 0 && vectors.size() == 1;
  }

  boolean has(int scalarCount, int vectorCount) {
    return scalars.length == scalarCount && vectors.size() == vectorCount;
  }

  /**
   * @throws Failure BAD_DATA unless the optimiser takes it
   */
  void require(boolean taken) {
    if (!taken) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "%d numbers and %d vectors are no state of this optimiser's"
              .formatted(scalars.length, vectors.size()));
    }
  }
}
