package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import dev.gramloom.weights.RandomVgg;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How many threads compute changes no bit of what the CPU engine says about a picture. */
class ThreadsTest {
  private static final int[] COUNTS = {1, 2, 3, 5};
  private static final Shape PICTURE = new Shape(3, 38, 52);

  /**
   * A whole evaluation, exemplar included.
   *
   * @param gradient [3][H][W]
   */
  private record Evaluation(double loss, float[] gradient) {}

  static Stream<Named<Network>> networks() {
    List<TapPoint> taps =
        List.of(new TapPoint("conv1_1", 1), new TapPoint("conv2_1", 1), new TapPoint("conv3_1", 1));
    Vgg vgg =
        new Vgg(
            RandomVgg.NAME,
            RandomVgg.convolutions(),
            RandomVgg::kernel,
            Preprocessing.TORCHVISION_RGB,
            new Layer.AveragePool());
    return Stream.of(
        Named.of("filters", FilterBank.network(Preprocessing.NONE, 32)),
        Named.of("mini VGG, means", MiniVgg.network(new Layer.AveragePool())),
        Named.of("mini VGG, maxima", MiniVgg.network(new Layer.MaxPool())),
        Named.of("VGG-19", vgg.network(taps, 1, 38)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theirNumberChangesNoBit(Network network) {
    for (Tiling tiling : new Tiling[] {Tiling.BOTH, Tiling.NONE}) {
      Evaluation one = evaluation(network, tiling, 1);
      for (int threads : COUNTS) {
        Evaluation other = evaluation(network, tiling, threads);
        assertEquals(one.loss, other.loss, threads + " threads, " + tiling);
        assertArrayEquals(one.gradient, other.gradient, threads + " threads, " + tiling);
      }
    }
  }

  private static Evaluation evaluation(Network network, Tiling tiling, int threads) {
    SynthesisSettings settings = Runs.weighted(Runs.settings(tiling, new Scale(32, 32, 1)), 1, 0.1);
    float[] rgb = Runs.exemplar(PICTURE.height(), PICTURE.width()).rgb();
    try (Backend backend = new CpuBackend(threads);
        var statistics = new TextureStatistics(backend, network, Runs.exemplar(41, 30));
        var objective = new StyleObjective(backend, statistics, PICTURE, settings);
        Tensor x = backend.upload(PICTURE, rgb);
        Tensor gradient = backend.zeros(PICTURE)) {
      double loss = objective.evaluate(x, gradient);
      return new Evaluation(loss, gradient.toArray());
    }
  }
}
