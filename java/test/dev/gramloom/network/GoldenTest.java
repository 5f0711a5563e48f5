package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.backend.cpu.AnyVectorWidth;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import dev.gramloom.weights.format.StoredTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Grams, losses and gradients are those that PyTorch computed in float64. */
@Tag("backends")
@AnyVectorWidth
class GoldenTest {
  private static final Map<String, Edges> EDGES =
      Map.of("circular", Edges.WRAP, "zero", Edges.ZERO, "reflect", Edges.REFLECT);

  /** Relative, by backend: the reference rounds only what it stores. */
  private static final Map<String, Double> LOSS =
      Map.of("reference", 1e-6, "cpu", 1e-5, "cuda", 1e-5);

  private static final Map<String, Double> GRADIENT =
      Map.of("reference", 1e-5, "cpu", 1e-4, "cuda", 1e-4);

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    BackendSuppliers.all()
        .forEach(backend -> {
          for (String padding : List.of("circular", "zero", "reflect")) {
            cases.add(Arguments.of(backend, padding, named("avg", new Layer.AveragePool())));
            cases.add(Arguments.of(backend, padding, named("max", new Layer.MaxPool())));
          }
        });
    return cases.stream();
  }

  private static Named<Layer> named(String name, Layer pooling) {
    return Named.of(name, pooling);
  }

  private static String name(String padding, Layer pooling) {
    return padding + (pooling instanceof Layer.MaxPool ? ".max." : ".avg.");
  }

  private static Tensor picture(Backend backend, String name) {
    StoredTensor stored = MiniVgg.stored(name);
    int[] shape = stored.shape();
    return backend.upload(new Shape(shape[0], shape[1], shape[2]), stored.read());
  }

  /** A photograph does not wrap; only "zero" measures it with zeros around. */
  private static GramObjective objective(Backend backend, String padding, Layer pooling) {
    Tensor exemplar = picture(backend, "exemplar");
    Edges edges = padding.equals("zero") ? Edges.ZERO : Edges.REFLECT;
    return new GramObjective(backend, MiniVgg.network(pooling), exemplar.shape(), exemplar, edges);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossAndGradientAreTheGoldenOnes(Supplier<Backend> supplier, String padding, Layer pooling) {
    Backend backend = supplier.get();
    Tensor image = picture(backend, "image");
    Tensor gradient = TestBackends.random(backend, image.shape(), 5);
    double loss =
        objective(backend, padding, pooling).evaluate(image, EDGES.get(padding), gradient);
    double expected = MiniVgg.golden(name(padding, pooling) + "loss")[0];
    assertEquals(expected, loss, LOSS.get(backend.name()) * expected);
    float[] golden = MiniVgg.goldenFloats(name(padding, pooling) + "gradient");
    double error = TestBackends.relativeError(gradient.toArray(), golden);
    assertTrue(error <= GRADIENT.get(backend.name()), () -> "gradient off by " + error);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gramsOfTheExemplarAreTheGoldenOnes(
      Supplier<Backend> supplier, String padding, Layer pooling) {
    GramObjective objective = objective(supplier.get(), padding, pooling);
    for (Network.Tap tap : MiniVgg.network(pooling).taps()) {
      float[] golden = MiniVgg.goldenFloats(name(padding, pooling) + "target." + tap.name());
      float[] gram = objective.target(tap).gram().toArray();
      double error = TestBackends.relativeError(gram, golden);
      assertTrue(error <= LOSS.get(supplier.get().name()), () -> tap.name() + " off by " + error);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gramsOfTheImageAreTheGoldenOnes(Supplier<Backend> supplier, String padding, Layer pooling) {
    Backend backend = supplier.get();
    Tensor image = picture(backend, "image");
    GramObjective measured =
        new GramObjective(
            backend, MiniVgg.network(pooling), image.shape(), image, EDGES.get(padding));
    for (Network.Tap tap : MiniVgg.network(pooling).taps()) {
      float[] golden = MiniVgg.goldenFloats(name(padding, pooling) + "gram." + tap.name());
      float[] gram = measured.target(tap).gram().toArray();
      double error = TestBackends.relativeError(gram, golden);
      assertTrue(error <= LOSS.get(backend.name()), () -> tap.name() + " off by " + error);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void totalVariationsAreTheGoldenOnes(Supplier<Backend> supplier) {
    assertTotalVariation(supplier.get(), Edges.WRAP, "tv.circular.");
    assertTotalVariation(supplier.get(), Edges.REFLECT, "tv.open.");
    assertTotalVariation(supplier.get(), Edges.ZERO, "tv.open.");
  }

  private static void assertTotalVariation(Backend backend, Edges edges, String name) {
    Tensor image = picture(backend, "image");
    Tensor gradient = backend.zeros(image.shape());
    double value = backend.totalVariation(image, edges, 1, gradient);
    double golden = MiniVgg.golden(name + "loss")[0];
    assertEquals(golden, value, LOSS.get(backend.name()) * golden);
    float[] goldenGradient = MiniVgg.goldenFloats(name + "gradient");
    double error = TestBackends.relativeError(gradient.toArray(), goldenGradient);
    assertTrue(error <= GRADIENT.get(backend.name()), () -> name + " off by " + error);
  }
}
