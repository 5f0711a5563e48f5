package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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

/** Convolutions of pictures of 1 to 4 channels are the reference's, for all edges, both ways. */
@AnyVectorWidth
class PictureConvolutionTest {
  private static final int[][] SIZES = {{1, 1}, {1, 9}, {5, 2}, {7, 13}, {3, 460}};
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();
  private static final List<Workers> WORKERS = List.of(new Workers(1), new Workers(3));

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels = 1; channels <= PictureConvolution.MOST_CHANNELS; channels++) {
      for (int size = 1; size <= 7; size += 2) {
        for (int outputs : new int[] {1, 15, 16, 17, 37}) {
          cases.add(Arguments.of(channels, size, outputs));
        }
      }
    }
    return cases.stream();
  }

  private static List<Edges> edges() {
    List<Edges> edges = new ArrayList<>();
    for (Edge vertical : Edge.values()) {
      for (Edge horizontal : Edge.values()) {
        edges.add(new Edges(vertical, horizontal));
      }
    }
    return edges;
  }

  @AfterAll
  static void close() {
    WORKERS.forEach(Workers::close);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areTheReferences(int channels, int size, int outputs) {
    Kernel kernel = TestBackends.kernel(outputs, channels, size, 1);
    PictureWeights weights = new PictureWeights(kernel);
    int turn = 0;
    for (int[] side : SIZES) {
      Shape shape = new Shape(channels, side[0], side[1]);
      for (Edges edges : edges()) {
        Activation activation = Activation.values()[turn++ % Activation.values().length];
        float[] y = assertForward(kernel, weights, shape, edges, activation);
        assertAdjoint(kernel, weights, shape, edges, activation, y);
      }
    }
  }

  private static float[] assertForward(
      Kernel kernel, PictureWeights weights, Shape shape, Edges edges, Activation activation) {
    Shape output = shape.withChannels(activation.channels(kernel.outputs()));
    float[] x = TestBackends.random(shape.size(), 2);
    float[] expected;
    try (Tensor y = REFERENCE.zeros(output)) {
      Tensor from = REFERENCE.upload(shape, x);
      REFERENCE.convolve(from, REFERENCE.filters(kernel), edges, activation, y);
      expected = y.toArray();
    }
    float[] last = null;
    for (Workers workers : WORKERS) {
      CpuTensor picture = CpuTensor.copyOf(shape, x);
      CpuTensor y = Tensors.dirty(output);
      new PictureConvolution(workers, weights, edges, picture).forward(activation, y);
      Tensors.assertNear(expected, y.toArray(), terms(kernel, kernel.inputs()));
      Tensors.assertPaddingIsZero(y);
      last = assertSame(last, y);
    }
    return expected;
  }

  private static void assertAdjoint(
      Kernel kernel,
      PictureWeights weights,
      Shape shape,
      Edges edges,
      Activation activation,
      float[] y) {
    Shape output = shape.withChannels(activation.channels(kernel.outputs()));
    float[] dY = TestBackends.random(output.size(), 3);
    float[] before = TestBackends.random(shape.size(), 4);
    float[] expected;
    try (Tensor dX = REFERENCE.upload(shape, before)) {
      Tensor to = REFERENCE.upload(output, y);
      Tensor slopes = REFERENCE.upload(output, dY);
      REFERENCE.convolveAdjoint(to, slopes, REFERENCE.filters(kernel), edges, activation, dX);
      expected = dX.toArray();
    }
    float[] last = null;
    for (Workers workers : WORKERS) {
      CpuTensor dX = CpuTensor.copyOf(shape, before);
      var convolution = new PictureConvolution(workers, weights, edges, dX);
      float[] padded = new float[convolution.paddedSize()];
      convolution.adjoint(
          CpuTensor.copyOf(output, y), CpuTensor.copyOf(output, dY), activation, padded);
      Tensors.assertNear(expected, dX.toArray(), terms(kernel, kernel.outputs()));
      last = assertSame(last, dX);
    }
  }

  private static double terms(Kernel kernel, int channels) {
    return (double) kernel.size() * kernel.size() * channels;
  }

  private static float[] assertSame(float[] last, CpuTensor now) {
    if (last != null) {
      assertArrayEquals(last, now.values(), "bit for bit");
    }
    return now.values();
  }
}
