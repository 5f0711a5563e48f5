package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the transforms lose on layers as wide as VGG's: relative L2 at most 1e-5, both ways.
 *
 * <p>The reference computes some of a layer's outputs, or of its inputs' gradients, and the rest do
 * not touch them: a wide layer would take it a minute. Measured, the same for vectors of 128, 256
 * and 512 bits, for a lane is a channel: F(4, 3) 1.4e-6 to 2.5e-6 forward and 1.6e-6 to 3.1e-6
 * back, F(6, 3) 3.0e-6 to 5.3e-6 and 3.3e-6 to 6.4e-6.
 */
class WinogradAccuracyTest {
  private static final double MOST = 1e-5;
  private static final int JUDGED = 24; // channels
  private static final Edges EDGES = Edges.WRAP;
  private static final int HEIGHT = 26;
  private static final int WIDTH = 20;

  /** Weights as He et al. begin with, arXiv:1502.01852, equation 10; biases of a tenth. */
  private static Kernel kernel(int inputs, int outputs) {
    double deviation = Math.sqrt(2.0 / (9 * inputs));
    float[] weights = normal(outputs * inputs * 9, deviation, 1);
    return new Kernel(outputs, inputs, 3, weights, normal(outputs, 0.1, 2));
  }

  private static float[] normal(int count, double deviation, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  private static float[] rectified(int count, long seed) {
    float[] values = normal(count, 1, seed);
    for (int i = 0; i < count; i++) {
      values[i] = Math.max(0, values[i]);
    }
    return values;
  }

  private static Shape shape(int channels) {
    return new Shape(channels, HEIGHT, WIDTH);
  }

  private static float[] first(float[] values, int channels) {
    return Arrays.copyOf(values, channels * HEIGHT * WIDTH);
  }

  @ParameterizedTest
  @CsvSource({"64, 64", "64, 128", "256, 256", "512, 512"})
  void sumsAreTheReferences(int inputs, int outputs) {
    Kernel kernel = kernel(inputs, outputs);
    float[] x = rectified(inputs * HEIGHT * WIDTH, 3);
    float[] weights = Arrays.copyOf(kernel.weights(), JUDGED * inputs * 9);
    float[] bias = Arrays.copyOf(kernel.bias(), JUDGED);
    Kernel judged = new Kernel(JUDGED, inputs, 3, weights, bias);
    float[] expected;
    try (ReferenceBackend reference = new ReferenceBackend();
        Tensor y = reference.zeros(shape(JUDGED))) {
      Tensor from = reference.upload(shape(inputs), x);
      reference.convolve(from, reference.filters(judged), EDGES, Activation.NONE, y);
      expected = y.toArray();
    }
    try (Workers workers = new Workers(2)) {
      Patches patches = new Patches(CpuTensor.copyOf(shape(inputs), x), null, EDGES);
      WinogradWeights packed = new CpuFilters(kernel, workers).winograd();
      for (WinogradTransform transform : WinogradTransform.values()) {
        CpuTensor y = CpuTensor.zeros(shape(outputs));
        WinogradConvolution.forward(
            workers, transform, packed, kernel.bias(), patches, Activation.NONE, y);
        assertNear(transform, first(y.toArray(), JUDGED), expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 64", "64, 128", "256, 256", "512, 512"})
  void slopesAreTheReferences(int inputs, int outputs) {
    Kernel kernel = kernel(inputs, outputs);
    float[] y = rectified(outputs * HEIGHT * WIDTH, 4);
    float[] dY = normal(outputs * HEIGHT * WIDTH, 1, 5);
    float[] expected;
    try (ReferenceBackend reference = new ReferenceBackend();
        Tensor dX = reference.zeros(shape(JUDGED))) {
      reference.convolveAdjoint(
          reference.upload(shape(outputs), y),
          reference.upload(shape(outputs), dY),
          reference.filters(ofFirstInputs(kernel)),
          EDGES,
          Activation.RELU,
          dX);
      expected = dX.toArray();
    }
    try (Workers workers = new Workers(2)) {
      CpuTensor output = CpuTensor.copyOf(shape(outputs), y);
      CpuTensor slopes = CpuTensor.copyOf(shape(outputs), dY);
      Patches patches = new Patches(slopes, output, Border.beyond(EDGES));
      WinogradWeights packed = new CpuFilters(kernel, workers).winogradAdjoint();
      for (WinogradTransform transform : WinogradTransform.values()) {
        CpuTensor dX = CpuTensor.zeros(shape(inputs));
        WinogradConvolution.adjoint(workers, transform, packed, patches, EDGES, dX);
        assertNear(transform, first(dX.toArray(), JUDGED), expected);
      }
    }
  }

  private static Kernel ofFirstInputs(Kernel kernel) {
    float[] weights = new float[kernel.outputs() * JUDGED * 9];
    for (int k = 0; k < kernel.outputs(); k++) {
      int from = k * kernel.inputs() * 9;
      System.arraycopy(kernel.weights(), from, weights, k * JUDGED * 9, JUDGED * 9);
    }
    return new Kernel(kernel.outputs(), JUDGED, 3, weights, kernel.bias());
  }

  private static void assertNear(WinogradTransform transform, float[] actual, float[] expected) {
    double error = TestBackends.relativeError(actual, expected);
    assertTrue(error <= MOST, () -> transform + " is off by " + error);
  }
}
