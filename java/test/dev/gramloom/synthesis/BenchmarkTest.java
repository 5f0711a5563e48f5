package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.synthesis.Benchmark.Part;
import dev.gramloom.synthesis.Benchmark.Timing;
import dev.gramloom.tensor.Shape;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarkTest {
  private static final int SIZE = 32;

  @Test
  void bothWaysTakeLongerThanOne() {
    Network network = MiniVgg.network(new Layer.MaxPool());
    try (Benchmark benchmark = new Benchmark(BackendSuppliers.get("cpu"), network, SIZE)) {
      Timing timing = benchmark.time(5);
      assertTrue(timing.forward().least() > 0, timing::toString);
      assertTrue(timing.forward().least() < timing.both().least(), timing::toString);
      assertTrue(timing.forward().least() <= timing.forward().median(), timing::toString);
      assertTrue(timing.both().least() <= timing.both().median(), timing::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void thePartsAreTheWholeAndHoldItsWork(Supplier<Backend> supplier) {
    Network network = FilterBank.network(Preprocessing.NONE, SIZE);
    try (Benchmark benchmark = new Benchmark(supplier.get(), network, SIZE)) {
      List<Part> parts = benchmark.breakdown(3);
      double share = 0;
      double flop = 0;
      for (Part part : parts) {
        assertTrue(part.seconds() >= 0, part::toString);
        share += part.share();
        flop += part.what().startsWith("convolve") ? part.flop() : 0;
      }
      assertEquals(1, share, 1e-9);
      long multiplyAdds = network.multiplyAdds(new Shape(3, SIZE, SIZE));
      assertEquals(4.0 * multiplyAdds, flop, 1e-9 * flop);
      List<Part> verbs = parts.subList(0, parts.size() - 1);
      assertTrue(verbs.stream().allMatch(part -> part.calls() > 0), verbs::toString);
      for (int i = 1; i < verbs.size(); i++) {
        assertTrue(verbs.get(i).seconds() <= verbs.get(i - 1).seconds(), verbs::toString);
      }
      assertEquals(Benchmark.BETWEEN, parts.get(parts.size() - 1).what());
    }
  }

  @Test
  void noiseIsTheSameEachTimeAndAPicture() {
    float[] rgb = Benchmark.noise(SIZE, 1).rgb();
    assertArrayEquals(rgb, Benchmark.noise(SIZE, 1).rgb());
    for (float value : rgb) {
      assertTrue(value >= 0 && value < 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {31, 16_385})
  void aSizeThatNoRunCanHaveIsRefused(int size) {
    Network network = FilterBank.network(Preprocessing.NONE, size);
    Backend backend = BackendSuppliers.get("cpu");
    Failure failure =
        assertThrows(Failure.class, () -> new Benchmark(backend, network, size).close());
    assertEquals(ExitCode.USAGE, failure.exitCode());
  }

  @Test
  void aSizeThatWillNotFitIsRefusedBeforeItsPicturesAreMade() {
    Network network = FilterBank.network(Preprocessing.NONE, 16_384);
    Backend backend = BackendSuppliers.get("cpu");
    Failure failure =
        assertThrows(Failure.class, () -> new Benchmark(backend, network, 16_384).close());
    assertEquals(ExitCode.OUT_OF_MEMORY, failure.exitCode());
  }
}
