package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.BackendParity;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A GPU, or its emulation; twice, for the same input must give the same bytes. */
@OnCuda
class CudaParityTest extends BackendParity {
  private static final Backend CUDA = new CudaBackend(0);

  static Stream<Arguments> cases() {
    return cases(!Emulation.isOn());
  }

  @Override
  protected List<Backend> backends() {
    return List.of(CUDA, CUDA);
  }
}
