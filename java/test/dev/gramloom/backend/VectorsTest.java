package dev.gramloom.backend;

import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.backend.reference.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The processor's backends, with few threads and more. */
class VectorsTest extends Vectors {
  private static final List<Backend> BACKENDS =
      List.of(new ReferenceBackend(), new CpuBackend(1), new CpuBackend(3));

  @AfterAll
  static void close() {
    BACKENDS.forEach(Backend::close);
  }

  @Override
  protected List<Backend> backends() {
    return BACKENDS;
  }
}
