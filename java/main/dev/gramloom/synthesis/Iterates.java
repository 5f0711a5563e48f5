package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.image.Image;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.function.Supplier;

/**
 * Tells of a scale's iterates. One whose picture is wanted is fetched, and told of, while the next
 * evaluation is under way: a GPU does not wait until it was looked at.
 */
final class Iterates {
  private final Backend backend;
  private final Tensor x;
  private final Progress progress;
  private Runnable untold; // null for none

  /**
   * @param x holds each iterate in its turn, [3][H][W]
   */
  Iterates(Backend backend, Tensor x, Progress progress) {
    this.backend = backend;
    this.x = x;
    this.progress = progress;
  }

  /** x is an iterate now; see {@link Progress#iterated}. */
  void iterated(double done, Scale scale, int iteration, double loss) {
    tell();
    boolean shown = progress.shows(scale, iteration, loss);
    Supplier<float[]> values = shown ? backend.laterValues(x) : x::toArray;
    untold =
        () ->
            progress.iterated(
                done, scale, iteration, loss, () -> image(x.shape(), values.get()).clamped());
    if (!shown) {
      tell();
    }
  }

  /** Tells what was not told yet; before a checkpoint, and in the end. */
  void tell() {
    if (untold != null) {
      Runnable telling = untold;
      untold = null;
      telling.run();
    }
  }

  static Image image(Tensor picture) {
    return image(picture.shape(), picture.toArray());
  }

  private static Image image(Shape shape, float... rgb) {
    return new Image(shape.height(), shape.width(), rgb);
  }
}
