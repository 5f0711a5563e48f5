package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Vectors;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** A GPU, or its emulation. */
@OnCuda
@Tag("verbs")
class CudaVectorsTest extends Vectors {
  private static final Backend CUDA = new CudaBackend(0);

  @Override
  protected List<Backend> backends() {
    return List.of(CUDA);
  }
}
