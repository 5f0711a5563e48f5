package dev.gramloom.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is fetched beside the work is what was there, whatever the work does meanwhile. */
@OnCuda
@Tag("verbs")
class CudaDownloadsTest {
  private static final Shape SHAPE = new Shape(3, 13, 9);

  private final CudaBackend cuda = new CudaBackend(0);

  @AfterEach
  void close() {
    cuda.close();
  }

  private Tensor tensor(int seed) {
    return TestBackends.random(cuda, SHAPE, seed);
  }

  private static float[] values(int seed) {
    return TestBackends.random(SHAPE.size(), seed);
  }

  @Test
  void theValuesAreThoseOfTheMoment() {
    Tensor x = tensor(1);
    for (int time = 0; time < 3; time++) {
      cuda.copy(tensor(2 + time), x);
      Supplier<float[]> later = cuda.laterValues(x);
      cuda.scale(3, x);
      assertArrayEquals(values(2 + time), later.get(), "time " + time);
    }
  }

  @Test
  void anUnreadOneIsNotLost() {
    Tensor x = tensor(1);
    Supplier<float[]> first = cuda.laterValues(x);
    Supplier<float[]> second = cuda.laterValues(tensor(2));
    cuda.fill(5, x);
    Supplier<float[]> third = cuda.laterValues(x);
    cuda.trim();
    assertArrayEquals(values(1), first.get());
    assertArrayEquals(values(2), second.get());
    assertEquals(5, third.get()[7]);
  }

  @Test
  void picturesOfAnySizeFollowOneAnother() {
    for (int side : new int[] {5, 40, 7}) {
      Shape shape = new Shape(3, side, side + 1);
      Tensor x = TestBackends.random(cuda, shape, side);
      assertArrayEquals(x.toArray(), cuda.laterValues(x).get());
    }
  }

  @Test
  void theHostWaitsWhenItReads() {
    Tensor x = tensor(1);
    cuda.laterValues(x).get();
    long before = Emulation.waits();
    Supplier<float[]> later = cuda.laterValues(x);
    assertEquals(before, Emulation.waits());
    later.get();
    later.get();
    assertEquals(Emulation.isOn() ? before + 1 : 0, Emulation.waits());
  }
}
