package dev.gramloom.backend;

import dev.gramloom.tensor.Tensor;

/**
 * Features as a part of a picture shows them: (x − χ 1ᵀ) · mask.
 *
 * @param x [C][H][W]
 * @param centre χ, [1][1][C], or null for zero
 * @param mask [1][H][W], for every channel
 */
public record Masked(Tensor x, Tensor centre, Tensor mask) {
  /** The features as a tensor of their own, to be closed. */
  Tensor made(Backend backend) {
    Tensor made = backend.zeros(x.shape());
    if (centre == null) {
      backend.multiplyMask(x, mask, made);
      return made;
    }
    try (Tensor centred = backend.zeros(x.shape())) {
      backend.copy(x, centred);
      backend.addPerChannel(-1, centre, centred);
      backend.multiplyMask(centred, mask, made);
    }
    return made;
  }
}
