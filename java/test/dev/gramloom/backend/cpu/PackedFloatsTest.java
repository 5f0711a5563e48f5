package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedFloatsTest {
  @Test
  void whatServesBothWaysAndAllSizesCountsOnce() {
    Kernel kernel = TestBackends.kernel(32, 48, 3, 1);
    Shape large = new Shape(48, 96, 96);
    try (Workers workers = new Workers(1)) {
      CpuFilters filters = new CpuFilters(kernel, workers);
      long held = filters.winograd(WinogradTransform.F6).values.length;
      assertEquals(held, PackedFloats.of(kernel, List.of(large)));
      assertEquals(held, PackedFloats.of(kernel, List.of(large, new Shape(48, 192, 192))));
    }
  }

  @Test
  void directSumsKeepNoMoreThanAWeightAndItsPlaceEachWay() {
    Kernel kernel = TestBackends.kernel(10, 3, 5, 1);
    List<Shape> inputs = List.of(new Shape(3, 64, 64), new Shape(3, 32, 32));
    assertEquals(4L * kernel.weights().length, PackedFloats.of(kernel, inputs));
  }
}
