package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Once everything is made, an evaluation makes no more than small change: no tensor, no copy, and
 * no vectors, which land on the heap where the compiler gives up on a loop. Measured at 512 bits,
 * JDK 25: 172 KB for the filters, a quarter of it offsets of direct sums, and 86 KB for the mini
 * VGG.
 */
class AllocationTest {
  private static final long MOST = 256 << 10; // bytes of an evaluation, of all threads together

  /** Evaluations within which the compiler, beside other work, has seen all of them. */
  private static final int WARM_UP = 600;

  private static final Shape PICTURE = new Shape(3, 64, 96);

  static Stream<Named<Network>> networks() {
    return Stream.of(
        Named.of("filters", FilterBank.network(Preprocessing.NONE, 64)),
        Named.of("vgg", MiniVgg.network(new Layer.AveragePool())));
  }

  /** Bytes that this thread and the engine's have allocated so far. */
  private static long allocated(ThreadMXBean threads) {
    long[] ids =
        Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
            .filter(info -> info != null && info.getThreadName().equals("gramloom-cpu"))
            .mapToLong(info -> info.getThreadId())
            .toArray();
    long own = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    return own + Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void anEvaluationAllocatesNextToNothing(Network network) {
    assumeTrue(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean, "no such counters");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SynthesisSettings settings =
        Runs.weighted(Runs.settings(Tiling.BOTH, new Scale(32, 32, 1)), 1, 0.1);
    float[] rgb = Runs.exemplar(PICTURE.height(), PICTURE.width()).rgb();
    try (Backend backend = new CpuBackend(2);
        var statistics = new TextureStatistics(backend, network, Runs.exemplar(50, 61));
        var objective = new StyleObjective(backend, statistics, PICTURE, settings);
        Tensor x = backend.upload(PICTURE, rgb);
        Tensor gradient = backend.zeros(PICTURE)) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < WARM_UP && least > MOST; i++) {
        long before = allocated(threads);
        long counting = allocated(threads) - before;
        objective.evaluate(x, gradient);
        least = Math.min(least, allocated(threads) - before - 2 * counting);
      }
      long bytes = least;
      assertTrue(bytes <= MOST, () -> bytes + " bytes");
    }
  }
}
