package dev.gramloom.weights;

import dev.gramloom.backend.Kernel;
import dev.gramloom.weights.format.VggShape;
import dev.gramloom.weights.format.VggShape.Convolution;
import java.util.List;
import java.util.Random;

/**
 * VGG-19's shapes with weights from a dice: to measure speed by, which does not depend on what the
 * weights are, where none are installed.
 *
 * <p>Normal, with variance 2 / inputs, so that features stay of one size through all layers (He et
 * al., arXiv:1502.01852, equation 10); no bias. A convolution's numbers depend on its place alone.
 */
public final class RandomVgg {
  /** For {@code --network}. */
  public static final String NAME = "random-vgg19";

  private static final VggShape SHAPE = VggShape.VGG19;
  private static final int SIDE = 3;

  private RandomVgg() {}

  /** Names of all convolutions, "conv1_1" …, in order. */
  public static List<String> convolutions() {
    return SHAPE.convolutions().stream().map(Convolution::name).toList();
  }

  /**
   * The numbers of a convolution; the same at each call.
   *
   * @throws IllegalArgumentException if VGG-19 has none of that name
   */
  public static Kernel kernel(String name) {
    int index = convolutions().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("VGG-19 has no " + name);
    }
    Convolution convolution = SHAPE.convolutions().get(index);
    double deviation = Math.sqrt(2.0 / (SIDE * SIDE * convolution.inputs()));
    Random random = new Random(index);
    float[] weights = new float[convolution.weights()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (deviation * random.nextGaussian());
    }
    return new Kernel(
        convolution.outputs(),
        convolution.inputs(),
        SIDE,
        weights,
        new float[convolution.outputs()]);
  }
}
