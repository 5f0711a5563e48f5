package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Kernel;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.tensor.Shape;
import dev.gramloom.weights.RandomVgg;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work is counted as the yardstick in PyTorch counts it. */
class MultiplyAddsTest {
  /** Forward and backward, two operations each: 4 · 9 · C · K · s² summed over the layers. */
  private static final double MEGAFLOP_A_PIXEL = 1.4446;

  /** Our layer of colours, which the yardstick has not. */
  private static final long COLORS = 9;

  @ParameterizedTest
  @CsvSource({"16, 16", "32, 32", "96, 48", "384, 384", "4096, 4096"})
  void vgg19IsTheYardsticks(int height, int width) {
    List<TapPoint> taps = List.of(new TapPoint("conv1_1", 1), new TapPoint("conv5_1", 1));
    Vgg vgg =
        new Vgg(
            "random",
            RandomVgg.convolutions(),
            RandomVgg::kernel,
            Preprocessing.NONE,
            new Layer.AveragePool());
    Shape picture = new Shape(3, height, width);
    double count = vgg.network(taps, 1, Math.min(height, width)).multiplyAdds(picture);
    assertEquals(MEGAFLOP_A_PIXEL, 4e-6 * count / picture.pixels(), 1e-3);
    assertEquals(361_152, count / picture.pixels(), COLORS);
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "7, 9", "1, 1"})
  void octavesAndOddSizesCountWhatTheyHave(int height, int width) {
    Network.Builder builder = new Network.Builder();
    float[] weights = new float[2 * 3 * 9];
    weights[0] = weights[10] = weights[53] = 1; // the zeros cost nothing
    Layer layer =
        new Layer.Convolution(new Kernel(2, 3, 3, weights, new float[2]), Activation.RELU);
    builder.add(layer, Network.PICTURE);
    int half = builder.add(new Layer.AveragePool(), Network.PICTURE);
    builder.add(layer, half);
    long pixels = (long) height * width + Math.max(1, height / 2) * Math.max(1, width / 2);
    Shape picture = new Shape(3, height, width);
    assertEquals(3 * pixels, builder.build("test").multiplyAdds(picture));
  }
}
