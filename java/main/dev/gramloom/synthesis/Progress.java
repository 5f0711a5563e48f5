package dev.gramloom.synthesis;

import dev.gramloom.backend.Memory;
import dev.gramloom.image.Image;
import dev.gramloom.pyramid.Scale;
import java.util.function.Supplier;

/** Hears how a run goes on, from the thread that runs it. */
public interface Progress {
  /**
   * Once, before the first scale: nothing is wrong with what the run was given.
   *
   * @param memory what it will need, and may use
   */
  default void begins(Memory memory) {}

  /** Before the first iteration at a scale. */
  default void scaleBegins(Scale scale) {}

  /**
   * Whether {@link #iterated} will ask for the picture: it is then told a little later, while the
   * next evaluation is under way.
   */
  default boolean shows(Scale scale, int iteration, double loss) {
    return false;
  }

  /**
   * After each iteration.
   *
   * @param done share of the whole run's work that is behind us, 0..1
   * @param iteration from 1, at this scale
   * @param loss at the iterate
   * @param picture the iterate at this scale's size; made only when asked for, during this call
   */
  default void iterated(
      double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {}

  /** Both, this one first. */
  default Progress then(Progress next) {
    Progress first = this;
    return new Progress() {
      @Override
      public void begins(Memory memory) {
        first.begins(memory);
        next.begins(memory);
      }

      @Override
      public void scaleBegins(Scale scale) {
        first.scaleBegins(scale);
        next.scaleBegins(scale);
      }

      @Override
      public boolean shows(Scale scale, int iteration, double loss) {
        return first.shows(scale, iteration, loss) || next.shows(scale, iteration, loss);
      }

      @Override
      public void iterated(
          double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
        first.iterated(done, scale, iteration, loss, picture);
        next.iterated(done, scale, iteration, loss, picture);
      }
    };
  }
}
