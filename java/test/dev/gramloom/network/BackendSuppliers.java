package dev.gramloom.network;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** {@link TestBackends}, wrapped: JUnit closes arguments that can be closed. */
public final class BackendSuppliers {
  private static final List<Backend> ALL = TestBackends.all();

  private BackendSuppliers() {}

  /** Every backend, opened once for all tests. */
  public static Stream<Named<Supplier<Backend>>> all() {
    return ALL.stream().map(BackendSuppliers::named);
  }

  /** The fast one alone, for what would take the reference too long. */
  public static Stream<Named<Supplier<Backend>>> cpu() {
    return all().filter(backend -> backend.getName().equals("cpu"));
  }

  /** The backend of this name. */
  public static Backend get(String name) {
    return ALL.stream().filter(b -> b.name().equals(name)).findFirst().orElseThrow();
  }

  private static Named<Supplier<Backend>> named(Backend backend) {
    return Named.of(backend.name(), () -> backend);
  }
}
