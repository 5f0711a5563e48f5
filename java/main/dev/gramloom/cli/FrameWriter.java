package dev.gramloom.cli;

import dev.gramloom.failure.Failure;
import dev.gramloom.image.FrameSequence;
import dev.gramloom.image.Gif;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.Checkpoint;
import dev.gramloom.synthesis.Progress;
import dev.gramloom.synthesis.SeriesCheckpoints;
import dev.gramloom.tensor.Edges;
import java.nio.file.Files;
import java.util.function.Supplier;

/** Shows iterates at the final size as pictures and as an animation, as the run goes on. */
final class FrameWriter implements AutoCloseable {
  /** Frames of an animation for which no {@code --frames-every} was given, about. */
  private static final int ANIMATION_FRAMES = 60;

  private final Outputs outputs;
  private final ScaleSchedule schedule;
  private final Edges edges;
  private final int every;
  private final boolean framed;
  private final boolean animated;
  private final boolean results;
  private FrameSequence frames;
  private Gif gif;
  private int seen;

  /**
   * @param every how-manieth iterate to show, or null for no frames
   * @param animated whether to write the animation too
   * @param results whether finished pictures are the frames, and no iterates
   */
  FrameWriter(
      Outputs outputs,
      ScaleSchedule schedule,
      Edges edges,
      Integer every,
      boolean animated,
      boolean results) {
    this.results = results;
    this.outputs = outputs;
    this.schedule = schedule;
    this.edges = edges;
    int iterations = schedule.scales().stream().mapToInt(Scale::iterations).sum();
    this.every = every != null ? every : Math.max(1, iterations / ANIMATION_FRAMES);
    this.framed = every != null || results;
    this.animated = animated;
  }

  /**
   * Takes up what an earlier process wrote.
   *
   * @param from where it stood
   * @return whether all that it wrote until then is there
   */
  boolean resume(Checkpoint from) {
    int shown =
        results
            ? SeriesCheckpoints.runsBehind(from, schedule.scales().size())
            : (from.iterations() + every - 1) / every;
    for (int number = 1; framed && number <= shown; number++) {
      if (!Files.isRegularFile(FrameSequence.frame(outputs.picture(), number))) {
        return false;
      }
    }
    if (animated && shown > 0) {
      try {
        gif = Gif.open(outputs.gif(), outputs.keptAnimation(), shown);
      } catch (Failure e) {
        return false;
      }
    }
    if (framed && shown > 0) {
      frames = new FrameSequence(outputs.picture(), shown);
    }
    seen = from.iterations();
    return true;
  }

  /** What was shown is on the disk then. */
  void sync() {
    if (gif != null) {
      gif.sync(); // frames of their own always are
    }
  }

  /** Hears what {@code other} hears, and writes frames besides. */
  Progress alongside(Progress other) {
    return other.then(
        new Progress() {
          @Override
          public boolean shows(Scale scale, int iteration, double loss) {
            return !results && (framed || animated) && seen % every == 0;
          }

          @Override
          public void iterated(
              double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
            if (shows(scale, iteration, loss)) {
              add(picture.get());
            }
            seen++;
          }
        });
  }

  /** The finished picture is the last frame. */
  void finish(Image picture) {
    if (framed || animated) {
      add(picture);
    }
  }

  /** Lets the animation appear. */
  void publish() {
    if (gif != null) {
      gif.publish();
    }
  }

  /** Not before there is something to show: a run refused leaves everything as it was. */
  private void open() {
    if (framed && frames == null) {
      frames = new FrameSequence(outputs.picture());
    }
    if (animated && gif == null) {
      gif = Gif.open(outputs.gif(), outputs.keptAnimation(), 0);
    }
  }

  private void add(Image picture) {
    open();
    Scale finest = schedule.finest();
    Image shown = Resample.resize(picture, finest.height(), finest.width(), edges);
    if (frames != null) {
      frames.add(shown);
    }
    if (gif != null) {
      gif.add(shown);
    }
  }

  @Override
  public void close() {
    if (gif != null) {
      gif.close();
    }
  }
}
