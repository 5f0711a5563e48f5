package dev.gramloom.network;

import dev.gramloom.backend.Activation;

/** From a picture to half of it. */
final class Octave {
  private static final float[] BINOMIAL = {1, 2, 1, 2, 4, 2, 1, 2, 1}; // / 16
  private static final Layer BLUR = blur();

  private Octave() {}

  /**
   * The next octave of three channels: a little blur, so that the halving does not alias, then
   * averages.
   */
  static int halved(Network.Builder builder, int picture) {
    return builder.add(new Layer.AveragePool(), builder.add(BLUR, picture));
  }

  private static Layer blur() {
    KernelBuilder blur = new KernelBuilder(3, 3);
    for (int c = 0; c < 3; c++) {
      blur.add(BINOMIAL, 1.0 / 16, c);
    }
    return new Layer.Convolution(blur.build(), Activation.NONE);
  }
}
