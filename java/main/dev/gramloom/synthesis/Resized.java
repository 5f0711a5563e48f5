package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/** Pictures at other sizes, where the backend has them. */
final class Resized {
  private Resized() {}

  /**
   * A picture at another size, or a copy where the size is the same; to be closed.
   *
   * @param picture [C][H][W], which is left as it is
   */
  static Tensor of(Backend backend, Tensor picture, Shape to, Edges edges) {
    Tensor resized = backend.zeros(to);
    if (picture.shape().equals(to)) {
      backend.copy(picture, resized);
    } else {
      backend.resample(picture, Resampling.of(picture.shape(), to, edges), resized);
    }
    return resized;
  }
}
