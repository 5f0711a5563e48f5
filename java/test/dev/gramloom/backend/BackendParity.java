package dev.gramloom.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fast backend agrees with the reference on awkward sizes, over outputs that were dirty before,
 * and with itself bit for bit whatever it runs on.
 *
 * <p>Tolerance, relative L2: 1e-6 for a term, growing with the square root of the sum's length.
 */
public abstract class BackendParity {
  private static final Backend REFERENCE = new ReferenceBackend();

  /** Results are the same bits on all of them; opened once. */
  protected abstract List<Backend> backends();

  private static final int[][] SMALL_SIZES = {{1, 1}, {2, 2}, {1, 13}, {13, 1}, {33, 13}};
  private static final int[][] LARGE_SIZES = {{13, 33}, {16, 48}, {49, 65}, {64, 97}};
  private static final List<Edges> EDGES =
      List.of(Edges.WRAP, Edges.REFLECT, Edges.ZERO, new Edges(Edge.REFLECT, Edge.WRAP));

  protected static Stream<Arguments> cases(boolean largeToo) {
    Stream<int[]> large = largeToo ? Stream.of(LARGE_SIZES) : Stream.of();
    return Stream.concat(Stream.of(SMALL_SIZES), large)
        .flatMap(size -> EDGES.stream().map(e -> Arguments.of(new Shape(5, size[0], size[1]), e)));
  }

  final void agree(double sumLength, Function<Backend, Tensor> verb, Object... what) {
    float[] expected = verb.apply(REFERENCE).toArray();
    float[] actual = verb.apply(backends().get(0)).toArray();
    double error = TestBackends.relativeError(actual, expected);
    double allowed = 1e-6 * Math.max(1, Math.sqrt(sumLength));
    assertTrue(error <= allowed, () -> error + " > " + allowed + " for " + List.of(what));
    for (Backend other : backends().subList(1, backends().size())) {
      float[] again = verb.apply(other).toArray();
      assertArrayEquals(actual, again, () -> "bit for bit: " + List.of(what));
    }
  }

  /** A tensor that already holds something. */
  static Tensor dirty(Backend backend, Shape shape) {
    return TestBackends.random(backend, shape, 99);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void convolutionsAgreeBothWays(Shape shape, Edges edges) {
    convolutionsAgree(shape, 6, edges);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void convolutionsOfPicturesAgreeBothWays(Shape shape, Edges edges) {
    convolutionsAgree(shape.withChannels(3), 6, edges);
    convolutionsAgree(shape.withChannels(3), 37, edges);
  }

  private void convolutionsAgree(Shape shape, int outputs, Edges edges) {
    for (Activation activation : Activation.values()) {
      for (int size = 1; size <= 7; size += 2) {
        Kernel kernel = TestBackends.kernel(outputs, shape.channels(), size, size);
        int terms = kernel.inputs() * size * size;
        Shape output = shape.withChannels(activation.channels(outputs));
        Function<Backend, Tensor> forward =
            b -> {
              Tensor y = dirty(b, output);
              b.convolve(TestBackends.random(b, shape, 1), b.filters(kernel), edges, activation, y);
              return y;
            };
        agree(terms, forward, activation, size, shape, edges);
        float[] y = forward.apply(REFERENCE).toArray();
        agree(
            (double) outputs * size * size,
            b -> {
              Tensor dX = dirty(b, shape);
              b.convolveAdjoint(
                  b.upload(output, y), dirty(b, output), b.filters(kernel), edges, activation, dX);
              return dX;
            },
            activation,
            size,
            shape,
            edges);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void poolingAgreesBothWays(Shape shape, Edges edges) {
    Shape small = Shapes.pooled(shape);
    agree(
        9,
        b -> {
          Tensor y = dirty(b, small);
          b.averagePool(TestBackends.random(b, shape, 1), edges, y);
          return y;
        });
    agree(
        9,
        b -> {
          Tensor dX = dirty(b, shape);
          b.averagePoolAdjoint(TestBackends.random(b, small, 2), edges, dX);
          return dX;
        });
    agree(
        1,
        b -> {
          Tensor x = TestBackends.random(b, shape, 1);
          Tensor y = dirty(b, small);
          b.maxPool(x, edges, y);
          Tensor dX = dirty(b, shape);
          b.maxPoolAdjoint(x, y, TestBackends.random(b, small, 2), edges, dX);
          b.averagePoolAdjoint(y, edges, dX);
          return dX;
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gramsAndProductsAgree(Shape shape, Edges edges) {
    Shape other = shape.withChannels(7);
    Shape large = shape.withChannels(37);
    for (Shape columns : List.of(shape, other, large)) {
      agree(
          shape.pixels(),
          b -> {
            Tensor out = dirty(b, Shape.matrix(5, columns.channels()));
            b.gram(
                TestBackends.random(b, shape, 1),
                TestBackends.random(b, Shape.matrix(1, 5), 3),
                TestBackends.random(b, columns, 2),
                null,
                out);
            return out;
          });
    }
    for (boolean transposed : new boolean[] {false, true}) {
      agree(
          7,
          b -> {
            Shape matrix = transposed ? Shape.matrix(7, 5) : Shape.matrix(5, 7);
            Tensor sum = dirty(b, shape);
            b.addProduct(
                0.5f,
                TestBackends.random(b, matrix, 3),
                transposed,
                TestBackends.random(b, other, 4),
                transposed ? null : TestBackends.random(b, Shape.matrix(1, 7), 5),
                sum);
            return sum;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void symmetricGramsAndMeansAgree(Shape shape, Edges edges) {
    Shape large = shape.withChannels(37);
    agree(
        shape.pixels(),
        b -> {
          Tensor x = TestBackends.random(b, large, 1);
          Tensor out = dirty(b, Shape.matrix(37, 37));
          Tensor centre = TestBackends.random(b, Shape.matrix(1, 37), 3);
          b.gram(x, centre, x, centre, out);
          return out;
        });
    agree(
        shape.pixels(),
        b -> {
          Tensor means = dirty(b, Shape.matrix(1, 37));
          b.channelMeans(TestBackends.random(b, large, 1), means);
          Tensor sum = dirty(b, large);
          b.addPerChannel(2, means, sum);
          return sum;
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void energiesAndMasksAgree(Shape shape, Edges edges) {
    int[][] groups = {{0, 2, 4}, {1}, {2, 3}};
    agree(
        3,
        b -> {
          Tensor x = TestBackends.random(b, shape, 1);
          Tensor y = dirty(b, shape.withChannels(3));
          b.energy(x, groups, 1e-3f, y);
          Tensor dX = dirty(b, shape);
          b.energyAdjoint(x, y, TestBackends.random(b, y.shape(), 2), groups, dX);
          return dX;
        });
    agree(
        1,
        b -> {
          Tensor y = dirty(b, shape);
          Tensor mask = TestBackends.random(b, shape.withChannels(1), 5);
          b.multiplyMask(TestBackends.random(b, shape, 1), mask, y);
          return y;
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void penaltiesAgree(Shape shape, Edges edges) {
    agree(
        shape.size(),
        b -> {
          Tensor gradient = dirty(b, shape);
          Tensor x = TestBackends.random(b, shape, 1);
          double value = b.totalVariation(x, edges, 3, gradient);
          value += b.rangePenalty(x, 5, gradient);
          b.addScaled((float) value, b.upload(shape, ones(shape)), gradient);
          return gradient;
        },
        shape,
        edges);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void vectorsAgree(Shape shape, Edges edges) {
    agree(
        shape.size(),
        b -> {
          Tensor x = TestBackends.random(b, shape, 1);
          Tensor sum = dirty(b, shape);
          b.addScaled(0.25f, x, sum);
          b.scale(3, sum);
          Tensor copy = dirty(b, shape);
          b.copy(sum, copy);
          b.fill((float) b.dot(x, copy), x);
          b.addScaled(1, copy, x);
          return x;
        });
    agree(
        1,
        b -> {
          Tensor x = TestBackends.random(b, shape, 1);
          Tensor g = TestBackends.random(b, shape, 2);
          Tensor m = b.zeros(shape);
          Tensor v = b.zeros(shape);
          b.adamStep(AdamRates.pixels(0.1), 1, g, m, v, x);
          b.adamStep(AdamRates.pixels(0.1), 2, g, m, v, x);
          return x;
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nanIsNeverSwallowed(Shape shape, Edges edges) {
    Backend backend = backends().get(0);
    Tensor x = dirty(backend, shape);
    backend.fill(Float.NaN, x);
    assertEquals(Double.NaN, backend.dot(x, x));
    Tensor gram = backend.zeros(Shape.matrix(5, 5));
    backend.gram(x, null, x, null, gram);
    assertEquals(Float.NaN, gram.toArray()[0]);
  }

  private static float[] ones(Shape shape) {
    float[] ones = new float[Math.toIntExact(shape.size())];
    Arrays.fill(ones, 1);
    return ones;
  }
}
