package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.Layer;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.DoubleVgg.Planes;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import dev.gramloom.weights.RandomVgg;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * From pixels to the loss of VGG-19 and back the CPU engine says what the same in double says.
 *
 * <p>Measured, relative L2 of the gradient: 7e-7 to three blocks, 1.2e-6 to five, where all ReLUs
 * decide alike. Where one of the some hundred thousand sums is so near to zero that float32 has it
 * on the other side, the pixels that this one unit sees have another slope, and the distance is
 * 5e-4 (three blocks, noise 3) to 1.5e-3 (five, noise 5). So the middle of three pictures is held
 * to the one, each to the other. The loss knows no such jumps: 3e-7 to three blocks, 8e-7 to five.
 */
class WholeGradientTest {
  private static final double MOST = 3e-3; // relative L2
  private static final double MOST_ALIKE = 1e-5; // where no ReLU decides otherwise
  private static final Preprocessing COLORS = Preprocessing.TORCHVISION_RGB;
  private static final List<String> GATYS =
      List.of("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1");

  @Test
  void threeBlocksAgree() {
    double[] errors = {
      error(GATYS.subList(0, 3), 48, 40, 3),
      error(GATYS.subList(0, 3), 48, 40, 4),
      error(GATYS.subList(0, 3), 40, 48, 5)
    };
    Arrays.sort(errors);
    assertTrue(errors[2] <= MOST, () -> "the gradient is off by " + errors[2]);
    assertTrue(errors[1] <= MOST_ALIKE, () -> "the gradient is off by " + errors[1]);
  }

  @Test
  void allFiveBlocksAgree() {
    double error = error(GATYS, 64, 64, 3);
    assertTrue(error <= MOST, () -> "the gradient is off by " + error);
  }

  private static Network network(List<String> taps) {
    Vgg vgg =
        new Vgg(
            RandomVgg.NAME,
            RandomVgg.convolutions(),
            RandomVgg::kernel,
            COLORS,
            new Layer.AveragePool());
    return vgg.network(taps.stream().map(tap -> new TapPoint(tap, 1)).toList(), 1, 64);
  }

  private static Planes planes(Image image) {
    Planes planes = new Planes(3, image.height(), image.width());
    for (int i = 0; i < image.rgb().length; i++) {
      planes.values()[i] = image.rgb()[i];
    }
    return planes;
  }

  /** How far the gradient of one noise is off, relative L2; and asserts that the loss is not. */
  private static double error(List<String> taps, int height, int width, long noise) {
    Image exemplar = Pictures.waves(48, 48, 5);
    Image picture = Pictures.noise(height, width, noise);
    DoubleVgg judge = new DoubleVgg(taps, COLORS);
    double[] slopes = new double[3 * height * width];
    List<double[]> targets = judge.grams(planes(exemplar), Edge.REFLECT);
    double expected = judge.evaluate(planes(picture), Edge.WRAP, targets, slopes);
    float[] rounded = new float[slopes.length];
    for (int i = 0; i < slopes.length; i++) {
      rounded[i] = (float) slopes[i];
    }
    Backend backend = BackendSuppliers.get("cpu");
    Shape shape = new Shape(3, height, width);
    SynthesisSettings settings = Runs.settings(Tiling.BOTH, new Scale(32, 32, 1));
    try (var statistics = new TextureStatistics(backend, network(taps), exemplar);
        var objective = new StyleObjective(backend, statistics, shape, settings);
        Tensor x = backend.upload(shape, picture.rgb());
        Tensor gradient = backend.zeros(shape)) {
      double loss = objective.evaluate(x, gradient);
      assertEquals(expected, loss, 1e-5 * expected);
      return TestBackends.relativeError(gradient.toArray(), rounded);
    }
  }
}
