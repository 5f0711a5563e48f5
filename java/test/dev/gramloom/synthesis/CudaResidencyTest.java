package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gramloom.backend.cuda.CudaBackend;
import dev.gramloom.backend.cuda.Emulation;
import dev.gramloom.backend.cuda.OnCuda;
import dev.gramloom.image.Image;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.pyramid.Scale;
import org.junit.jupiter.api.Test;

/** What of a run leaves a GPU, and what comes to it. */
@OnCuda
class CudaResidencyTest {
  private static final Scale COARSE = new Scale(33, 32, 1);
  private static final Scale FINE = new Scale(36, 34, 1);

  @Test
  void theExemplarIsUploadedOnceAndTheResultDownloadedOnce() {
    assumeTrue(Emulation.isOn(), "not run: only the emulated driver counts");
    Image exemplar = Runs.exemplar(41, 43);
    SynthesisSettings settings = Runs.colored(Runs.settings(Tiling.BOTH, COARSE, FINE), 0.9);
    Network network = MiniVgg.network(new Layer.AveragePool());
    long given = exemplar.rgb().length;
    long coarse = 3L * COARSE.width() * COARSE.height();
    long fine = 3L * FINE.width() * FINE.height();
    try (CudaBackend cuda = new CudaBackend(0)) {
      long uploads = Emulation.uploads(given);
      long downloads = Emulation.downloads(fine);
      long between = Emulation.downloads(coarse);
      SynthesisResult result =
          new Synthesizer(cuda, NetworkRecipe.fixed(network), settings)
              .run(exemplar, new Progress() {});
      assertEquals(1, Emulation.uploads(given) - uploads);
      assertEquals(1, Emulation.downloads(fine) - downloads);
      assertEquals(0, Emulation.downloads(coarse) - between);
      for (SynthesisResult.ScaleReport scale : result.scales()) {
        long seen = 3L * scale.exemplarWidth() * scale.exemplarHeight();
        assertEquals(0, Emulation.uploads(seen), "of the exemplar at " + scale.scale());
      }
    }
  }
}
