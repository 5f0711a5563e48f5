package dev.gramloom.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Shape;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What packed kernels take is known before they are made. */
@AnyVectorWidth
class CpuFiltersTest {
  @Test
  void whatServesAllSizesCountsOnceAWay() {
    Kernel kernel = TestBackends.kernel(64, 128, 3, 1);
    Shape large = new Shape(128, 96, 96);
    Shape small = new Shape(128, 16, 16);
    try (Workers workers = new Workers(1)) {
      CpuFilters filters = new CpuFilters(kernel, workers);
      long held = filters.winograd().length() + filters.winogradAdjoint().length();
      assertEquals(held, CpuFilters.floats(kernel, List.of(large)));
      assertEquals(held, CpuFilters.floats(kernel, List.of(large, small)));
    }
  }

  @Test
  void aPicturesFiltersCountTheirTwoMatrices() {
    Kernel kernel = TestBackends.kernel(37, 3, 5, 1);
    PictureWeights weights = new PictureWeights(kernel);
    long held = weights.forward().length + weights.adjoint().length;
    assertEquals(held, CpuFilters.floats(kernel, List.of(new Shape(3, 64, 64))));
  }

  @Test
  void directSumsKeepNoMoreThanAWeightAndItsPlaceEachWay() {
    Kernel kernel = TestBackends.kernel(10, 8, 5, 1);
    List<Shape> inputs = List.of(new Shape(8, 64, 64), new Shape(8, 32, 32));
    assertEquals(4L * kernel.weights().length, CpuFilters.floats(kernel, inputs));
  }

  @Test
  @Timeout(20)
  void filtersAreKeptNoLongerThanTheirKernel() throws InterruptedException {
    try (CpuBackend backend = new CpuBackend(1)) {
      WeakReference<CpuFilters> filters = used(backend, TestBackends.kernel(8, 8, 3, 1));
      while (filters.get() != null) {
        System.gc();
        Thread.sleep(10);
        used(backend, TestBackends.kernel(8, 8, 3, 2)); // what is forgotten is found then
      }
    }
  }

  private static WeakReference<CpuFilters> used(CpuBackend backend, Kernel kernel) {
    CpuFilters filters = (CpuFilters) backend.filters(kernel);
    filters.forward();
    return new WeakReference<>(filters);
  }

  @Test
  void aKernelThatIsHeldIsPackedOnce() {
    Kernel kernel = TestBackends.kernel(8, 8, 3, 1);
    try (CpuBackend backend = new CpuBackend(1)) {
      assertSame(backend.filters(kernel), backend.filters(kernel));
    }
  }
}
