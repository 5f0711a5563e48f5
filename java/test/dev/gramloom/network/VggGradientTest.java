package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.loss.Slopes;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The way back through octaves and pool taps is that of the way there. */
class VggGradientTest {
  private static final List<String> PYRAMID = List.of("conv1_1", "conv2_1", "conv3_1");
  private static final List<String> POOLS = List.of("conv1_1", "pool1", "pool2", "pool3", "pool4");

  /** Pixels: the third octave sees blocks of four, and is tapped after two poolings. */
  private static final int STRIDE = 16;

  private static final Backend BACKEND = BackendSuppliers.get("reference");

  private static Network network(List<String> layers, int octaves, int side, Layer pooling) {
    List<TapPoint> taps = new ArrayList<>();
    layers.forEach(layer -> taps.add(new TapPoint(layer, 1 + 0.5 * taps.size())));
    return MiniVgg.vgg(pooling).network(taps, octaves, side);
  }

  private static Arguments of(String name, Network network, Edges edges, int height, int width) {
    return Arguments.of(Named.of(name, network), edges, new Shape(3, height, width));
  }

  static Stream<Arguments> cases() {
    Layer average = new Layer.AveragePool();
    Layer maximum = new Layer.MaxPool();
    return Stream.of(
        of("two octaves", network(PYRAMID, 2, 32, average), Edges.WRAP, 32, 36),
        of("two octaves, odd", network(PYRAMID, 2, 33, average), Edges.REFLECT, 33, 37),
        of("two octaves, largest", network(PYRAMID, 2, 32, maximum), Edges.WRAP, 32, 32),
        of("pools", network(POOLS, 1, 32, average), Edges.WRAP, 32, 24),
        of("pools, odd", network(POOLS, 1, 19, average), Edges.REFLECT, 19, 21),
        of("largest of pools", network(POOLS, 1, 16, maximum), Edges.WRAP, 16, 32),
        of("pools of two octaves", network(POOLS, 2, 32, average), Edges.WRAP, 32, 32));
  }

  private static Tensor upload(Image picture) {
    return BACKEND.upload(new Shape(3, picture.height(), picture.width()), picture.rgb());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theGradientIsTheSlope(Network network, Edges edges, Shape shape) {
    Tensor exemplar = upload(Pictures.waves(shape.height(), shape.width(), 4));
    var objective = new GramObjective(BACKEND, network, shape, exemplar, Edges.REFLECT);
    Tensor x = upload(Pictures.noise(shape.height(), shape.width(), 3));
    Tensor gradient = BACKEND.zeros(shape);
    objective.evaluate(x, edges, gradient);
    Tensor scratch = BACKEND.zeros(shape);
    Slopes.assertGradient(
        BACKEND, at -> objective.evaluate(at, edges, scratch), x, gradient, 2e-3, 3e-3);
  }

  /**
   * The network between its kinks is linear: J d is the difference of the taps' features, and ⟨J d,
   * s⟩ = ⟨d, Jᵀ s⟩ for any slopes s at the taps.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void theWayBackIsTheAdjointOfTheWayThere(Network network, Edges edges, Shape shape) {
    Tensor x = upload(Pictures.noise(shape.height(), shape.width(), 3));
    Tensor direction = TestBackends.random(BACKEND, shape, 9);
    float step = 1e-3f;
    Tensor ahead = BACKEND.zeros(shape);
    BACKEND.copy(x, ahead);
    BACKEND.addScaled(step, direction, ahead);
    Tensor behind = BACKEND.zeros(shape);
    BACKEND.copy(x, behind);
    BACKEND.addScaled(-step, direction, behind);
    try (NetworkPass pass = new NetworkPass(BACKEND, network, shape, edges, true)) {
      double there = (along(pass, network, ahead) - along(pass, network, behind)) / (2 * step);
      along(pass, network, x);
      Tensor dX = BACKEND.zeros(shape);
      pass.backward(new Slope(network), dX);
      double back = BACKEND.dot(direction, dX);
      double steepest = Math.sqrt(BACKEND.dot(dX, dX) * BACKEND.dot(direction, direction));
      assertEquals(there, back, 2e-3 * steepest);
    }
  }

  /** Σ ⟨features, s⟩ over all taps. */
  private static double along(NetworkPass pass, Network network, Tensor picture) {
    double[] sum = {0};
    pass.forward(
        picture,
        node -> {
          if (isTapped(network, node)) {
            Tensor features = pass.output(node);
            sum[0] += BACKEND.dot(features, slope(features.shape(), node));
          }
        });
    return sum[0];
  }

  private static boolean isTapped(Network network, int node) {
    return network.taps().stream().anyMatch(tap -> tap.a() == node);
  }

  private static Tensor slope(Shape shape, int node) {
    return TestBackends.random(BACKEND, shape, 100 + node);
  }

  private record Slope(Network network) implements NetworkPass.Source {
    @Override
    public boolean reads(int node) {
      return isTapped(network, node);
    }

    @Override
    public void addGradient(int node, Tensor gradient) {
      BACKEND.addScaled(1, slope(gradient.shape(), node), gradient);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#cpu")
  void rollingByTheDeepestStrideRollsTheGradient(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Network network = network(PYRAMID, 3, 64, new Layer.AveragePool());
    assertEquals(9, network.taps().size());
    Shape shape = new Shape(3, 64, 80);
    Tensor exemplar = backend.upload(shape, Pictures.waves(64, 80, 4).rgb());
    var objective = new GramObjective(backend, network, shape, exemplar, Edges.REFLECT);
    Image picture = dots(Pictures.waves(64, 80, 3));
    Tensor gradient = backend.zeros(shape);
    double here = objective.evaluate(backend.upload(shape, picture.rgb()), Edges.WRAP, gradient);
    Image gradientHere = new Image(64, 80, gradient.toArray());
    for (int[] roll : new int[][] {{STRIDE, 0}, {0, STRIDE}, {-2 * STRIDE, 3 * STRIDE}}) {
      Tensor x = backend.upload(shape, Pictures.rolled(picture, roll[0], roll[1]).rgb());
      assertEquals(here, objective.evaluate(x, Edges.WRAP, gradient), 1e-5 * here);
      assertTrue(distance(gradient, gradientHere, roll[0], roll[1]) < 1e-5);
    }
    Tensor half = backend.upload(shape, Pictures.rolled(picture, STRIDE / 2, 0).rgb());
    objective.evaluate(half, Edges.WRAP, gradient);
    assertTrue(distance(gradient, gradientHere, STRIDE / 2, 0) > 1e-3, "the stride is no less");
  }

  /** With a dot a stride, so that it matters where a pooling begins. */
  private static Image dots(Image picture) {
    float[] rgb = picture.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      int x = i % picture.width();
      int y = i / picture.width() % picture.height();
      rgb[i] += x % STRIDE == 0 && y % STRIDE == 0 ? 0.5f : 0;
    }
    return new Image(picture.height(), picture.width(), rgb);
  }

  private static double distance(Tensor gradient, Image from, int down, int right) {
    float[] expected = Pictures.rolled(from, down, right).rgb();
    return TestBackends.relativeError(gradient.toArray(), expected);
  }
}
