package dev.gramloom.cli;

import dev.gramloom.image.Image;
import dev.gramloom.synthesis.SynthesisSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --best} and {@code --sheet}: what of a run's iterates a person may like better. */
final class SeriesOptions {
  private static final int MOST_FRAMES = 100;

  /** What makes an iterate the best. */
  enum Best {
    LOSS,
    METRIC
  }

  @Option(
      names = "--best",
      paramLabel = "loss|metric",
      description =
          "write the best iterate at full size, too: lowest loss, or (synth) spectrum nearest to"
              + " the exemplar's")
  private Best best;

  @Option(
      names = "--sheet",
      paramLabel = "N",
      description = "write N iterates side by side, with iteration and loss, to pick from")
  private Integer sheet;

  /** Refuses what cannot be, before any file is read. */
  void check() {
    if (sheet != null) {
      Numbers.within("--sheet", sheet, 1, MOST_FRAMES);
    }
  }

  /** Refuses the spectrum where there is no exemplar to have it. */
  void requireNoMetric() {
    if (best == Best.METRIC) {
      throw Numbers.usage("--best metric is for synth; here it must be loss");
    }
  }

  /** Refuses both where it is not one run that is watched. */
  void requireNone(String other) {
    if (best != null || sheet != null) {
      throw Numbers.usage("%s and %s exclude each other".formatted(flags(), other));
    }
  }

  private String flags() {
    return best != null ? "--best" : "--sheet";
  }

  /** The files that it will write. */
  List<Path> files(Outputs outputs) {
    List<Path> files = new ArrayList<>();
    if (best != null) {
      files.add(outputs.best());
    }
    if (sheet != null) {
      files.add(outputs.sheet());
    }
    return files;
  }

  /** For a run's identity. */
  @Override
  public String toString() {
    return "best %s, sheet of %s".formatted(best, sheet);
  }

  /**
   * What watches a run.
   *
   * @param photograph the exemplar as it was read; null where there is none
   */
  Series watch(SynthesisSettings settings, Image photograph) {
    return new Series(best, sheet == null ? 0 : sheet, settings, photograph);
  }
}
