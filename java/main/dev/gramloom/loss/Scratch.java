package dev.gramloom.loss;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Tensors for intermediate results that losses share, for they are computed one after another.
 *
 * <p>Not thread-safe.
 */
public final class Scratch implements AutoCloseable {
  private static final int MOST = 2;

  private final Backend backend;
  private final Map<Shape, Tensor[]> tensors = new HashMap<>();

  /** Nothing yet: tensors are made when they are first asked for. */
  public Scratch(Backend backend) {
    this.backend = backend;
  }

  /**
   * A tensor whose content is anything.
   *
   * @param which 0 or 1: different numbers are different tensors
   */
  Tensor tensor(Shape shape, int which) {
    Tensor[] same = tensors.computeIfAbsent(shape, s -> new Tensor[MOST]);
    if (same[which] == null) {
      same[which] = backend.zeros(shape);
    }
    return same[which];
  }

  @Override
  public void close() {
    for (Tensor[] same : tensors.values()) {
      for (Tensor tensor : same) {
        if (tensor != null) {
          tensor.close();
        }
      }
    }
    tensors.clear();
  }
}
