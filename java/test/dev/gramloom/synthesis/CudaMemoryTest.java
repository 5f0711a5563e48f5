package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.cuda.CudaBackend;
import dev.gramloom.backend.cuda.OnCuda;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.network.Layer;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import dev.gramloom.optimize.Adam;
import dev.gramloom.optimize.Lbfgs;
import dev.gramloom.tensor.Shape;
import dev.gramloom.weights.RandomVgg;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the largest pictures need of a GPU, as it is said beforehand. */
@OnCuda
class CudaMemoryTest {
  private static final Pattern NEED = Pattern.compile("this size needs (\\d+) MiB");
  private static final long WORKSPACES = 256 + 32; // MiB: cuDNN's and cuBLAS's, not planned without
  private static final long MOST = (40_000_000_000L >> 20) - WORKSPACES; // MiB: a GPU of 40 GB

  private static Network vgg19() {
    Vgg vgg =
        new Vgg(
            RandomVgg.NAME,
            RandomVgg.convolutions(),
            RandomVgg::kernel,
            Preprocessing.NONE,
            new Layer.AveragePool());
    List<Vgg.TapPoint> taps =
        Stream.of("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
            .map(layer -> new Vgg.TapPoint(layer, 1))
            .toList();
    return vgg.network(taps, 1, 4096);
  }

  /** MiB, whether the device has them or not. */
  private static long planned(CudaBackend cuda, int tensors) {
    MemoryNeed need = new MemoryNeed(cuda, 0);
    need.add(vgg19(), new Shape(3, 1024, 1024), false, new Shape(3, 4096, 4096), tensors);
    try {
      return need.require().needed();
    } catch (Failure refused) {
      assertEquals(ExitCode.OUT_OF_MEMORY, refused.exitCode());
      Matcher said = NEED.matcher(refused.getMessage());
      assertTrue(said.find(), refused.getMessage());
      return Long.parseLong(said.group(1));
    }
  }

  @Test
  void pixels4096OfVgg19FitFortyGigabytes() {
    try (CudaBackend cuda = new CudaBackend(0)) {
      long lbfgs = planned(cuda, new Lbfgs(cuda).tensors());
      assertTrue(lbfgs < MOST && lbfgs > MOST / 2, () -> lbfgs + " MiB");
      long adam = planned(cuda, new Adam(cuda, 0.02).tensors());
      assertTrue(adam < lbfgs && adam > lbfgs / 2, () -> adam + " MiB");
    }
  }
}
