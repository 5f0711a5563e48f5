package dev.gramloom.synthesis;

import dev.gramloom.backend.Memory;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;

/** What a run works towards: what differs between a texture and a picture in a style. */
interface Goal extends AutoCloseable {
  /**
   * Refuses what cannot be done before anything is.
   *
   * @return what the run needs, and may use
   */
  Memory require();

  /**
   * Measures what the pictures are to be like at a scale; forgets the scale before.
   *
   * @param moment is run now and then, and may end it by an exception
   */
  void measure(Scale scale, Runnable moment);

  /** What the coarsest scale begins with, after it was measured: [3][H][W], to be closed. */
  Tensor start(Scale scale);

  /**
   * What a finer scale begins with: the coarser one's result, at the new size.
   *
   * @param picture [3][H][W], which is left as it is
   */
  Tensor enlarged(Tensor picture, Scale scale);

  /**
   * The loss at the scale that was measured last.
   *
   * @param picture shape of the output, [3][H][W]
   */
  StyleObjective objective(Shape picture);

  /** Width and height of what was measured last, pixels. */
  int[] measured();

  @Override
  void close();
}
