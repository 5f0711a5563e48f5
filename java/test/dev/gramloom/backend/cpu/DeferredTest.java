package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Shapes;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is put off comes to the same bits, and is there before anyone looks. */
@AnyVectorWidth
class DeferredTest {
  private static final int CHANNELS = 37;
  private static final int[][] GROUPS = {{0, 1, 20}, {2, 36}, {1, 5}};

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 7", "6, 6", "64, 66", "131, 40"})
  void verbsTogetherGiveTheBitsOfOneAfterTheOther(int height, int width) {
    Shape shape = new Shape(CHANNELS, height, width);
    float[] expected = slopes(1, shape, true);
    assertArrayEquals(expected, slopes(1, shape, false));
    assertArrayEquals(expected, slopes(3, shape, false));
  }

  private static float[] slopes(int threads, Shape shape, boolean oneByOne) {
    try (CpuBackend backend = new CpuBackend(threads)) {
      Runnable next = oneByOne ? backend::await : () -> {};
      Tensor x = random(backend, shape, 1);
      Shape energies = shape.withChannels(GROUPS.length);
      Tensor y = backend.zeros(energies);
      backend.energy(x, GROUPS, 1e-3f, y);
      Tensor matrix = random(backend, Shape.matrix(CHANNELS, CHANNELS), 2);
      Tensor other = random(backend, Shape.matrix(5, CHANNELS), 3);
      Tensor centre = random(backend, Shapes.perChannel(x), 4);
      Tensor dX = random(backend, shape, 5);
      backend.fill(0, dX);
      next.run();
      backend.averagePoolAdjoint(random(backend, Shapes.pooled(shape), 6), Edges.REFLECT, dX);
      next.run();
      backend.energyAdjoint(x, y, random(backend, energies, 7), GROUPS, dX);
      next.run();
      backend.addProduct(0.5f, matrix, false, x, centre, dX);
      next.run();
      backend.addProduct(2, other, true, random(backend, shape.withChannels(5), 8), null, dX);
      next.run();
      backend.addPerChannel(3, centre, dX);
      return dX.toArray();
    }
  }

  private static Tensor random(CpuBackend backend, Shape shape, int seed) {
    return backend.upload(shape, TestBackends.random(shape.size(), seed));
  }

  @Test
  void areDoneBeforeAnotherTensorsVerbReadsThem() {
    try (CpuBackend backend = new CpuBackend(2)) {
      Shape shape = new Shape(3, 4, 5);
      Tensor v = random(backend, new Shape(1, 1, 3), 1);
      Tensor sum = backend.zeros(shape);
      backend.fill(2, v);
      backend.addPerChannel(1, v, sum);
      Tensor total = backend.zeros(shape);
      backend.addScaled(1, sum, total);
      assertEquals(2, total.toArray()[7]);
    }
  }

  @Test
  void areDoneBeforeTheSameMemoryIsAnotherTensors() {
    try (CpuBackend backend = new CpuBackend(2)) {
      Tensor memory = backend.zeros(new Shape(32, 3, 5));
      Tensor wide = backend.view(memory, new Shape(32, 3, 5));
      Tensor narrow = backend.view(memory, new Shape(3, 3, 5));
      backend.fill(4, wide);
      backend.fill(1, narrow);
      assertEquals(1, narrow.toArray()[44]);
      assertEquals(4, wide.toArray()[32 * 15 - 1]);
    }
  }

  @Test
  void zerosAreDroppedOnlyForTheirTensorAndAlone() {
    Shape shape = new Shape(20, 3, 5);
    try (Workers workers = new Workers(2)) {
      CpuTensor x = Tensors.dirty(shape);
      assertFalse(workers.dropZeros(x), "nothing was put off");
      Rows.fill(workers, 0, x);
      assertFalse(workers.dropZeros(Tensors.dirty(shape)), "another tensor");
      assertFalse(workers.dropZeros(CpuTensor.view(x, new Shape(20, 3, 4))), "a part of it");
      assertTrue(workers.dropZeros(x));
      workers.settle();
      assertTrue(Float.isNaN(x.values()[0]), "no longer put off");
      Rows.fill(workers, 1, x);
      Rows.fill(workers, 0, x);
      assertFalse(workers.dropZeros(x), "not the only step");
      Rows.fill(workers, 1, x);
      assertFalse(workers.dropZeros(x), "not the last step");
      workers.settle();
      Rows.fill(workers, 2, x);
      assertFalse(workers.dropZeros(x), "not zeros");
      workers.settle();
      assertEquals(2, x.values()[0]);
    }
  }
}
