package dev.gramloom.cli;

import dev.gramloom.backend.Memory;
import dev.gramloom.image.Image;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Progress;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * How far a run is: one line that updates on a terminal, else "Progress: 42%" now and then, as
 * render farms expect.
 */
final class ProgressLine implements Progress {
  private static final long LONGEST_SILENCE = 30; // seconds, away from a terminal
  private static final int STEP = 10; // percent

  private final Console console;
  private final Runnable opening;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private long spoke = start;
  private int lastStep = -1;

  /**
   * @param opening what to say once the run has begun and no mistake of the user's stopped it
   * @param terminal whether a line can be updated
   */
  ProgressLine(Console console, Runnable opening, boolean terminal) {
    this.console = console;
    this.opening = opening;
    this.terminal = terminal;
  }

  @Override
  public void begins(Memory memory) {
    opening.run();
    console.say(memory);
  }

  @Override
  public void iterated(
      double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
    double elapsed = (System.nanoTime() - start) / 1e9;
    if (terminal) {
      console.update(
          String.format(
              Locale.ROOT,
              "%3.0f%%  scale %s  iteration %d of %d  loss %.5f  %.0f s left",
              100 * done,
              scale.size(),
              iteration,
              scale.iterations(),
              loss,
              elapsed / done * (1 - done)));
    } else if (due(done)) {
      console.say(String.format(Locale.ROOT, "Progress: %d%%", (int) (100 * done)));
    }
  }

  private boolean due(double done) {
    int step = (int) (100 * done) / STEP;
    long now = System.nanoTime();
    if (step == lastStep && now - spoke < LONGEST_SILENCE * 1_000_000_000L) {
      return false;
    }
    lastStep = step;
    spoke = now;
    return true;
  }
}
