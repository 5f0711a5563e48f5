package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Kernel;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MemoryPlan;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import dev.gramloom.tensor.Shape;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a run needs is the most it holds at once: each thing once, and what is never together not.
 */
class MemoryNeedTest {
  private static final int PACKED = 1000; // floats of a kernel, and one for each size of its inputs

  private final List<Long> asked = new ArrayList<>();
  private final Backend backend = recorder();

  /** Says what tensors and kernels take, and remembers what is asked for. */
  private Backend recorder() {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("requireMemory")) {
                asked.add((Long) arguments[0]);
                return null;
              }
              return arguments[0] instanceof Shape shape
                  ? shape.size()
                  : (long) PACKED + ((Collection<?>) arguments[1]).size();
            });
  }

  private static Shape square(int side) {
    return new Shape(3, side, side);
  }

  private static Network filters() {
    return FilterBank.network(Preprocessing.NONE, 64);
  }

  private long need(MemoryNeed need) {
    need.require();
    return asked.get(asked.size() - 1);
  }

  private long need(Network network, int exemplar, boolean masked, int output, int tensors) {
    MemoryNeed need = new MemoryNeed(backend, 0);
    need.add(network, square(exemplar), masked, square(output), tensors);
    return need(need);
  }

  @Test
  void eachFilterCountsOnceHoweverManyOctavesShareIt() {
    Vgg vgg = MiniVgg.vgg(new Layer.AveragePool());
    List<Vgg.TapPoint> taps = List.of(new Vgg.TapPoint("conv2_1", 1));
    for (int octaves = 1; octaves <= 3; octaves++) {
      Network network = vgg.network(taps, octaves, 64);
      Set<Kernel> kernels = new HashSet<>(); // told apart by their arrays
      for (Network.Node node : network.nodes()) {
        if (node.layer() instanceof Layer.Convolution convolution) {
          kernels.add(convolution.kernel());
        }
      }
      long plan = new MemoryPlan(backend, network, square(64), true).floats();
      long pictures = 3 * 4096 + 3 * 4096 + (1 + 2) * 3 * 4096; // exemplar, start, iterate
      Shape[] shapes = network.shapes(square(64));
      long matrices = 0; // of the exemplar, and to compare with
      for (Network.Tap tap : network.taps()) {
        matrices += 2L * shapes[tap.a()].channels() * shapes[tap.b()].channels();
      }
      long weights = kernels.stream().mapToLong(kernel -> kernel.weights().length).sum();
      long packed = need(network, 64, false, 64, 0) - plan - pictures - matrices - weights;
      assertEquals(kernels.size(), packed / PACKED, octaves + " octaves");
    }
  }

  @Test
  void pictureByPictureItIsWhatTheOptimizerHolds() {
    long one = need(filters(), 64, false, 64, 1);
    assertEquals(23L * 3 * 64 * 64, need(filters(), 64, false, 64, 24) - one);
  }

  @Test
  void exemplarAndOutputAreNeverWalkedTogether() {
    long small = need(filters(), 32, false, 64, 1);
    long packed = need(filters(), 64, false, 64, 1) - small - 3 * (64 * 64 - 32 * 32);
    assertTrue(packed <= 0 && packed > -PACKED, () -> "filters differ by " + packed);
    MemoryPlan plan = new MemoryPlan(backend, filters(), square(512), false);
    long large = need(filters(), 512, false, 64, 1);
    assertTrue(
        large > plan.floats() && large < 1.2 * plan.floats(), large + " of a large exemplar");
  }

  @Test
  void aMaskCostsACopyOfWhatIsSeenThroughIt() {
    Network network = filters();
    Shape[] shapes = network.shapes(square(512));
    long plain = need(network, 512, false, 64, 1);
    long masked = need(network, 512, true, 64, 1);
    assertTrue(masked - plain > 2 * shapes[network.taps().get(0).a()].size());
  }

  @Test
  void coarserScalesAddOnlyTheFiltersTheySaw() {
    Network network = filters();
    long alone = need(network, 64, false, 64, 1);
    MemoryNeed both = new MemoryNeed(backend, 0);
    both.add(network, square(32), false, square(32), 1);
    both.add(network, square(64), false, square(64), 1);
    long added = need(both) - alone;
    assertTrue(added > 0 && added < PACKED, () -> added + " floats");
  }

  @Test
  void whatTheCallerHoldsIsCounted() {
    MemoryNeed need = new MemoryNeed(backend, 12_345);
    need.add(filters(), square(64), false, square(64), 1);
    assertEquals(12_345, need(need) - need(filters(), 64, false, 64, 1));
  }

  @Test
  void theWholeExemplarIsHeldUntilItWasSeenAtTheFinestScale() {
    long huge = 10_000_000;
    long small = need(filters(), 32, false, 32, 1);
    long large = need(filters(), 64, false, 64, 1);
    assertEquals(large, withWhole(100, 32, 64), PACKED);
    assertEquals(small + huge, withWhole(huge, 32, 33), 0.1 * small);
    long only = withWhole(huge, 64);
    assertTrue(only > huge && only < huge + large / 2, () -> only + " floats");
  }

  private long withWhole(long floats, int... sides) {
    MemoryNeed need = new MemoryNeed(backend, 0, floats);
    for (int side : sides) {
      need.add(filters(), square(side), false, square(side), 1);
    }
    return need(need);
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheNeedAndWhatThereIs() {
    for (String name : List.of("cpu", "reference")) {
      MemoryNeed need = new MemoryNeed(BackendSuppliers.get(name), 0);
      Network network = FilterBank.network(Preprocessing.NONE, 5000);
      need.add(network, square(64), false, square(5000), 24);
      Failure failure = assertThrows(Failure.class, need::require);
      assertEquals(ExitCode.OUT_OF_MEMORY, failure.exitCode());
      long allowed = Runtime.getRuntime().maxMemory() >> 20;
      String numbers = ".*needs \\d{5} MiB, Java may use " + allowed + " MiB; .*";
      assertTrue(failure.getMessage().matches(numbers), failure::getMessage);
    }
  }
}
