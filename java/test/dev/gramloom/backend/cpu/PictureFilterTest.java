package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Activation;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures filtered into pictures of as many channels are the reference's, both ways. */
@AnyVectorWidth
class PictureFilterTest {
  private static final int[][] SIZES = {{1, 1}, {1, 9}, {5, 2}, {70, 13}};
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();
  private static final List<Workers> WORKERS = List.of(new Workers(1), new Workers(3));

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels = 1; channels <= PictureConvolution.MOST_CHANNELS; channels++) {
      for (int size = 1; size <= 5; size += 2) {
        for (boolean mixes : new boolean[] {false, true}) {
          cases.add(Arguments.of(channels, size, mixes));
        }
      }
    }
    return cases.stream();
  }

  @AfterAll
  static void close() {
    WORKERS.forEach(Workers::close);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areTheReferences(int channels, int size, boolean mixes) {
    Kernel kernel = kernel(channels, size, mixes);
    assertEquals(
        ConvolutionMethod.FILTER,
        ConvolutionMethod.forward(kernel, Activation.NONE, new Shape(channels, 9, 9)));
    for (int[] side : SIZES) {
      Shape shape = new Shape(channels, side[0], side[1]);
      for (Edge vertical : Edge.values()) {
        for (Edge horizontal : Edge.values()) {
          Edges edges = new Edges(vertical, horizontal);
          assertForward(kernel, shape, edges);
          assertAdjoint(kernel, shape, edges);
        }
      }
    }
  }

  /** A filter that mixes channels, or one that leaves each by itself. */
  private static Kernel kernel(int channels, int size, boolean mixes) {
    Kernel kernel = TestBackends.kernel(channels, channels, size, 1);
    for (int i = 0; i < kernel.weights().length && !mixes; i++) {
      int tap = i / (size * size);
      if (tap / channels != tap % channels) {
        kernel.weights()[i] = 0;
      }
    }
    return kernel;
  }

  private static void assertForward(Kernel kernel, Shape shape, Edges edges) {
    float[] x = TestBackends.random(shape.size(), 2);
    float[] expected;
    try (Tensor y = REFERENCE.zeros(shape)) {
      Tensor from = REFERENCE.upload(shape, x);
      REFERENCE.convolve(from, REFERENCE.filters(kernel), edges, Activation.NONE, y);
      expected = y.toArray();
    }
    for (Workers workers : WORKERS) {
      CpuTensor y = Tensors.dirty(shape);
      new PictureFilter(workers, kernel).forward(CpuTensor.copyOf(shape, x), edges, y);
      Tensors.assertNear(expected, y.toArray(), terms(kernel));
      Tensors.assertPaddingIsZero(y);
    }
  }

  private static void assertAdjoint(Kernel kernel, Shape shape, Edges edges) {
    float[] dY = TestBackends.random(shape.size(), 3);
    float[] before = TestBackends.random(shape.size(), 4);
    float[] expected;
    try (Tensor dX = REFERENCE.upload(shape, before)) {
      Tensor slopes = REFERENCE.upload(shape, dY);
      REFERENCE.convolveAdjoint(
          slopes, slopes, REFERENCE.filters(kernel), edges, Activation.NONE, dX);
      expected = dX.toArray();
    }
    for (Workers workers : WORKERS) {
      CpuTensor dX = CpuTensor.copyOf(shape, before);
      float[] padded = new float[new PictureBorder(dX, edges, kernel.radius()).size()];
      new PictureFilter(workers, kernel).adjoint(CpuTensor.copyOf(shape, dY), edges, padded, dX);
      Tensors.assertNear(expected, dX.toArray(), terms(kernel));
    }
  }

  private static double terms(Kernel kernel) {
    return (double) kernel.size() * kernel.size() * kernel.inputs();
  }
}
