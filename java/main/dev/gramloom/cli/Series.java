package dev.gramloom.cli;

import dev.gramloom.cli.SeriesOptions.Best;
import dev.gramloom.image.ContactSheet;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.SpectrumDistance;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.Progress;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.tensor.Edges;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Gathers a run's best iterate and a sheet of iterates while it goes on. */
final class Series implements Progress {
  private final Best best;
  private final int sheet;
  private final SynthesisSettings settings;
  private final Edges edges;
  private final Image exemplar;
  private ContactSheet frames = new ContactSheet();
  private Image bestPicture;
  private double bestValue = Double.POSITIVE_INFINITY;
  private int bestIteration;

  /**
   * @param best what makes an iterate the best; null for none
   * @param sheet iterates on the sheet; 0 for none
   * @param photograph the exemplar as it was read; null where none is compared with
   */
  Series(Best best, int sheet, SynthesisSettings settings, Image photograph) {
    this.best = best;
    this.sheet = sheet;
    this.settings = settings;
    this.edges = settings.tiling().edges();
    this.exemplar =
        best == Best.METRIC
            ? Resample.scale(photograph, settings.exemplarScale(), Edges.REFLECT)
            : null;
  }

  @Override
  public boolean shows(Scale scale, int iteration, double loss) {
    return isOnSheet(scale, iteration)
        || isCompared(scale) && (best == Best.METRIC || loss < bestValue);
  }

  @Override
  public void iterated(
      double done, Scale scale, int iteration, double loss, Supplier<Image> picture) {
    if (isOnSheet(scale, iteration)) {
      Scale finest = settings.schedule().finest();
      String label = "%s iteration %d loss %.3g";
      frames.add(
          Resample.resize(picture.get(), finest.height(), finest.width(), edges),
          edges,
          String.format(Locale.ROOT, label, scale.size(), iteration, loss));
    }
    if (isCompared(scale)) {
      compare(iteration, loss, picture);
    }
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

  private boolean isCompared(Scale scale) {
    return best != null && scale.equals(settings.schedule().finest());
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

  /** How many pictures it may keep. */
  int pictures() {
    return sheet + (best == null ? 0 : 1);
  }

  /** What was gathered, for {@link #resume}. */
  byte[] state() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeBoolean(bestPicture != null);
      if (bestPicture != null) {
        out.writeInt(bestIteration);
        out.writeDouble(bestValue);
        ContactSheet.write(out, bestPicture);
      }
      frames.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory has no reason to fail
    }
    return bytes.toByteArray();
  }

  /**
   * Takes up what an earlier process gathered.
   *
   * @return whether it is whole
   */
  boolean resume(byte[] state) {
    Scale finest = settings.schedule().finest();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      if (in.readBoolean()) {
        bestIteration = in.readInt();
        bestValue = in.readDouble();
        bestPicture = ContactSheet.read(in);
      }
      frames = ContactSheet.of(in);
      boolean fits =
          bestPicture == null
              || bestPicture.height() == finest.height() && bestPicture.width() == finest.width();
      return fits && in.available() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Forgets all. */
  void clear() {
    frames = new ContactSheet();
    bestPicture = null;
    bestValue = Double.POSITIVE_INFINITY;
  }

  /**
   * Writes what was gathered.
   *
   * @param coloring what a finished picture's colours go through
   */
  void write(Outputs outputs, Console console, UnaryOperator<Image> coloring) {
    if (bestPicture != null) {
      ImageFile.write(coloring.apply(bestPicture), outputs.best());
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
      ImageFile.write(frames.picture(), outputs.sheet());
    }
  }
}
