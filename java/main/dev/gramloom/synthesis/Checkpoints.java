package dev.gramloom.synthesis;

import java.util.Optional;
import java.util.function.Supplier;

/** Where a run's state is kept, from the thread that runs it. */
public interface Checkpoints {
  /** Keeps nothing. */
  Checkpoints NONE = state -> {};

  /** Where to go on from; empty to begin. Asked once. */
  default Optional<Checkpoint> resumed() {
    return Optional.empty();
  }

  /**
   * A moment at which the run can be left: it comes often, also within an evaluation.
   *
   * @param state where the run stands, in vectors that may be read during this call alone
   * @throws dev.gramloom.failure.Failure STOPPED to end the run here
   */
  void pause(Supplier<Checkpoint> state);

  /**
   * A moment at which the run can be left with nothing to keep: it has not begun, or not got beyond
   * where it was resumed.
   *
   * @throws dev.gramloom.failure.Failure STOPPED to end the run here
   */
  default void pause() {}
}
