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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Winograd's convolution is the reference's, both ways, for every edge, size and thread count. */
@AnyVectorWidth
class WinogradConvolutionTest {
  private static final double RELATIVE = 1e-5; // L2

  /**
   * @param inputs C
   * @param outputs K
   */
  record Layer(int inputs, int outputs, int height, int width) {}

  private static final List<Layer> LAYERS =
      List.of(
          new Layer(16, 16, 1, 1),
          new Layer(16, 17, 2, 1),
          new Layer(17, 16, 3, 5),
          new Layer(20, 33, 6, 6),
          new Layer(16, 70, 7, 13),
          new Layer(70, 16, 33, 12),
          new Layer(16, 18, 13, 301),
          new Layer(257, 200, 7, 8));

  private static final List<Edges> EDGES =
      List.of(
          Edges.WRAP,
          Edges.REFLECT,
          Edges.ZERO,
          new Edges(Edge.WRAP, Edge.REFLECT),
          new Edges(Edge.REFLECT, Edge.WRAP));

  private static final List<Edges> FEW_EDGES =
      List.of(Edges.ZERO, new Edges(Edge.REFLECT, Edge.WRAP));

  private static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (WinogradTransform transform : WinogradTransform.values()) {
      for (Layer layer : LAYERS) {
        for (Edges edge : VectorWidth.isAsked() ? FEW_EDGES : EDGES) {
          cases.add(Arguments.of(transform, layer, edge));
        }
      }
    }
    return cases.stream();
  }

  private static Kernel kernel(Layer layer) {
    int k = layer.outputs();
    int c = layer.inputs();
    return new Kernel(k, c, 3, TestBackends.random(k * c * 9L, 1), TestBackends.random(k, 2));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void convolvesLikeTheReference(WinogradTransform transform, Layer layer, Edges edges) {
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    float[] x = TestBackends.random(shape.size(), 3);
    Kernel kernel = kernel(layer);
    Shape to = shape.withChannels(layer.outputs());
    for (Activation activation : List.of(Activation.NONE, Activation.RELU)) {
      float[] expected = reference(kernel, shape, x, edges, activation, to);
      float[] last = null;
      for (int threads : new int[] {1, 3}) {
        float[] y =
            convolved(transform, kernel, CpuTensor.copyOf(shape, x), edges, activation, threads);
        assertNear(expected, y);
        if (last != null) {
          assertArrayEquals(last, y, "bit for bit");
        }
        last = y;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addsTheReferencesAdjoint(WinogradTransform transform, Layer layer, Edges edges) {
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    Kernel kernel = kernel(layer);
    Shape to = shape.withChannels(layer.outputs());
    for (Activation activation : List.of(Activation.NONE, Activation.RELU)) {
      float[] x = TestBackends.random(shape.size(), 5);
      float[] y = reference(kernel, shape, x, edges, activation, to);
      float[] dY = TestBackends.random(to.size(), 6);
      float[] before = TestBackends.random(shape.size(), 7);
      float[] expected = referenceAdjoint(kernel, shape, to, y, dY, edges, activation, before);
      float[] last = null;
      for (int threads : new int[] {1, 3}) {
        try (Workers workers = new Workers(threads)) {
          CpuTensor dX = CpuTensor.copyOf(shape, before);
          CpuTensor output = activation == Activation.NONE ? null : CpuTensor.copyOf(to, y);
          Patches patches = new Patches(CpuTensor.copyOf(to, dY), output, Border.beyond(edges));
          WinogradWeights weights = new CpuFilters(kernel, workers).winogradAdjoint();
          WinogradConvolution.adjoint(workers, transform, weights, patches, edges, dX);
          assertNear(expected, dX.toArray());
          Tensors.assertPaddingIsZero(dX);
          if (last != null) {
            assertArrayEquals(last, dX.values(), "bit for bit");
          }
          last = dX.values();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void setsTheAdjointWhereZerosWerePutOff(WinogradTransform transform, Layer layer, Edges edges) {
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    Kernel kernel = kernel(layer);
    Shape to = shape.withChannels(layer.outputs());
    float[] y = TestBackends.random(to.size(), 5);
    float[] dY = TestBackends.random(to.size(), 6);
    float[] zeros = new float[Math.toIntExact(shape.size())];
    float[] expected = referenceAdjoint(kernel, shape, to, y, dY, edges, Activation.RELU, zeros);
    CpuTensor dX = Tensors.dirty(shape);
    try (Workers workers = new Workers(2)) {
      Patches patches =
          new Patches(CpuTensor.copyOf(to, dY), CpuTensor.copyOf(to, y), Border.beyond(edges));
      WinogradWeights weights = new CpuFilters(kernel, workers).winogradAdjoint();
      Rows.fill(workers, 0, dX);
      WinogradConvolution.adjoint(workers, transform, weights, patches, edges, dX);
      workers.settle();
    }
    assertNear(expected, dX.toArray());
    Tensors.assertPaddingIsZero(dX);
  }

  @ParameterizedTest
  @EnumSource
  void rollsWithItsInputWhereverTilesAreCut(WinogradTransform transform) {
    Layer layer = new Layer(16, 18, 32, 45);
    Kernel kernel = kernel(layer);
    Shape shape = new Shape(layer.inputs(), layer.height(), layer.width());
    float[] x = TestBackends.random(shape.size(), 3);
    CpuTensor still = CpuTensor.copyOf(shape, x);
    float[] y = convolved(transform, kernel, still, Edges.WRAP, Activation.NONE, 2);
    CpuTensor moved = CpuTensor.copyOf(shape, rolled(x, layer.inputs(), shape, 16));
    float[] actual = convolved(transform, kernel, moved, Edges.WRAP, Activation.NONE, 2);
    assertNear(rolled(y, layer.outputs(), shape, 16), actual);
  }

  private static float[] convolved(
      WinogradTransform transform,
      Kernel kernel,
      CpuTensor x,
      Edges edges,
      Activation activation,
      int threads) {
    Shape shape = x.shape().withChannels(kernel.outputs());
    CpuTensor y = Tensors.dirty(shape);
    try (Workers workers = new Workers(threads)) {
      WinogradWeights weights = new CpuFilters(kernel, workers).winograd();
      Patches patches = new Patches(x, null, edges);
      WinogradConvolution.forward(
          workers, transform, weights, kernel.bias(), patches, activation, y);
    }
    Tensors.assertPaddingIsZero(y);
    return y.toArray();
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
