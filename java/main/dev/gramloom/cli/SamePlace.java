package dev.gramloom.cli;

import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.tensor.Edges;
import java.nio.file.Path;

/** Pictures of which each pixel has its place in another one. */
final class SamePlace {
  private SamePlace() {}

  /**
   * Brings a picture to the size of another one; its holes are filled.
   *
   * @param flag what asked for it, in words
   * @throws dev.gramloom.failure.Failure USAGE if their proportions differ
   */
  static Image resized(Image picture, Path file, Image like, String flag) {
    double stretch =
        (double) picture.width() * like.height() / ((double) picture.height() * like.width());
    double rounding = 1.0 / Math.min(like.width(), like.height());
    if (Math.abs(stretch - 1) > rounding) {
      throw Numbers.usage(
          "%s takes pixels from the same place: %s must have the proportions of %d x %d, got %d x %d"
              .formatted(
                  flag, file, like.width(), like.height(), picture.width(), picture.height()));
    }
    Image whole = HoleFill.fill(picture);
    Image unmasked = new Image(whole.height(), whole.width(), whole.rgb());
    return Resample.resize(unmasked, like.height(), like.width(), Edges.REFLECT).clamped();
  }
}
