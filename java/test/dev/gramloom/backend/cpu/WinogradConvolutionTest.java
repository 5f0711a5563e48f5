package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Winograd's convolution is the reference's, both ways, for every edge, size and thread count. */
class WinogradConvolutionTest {
  private static final double RELATIVE = 1e-5; // L2

  /**
   * @param inputs C
   * @param outputs K
   */
  record Layer(int inputs, int outputs, int height, int width) {}

  private static final List<Layer> LAYERS =
      List.of(
          new Layer(1, 1, 1, 1),
          new Layer(3, 5, 2, 1),
          new Layer(2, 4, 3, 5),
          new Layer(5, 3, 6, 6),
          new Layer(4, 9, 7, 13),
          new Layer(7, 4, 33, 12),
          new Layer(65, 5, 13, 19),
          new Layer(3, 9, 13, 301),
          new Layer(9, 66, 19, 12),
          new Layer(129, 130, 7, 8));

  private static Stream<Arguments> cases() {
    List<Edges> edges =
        List.of(
            Edges.WRAP,
            Edges.REFLECT,
            Edges.ZERO,
            new Edges(Edge.WRAP, Edge.REFLECT),
            new Edges(Edge.REFLECT, Edge.WRAP));
    List<Arguments> cases = new ArrayList<>();
    for (WinogradTransform transform : List.of(WinogradTransform.F4, WinogradTransform.F6)) {
      for (Layer layer : LAYERS) {
        for (Edges edge : edges) {
          cases.add(Arguments.of(transform.outputs(), layer, edge));
        }
      }
    }
    return cases.stream();
  }

  private static WinogradTransform transform(int outputs) {
    return outputs == 4 ? WinogradTransform.F4 : WinogradTransform.F6;
  }

  private static Kernel kernel(Layer layer) {
    int k = layer.outputs();
    int c = layer.inputs();
    return new Kernel(k, c, 3, TestBackends.random(k * c * 9L, 1), TestBackends.random(k, 2));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void convolvesLikeTheReference(int outputs, Layer layer, Edges edges) {
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    float[] x = TestBackends.random(shape.size(), 3);
    Kernel kernel = kernel(layer);
    for (Activation activation : Activation.values()) {
      Shape to = shape.withChannels(activation.channels(layer.outputs()));
      float[] expected = reference(kernel, shape, x, edges, activation, to);
      float[] last = null;
      for (int threads : new int[] {1, 3}) {
        try (Workers workers = new Workers(threads)) {
          CpuFilters filters = new CpuFilters(kernel, workers);
          float[] y = TestBackends.random(to.size(), 4); // dirty
          Planes planes = Planes.of(x, edges, shape);
          WinogradWeights weights = filters.winograd(transform(outputs));
          WinogradConvolution.forward(workers, weights, kernel.bias(), planes, activation, y);
          assertNear(expected, y);
          if (last != null) {
            assertArrayEquals(last, y, "bit for bit");
          }
          last = y;
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addsTheReferencesAdjoint(int outputs, Layer layer, Edges edges) {
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    Kernel kernel = kernel(layer);
    for (Activation activation : Activation.values()) {
      Shape to = shape.withChannels(activation.channels(layer.outputs()));
      float[] x = TestBackends.random(shape.size(), 5);
      float[] y = reference(kernel, shape, x, edges, activation, to);
      float[] dY = TestBackends.random(to.size(), 6);
      float[] before = TestBackends.random(shape.size(), 7);
      float[] expected = referenceAdjoint(kernel, shape, to, y, dY, edges, activation, before);
      float[] last = null;
      for (int threads : new int[] {1, 3}) {
        try (Workers workers = new Workers(threads)) {
          CpuFilters filters = new CpuFilters(kernel, workers);
          float[] dX = before.clone();
          Edges beyond =
              new Edges(Planes.adjoint(edges.vertical()), Planes.adjoint(edges.horizontal()));
          Shape seen = shape.withChannels(layer.outputs());
          Planes planes = new Planes(dY, y, activation, beyond, seen);
          WinogradWeights weights = filters.winogradAdjoint(transform(outputs));
          WinogradConvolution.adjoint(
              workers, weights, CpuFilters.adjointView(weights), planes, edges, dX);
          assertNear(expected, dX);
          if (last != null) {
            assertArrayEquals(last, dX, "bit for bit");
          }
          last = dX;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void rollsWithItsInputWhereverTilesAreCut(int outputs) {
    Layer layer = new Layer(16, 8, 32, 45);
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    float[] x = TestBackends.random(shape.size(), 3);
    float[] expected = rolled(convolved(outputs, layer, x), layer.outputs(), shape, 16);
    float[] moved = rolled(x, layer.inputs(), shape, 16);
    assertNear(expected, convolved(outputs, layer, moved));
  }

  private static float[] convolved(int outputs, Layer layer, float[] x) {
    Kernel kernel = kernel(layer);
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    float[] y = new float[layer.outputs() * shape.pixels()];
    try (Workers workers = new Workers(2)) {
      WinogradWeights weights = new CpuFilters(kernel, workers).winograd(transform(outputs));
      Planes planes = Planes.of(x, Edges.WRAP, shape);
      WinogradConvolution.forward(workers, weights, kernel.bias(), planes, Activation.NONE, y);
    }
    return y;
  }

  /** Every plane rolled down and to the right by so many pixels. */
  private static float[] rolled(float[] planes, int channels, Shape shape, int by) {
    int height = shape.height();
    int width = shape.width();
    float[] rolled = new float[planes.length];
    for (int i = 0; i < channels * height * width; i++) {
      int y = (i / width % height + by) % height;
      int to = (i / (width * height) * height + y) * width + (i % width + by) % width;
      rolled[to] = planes[i];
    }
    return rolled;
  }

  private static float[] reference(
      Kernel kernel, Shape shape, float[] x, Edges edges, Activation activation, Shape to) {
    try (ReferenceBackend reference = new ReferenceBackend();
        Filters filters = reference.filters(kernel);
        Tensor y = reference.zeros(to)) {
      reference.convolve(reference.upload(shape, x), filters, edges, activation, y);
      return y.toArray();
    }
  }

  private static float[] referenceAdjoint(
      Kernel kernel,
      Shape shape,
      Shape to,
      float[] y,
      float[] dY,
      Edges edges,
      Activation activation,
      float[] before) {
    try (ReferenceBackend reference = new ReferenceBackend();
        Filters filters = reference.filters(kernel);
        Tensor dX = reference.upload(shape, before)) {
      reference.convolveAdjoint(
          reference.upload(to, y), reference.upload(to, dY), filters, edges, activation, dX);
      return dX.toArray();
    }
  }

  private static void assertNear(float[] expected, float[] actual) {
    double relative = TestBackends.relativeError(actual, expected);
    assertTrue(relative <= RELATIVE, "relative L2 " + relative);
  }
}
