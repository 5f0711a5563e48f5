package dev.gramloom.cli;

import dev.gramloom.backend.Memory;
import dev.gramloom.image.ColorMatch;
import dev.gramloom.image.ContactSheet;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.SpectrumDistance;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Progress;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.tensor.Edges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** {@code --best} and {@code --sheet}: what of a run's iterates a person may like better. */
final class SeriesOptions {
  private static final int MOST_FRAMES = 100;

  private enum Best {
    LOSS,
    METRIC
  }

  @Option(
      names = "--best",
      paramLabel = "loss|metric",
      description =
          "write the best iterate at full size, too: lowest loss, or spectrum nearest to the"
              + " exemplar's")
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

  /** The files that it will write. */
  List<Path> files(Outputs outputs) {
    List<Path> files = new ArrayList<>();
    if (best != null) {
      files.add(bestFile(outputs));
    }
    if (sheet != null) {
      files.add(sheetFile(outputs));
    }
    return files;
  }

  private static Path bestFile(Outputs outputs) {
    return Outputs.beside(outputs.picture(), ".best.png");
  }

  private static Path sheetFile(Outputs outputs) {
    return Outputs.beside(outputs.picture(), ".sheet.png");
  }

  /** What watches a run. */
  Series watch(SynthesisSettings settings, Image photograph) {
    return new Series(settings, photograph);
  }

  /** Gathers frames while a run goes on. */
  final class Series {
    private final SynthesisSettings settings;
    private final Edges edges;
    private final Image exemplar;
    private final ContactSheet frames = new ContactSheet();
    private Image bestPicture;
    private double bestValue = Double.POSITIVE_INFINITY;
    private int bestIteration;

    private Series(SynthesisSettings settings, Image photograph) {
      this.settings = settings;
      this.edges = settings.tiling().edges();
      this.exemplar =
          best == null ? null : Resample.scale(photograph, settings.exemplarScale(), Edges.REFLECT);
    }

    /** Hears what {@code other} hears, and gathers besides. */
    Progress alongside(Progress other) {
      return new Progress() {
        @Override
        public void begins(Memory memory) {
          other.begins(memory);
        }

        @Override
        public void scaleBegins(Scale scale) {
          other.scaleBegins(scale);
        }

        @Override
        public void iterated(
            double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
          other.iterated(done, scale, iteration, loss, picture);
          if (sheet != null && isOnSheet(scale, iteration)) {
            Scale finest = settings.schedule().finest();
            String label = "%s iteration %d loss %.3g";
            frames.add(
                Resample.resize(picture.get(), finest.height(), finest.width(), edges),
                edges,
                String.format(Locale.ROOT, label, scale.size(), iteration, loss));
          }
          if (best != null && scale.equals(settings.schedule().finest())) {
            compare(iteration, loss, picture);
          }
        }
      };
    }

    /** N of all iterations of all scales, evenly, the last one among them. */
    private boolean isOnSheet(Scale scale, int iteration) {
      long all = 0;
      long now = 0;
      for (Scale s : settings.schedule().scales()) {
        now = s.equals(scale) ? all + iteration : now;
        all += s.iterations();
      }
      return now * sheet / all > (now - 1) * sheet / all;
    }

    private void compare(int iteration, double loss, Supplier<Image> picture) {
      if (best == Best.LOSS) {
        if (loss < bestValue) {
          take(iteration, loss, picture.get());
        }
        return;
      }
      Image image = picture.get();
      double distance = SpectrumDistance.between(image, exemplar);
      if (distance < bestValue) {
        take(iteration, distance, image);
      }
    }

    private void take(int iteration, double value, Image picture) {
      bestIteration = iteration;
      bestValue = value;
      bestPicture = picture;
    }

    /** Writes what was gathered. */
    void write(Outputs outputs, Console console) {
      if (bestPicture != null) {
        Image colored =
            settings.matchColors() ? ColorMatch.match(bestPicture, exemplar) : bestPicture;
        ImageFile.write(colored, bestFile(outputs));
        console.say(
            String.format(
                Locale.ROOT,
                "Best: iteration %d at %s, %s %.5g",
                bestIteration,
                settings.schedule().finest().size(),
                best == Best.LOSS ? "loss" : "spectrum distance",
                bestValue));
      }
      if (frames.size() > 0) {
        ImageFile.write(frames.picture(), sheetFile(outputs));
      }
    }
  }
}
