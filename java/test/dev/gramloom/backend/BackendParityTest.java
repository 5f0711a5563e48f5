package dev.gramloom.backend;

import dev.gramloom.backend.cpu.AnyVectorWidth;
import dev.gramloom.backend.cpu.CpuBackend;
import dev.gramloom.backend.cpu.VectorWidth;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The CPU engine, with any number of threads. */
@AnyVectorWidth
class BackendParityTest extends PictureParity {
  private static final List<Backend> CPU =
      Stream.of(1, 2, 3, 5).map(threads -> (Backend) new CpuBackend(threads)).toList();

  static Stream<Arguments> cases() {
    return cases(!VectorWidth.isAsked());
  }

  @Override
  protected List<Backend> backends() {
    return CPU;
  }
}
