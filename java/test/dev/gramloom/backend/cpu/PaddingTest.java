package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Shapes;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Behind the last channel of a pixel every verb leaves zeros, and all later ones count on them.
 * Outputs that are overwritten are full of NaN before.
 */
@AnyVectorWidth
class PaddingTest {
  private static final CpuBackend BACKEND = new CpuBackend(2);
  private static final int HEIGHT = 7;
  private static final int WIDTH = 9;

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  private static Shape shape(int channels) {
    return new Shape(channels, HEIGHT, WIDTH);
  }

  private static void assertClean(CpuTensor... tensors) {
    BACKEND.await();
    for (CpuTensor tensor : tensors) {
      Tensors.assertPaddingIsZero(tensor);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 37})
  void staysZeroAfterConvolutions(int channels) {
    for (int inputs : new int[] {3, 5, 17, 37}) {
      for (int size : new int[] {1, 3, 5}) {
        for (Edges edges : new Edges[] {Edges.WRAP, Edges.REFLECT, Edges.ZERO}) {
          for (Activation activation : Activation.values()) {
            convolves(TestBackends.kernel(channels, inputs, size, 1), activation, edges);
          }
        }
      }
    }
  }

  private static void convolves(Kernel kernel, Activation activation, Edges edges) {
    CpuTensor x = Tensors.random(shape(kernel.inputs()), 2);
    CpuTensor y = Tensors.dirty(shape(activation.channels(kernel.outputs())));
    var filters = BACKEND.filters(kernel);
    BACKEND.convolve(x, filters, edges, activation, y);
    assertClean(y);
    CpuTensor dX = Tensors.random(x.shape(), 3);
    BACKEND.convolveAdjoint(y, Tensors.random(y.shape(), 4), filters, edges, activation, dX);
    assertClean(dX);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 37})
  void staysZeroAfterPooling(int channels) {
    for (Edges edges : new Edges[] {Edges.WRAP, Edges.REFLECT, Edges.ZERO}) {
      for (int side = 7; side <= 8; side++) {
        CpuTensor x = Tensors.random(new Shape(channels, side, side), 1);
        CpuTensor y = Tensors.dirty(Shapes.pooled(x.shape()));
        BACKEND.averagePool(x, edges, y);
        CpuTensor most = Tensors.dirty(y.shape());
        BACKEND.maxPool(x, edges, most);
        CpuTensor dX = Tensors.random(x.shape(), 2);
        BACKEND.averagePoolAdjoint(y, edges, dX);
        BACKEND.maxPoolAdjoint(x, most, y, edges, dX);
        assertClean(y, most, dX);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 37})
  void staysZeroAfterEnergiesAndMasks(int channels) {
    int[][] groups = new int[channels][];
    for (int g = 0; g < channels; g++) {
      groups[g] = new int[] {g, (g + 1) % channels};
    }
    CpuTensor x = Tensors.random(shape(channels), 1);
    CpuTensor y = Tensors.dirty(x.shape());
    BACKEND.energy(x, groups, 1e-3f, y);
    CpuTensor dX = Tensors.random(x.shape(), 2);
    BACKEND.energyAdjoint(x, y, Tensors.random(x.shape(), 3), groups, dX);
    CpuTensor masked = Tensors.dirty(x.shape());
    BACKEND.multiplyMask(x, Tensors.random(shape(1), 4), masked);
    assertClean(y, dX, masked);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 37})
  void staysZeroAfterPlainArithmetic(int channels) {
    Shape shape = shape(channels);
    CpuTensor filled = Tensors.dirty(shape);
    BACKEND.fill(0, filled);
    assertClean(filled);
    BACKEND.fill(3, filled);
    CpuTensor copy = Tensors.dirty(shape);
    BACKEND.copy(Tensors.random(shape, 1), copy);
    assertClean(filled, copy);
    BACKEND.scale(2, copy);
    BACKEND.addScaled(-3, filled, copy);
    CpuTensor m = CpuTensor.zeros(shape);
    CpuTensor v = CpuTensor.zeros(shape);
    BACKEND.adamStep(AdamRates.pixels(0.1), 1, filled, m, v, copy);
    assertClean(copy, m, v);
    CpuTensor viewed = CpuTensor.view(Tensors.dirty(shape.withChannels(64)), shape);
    BACKEND.fill(1, viewed);
    assertClean(viewed);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 37})
  void staysZeroAfterStatisticsAndPenalties(int channels) {
    CpuTensor x = Tensors.random(shape(channels), 1);
    CpuTensor sum = Tensors.random(x.shape(), 2);
    CpuTensor centre = Tensors.random(Shape.matrix(1, channels), 3);
    CpuTensor matrix = Tensors.random(Shape.matrix(channels, channels), 4);
    BACKEND.addProduct(0.5f, matrix, false, x, null, sum);
    BACKEND.addProduct(0.5f, matrix, true, x, centre, sum);
    BACKEND.addPerChannel(2, centre, sum);
    for (Edges edges : new Edges[] {Edges.WRAP, Edges.REFLECT, Edges.ZERO}) {
      BACKEND.totalVariation(x, edges, 3, sum);
    }
    BACKEND.rangePenalty(x, 3, sum);
    assertClean(sum);
  }
}
