package dev.gramloom.backend.cuda;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.PictureParity;
import dev.gramloom.tensor.Edges;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;

/** A GPU, twice, for the same input must give the same bytes; or its emulation. */
@OnCuda
@Tag("verbs")
class CudaParityTest extends PictureParity {
  private static final Backend CUDA = new CudaBackend(0);

  static Stream<Arguments> cases() {
    return Emulation.isOn()
        ? cases(false).filter(c -> Emulation.tries((Edges) c.get()[1]))
        : cases(true);
  }

  @Override
  protected List<Backend> backends() {
    return Emulation.isOn() ? List.of(CUDA) : List.of(CUDA, CUDA);
  }
}
