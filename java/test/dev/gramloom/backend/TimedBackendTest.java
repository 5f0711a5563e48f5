package dev.gramloom.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.reference.ReferenceBackend;
import dev.gramloom.color.Moments;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clock changes nothing and misses nothing. */
class TimedBackendTest {
  /** What is no work on tensors. */
  private static final Set<String> UNTIMED =
      Set.of("await", "name", "machine", "requireMemory", "floats", "trim", "close");

  private static final Kernel KERNEL = TestBackends.kernel(4, 2, 3, 1);

  /** What reached the other backend. */
  private record Call(Method method, List<Object> arguments) {}

  private record PlainFilters(Kernel kernel) implements Filters {
    @Override
    public void close() {}
  }

  static Stream<Method> verbs() {
    return Stream.of(Backend.class.getMethods())
        .filter(verb -> !verb.getName().startsWith("later") && !verb.getName().equals("program"));
  }

  /** A value of a parameter's or a result's type, never the same object twice. */
  private static Object sample(Class<?> type) {
    if (type == Tensor.class) {
      return HeapTensor.zeros(new Shape(2, 4, 5));
    }
    if (type == Filters.class) {
      return new PlainFilters(KERNEL);
    }
    if (type == boolean.class) {
      return true;
    }
    return switch (type.getSimpleName()) {
      case "Kernel" -> KERNEL;
      case "Shape" -> new Shape(2, 4, 5);
      case "Edges" -> Edges.REFLECT;
      case "Resampling" -> Resampling.of(new Shape(2, 4, 5), new Shape(2, 3, 7), Edges.REFLECT);
      case "Activation" -> Activation.RELU;
      case "AdamRates" -> null;
      case "Masked" -> {
        Tensor x = HeapTensor.zeros(new Shape(2, 4, 5));
        yield new Masked(x, null, HeapTensor.zeros(new Shape(1, 4, 5)));
      }
      case "Moments" -> new Moments(1, new double[3], new double[3][3]);
      case "Memory" -> new Memory(1, 2);
      case "List" -> List.of(HeapTensor.zeros(new Shape(2, 4, 5)));
      case "double[]" -> new double[] {0.5};
      case "double[][]" -> new double[][] {{0.25}};
      case "Collection" -> List.of(new Shape(2, 4, 5));
      case "float[]" -> new float[] {1, 2};
      case "int[][]" -> new int[][] {{0, 1}};
      case "String" -> "other";
      case "int" -> 7;
      case "long" -> 8L;
      case "float" -> 0.5f;
      case "double" -> 0.25;
      case "void" -> null;
      default -> throw new IllegalStateException("no sample of " + type);
    };
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbReachesTheOtherWithItsArgumentsAndItsResultComesBack(Method verb) throws Exception {
    List<Call> calls = new ArrayList<>();
    Object result = sample(verb.getReturnType());
    Backend other =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("await") && !verb.equals(method)) {
                    return null; // how a clock knows that a GPU is done
                  }
                  calls.add(new Call(method, arguments == null ? List.of() : listOf(arguments)));
                  return result;
                });
    TimedBackend timed = new TimedBackend(other);
    Object[] arguments =
        Stream.of(verb.getParameterTypes()).map(TimedBackendTest::sample).toArray();

    Object returned = verb.invoke(timed, arguments);

    assertEquals(1, calls.size());
    assertEquals(verb, calls.get(0).method);
    for (int i = 0; i < arguments.length; i++) {
      if (verb.getParameterTypes()[i].isPrimitive()) {
        assertEquals(arguments[i], calls.get(0).arguments.get(i));
      } else {
        assertSame(arguments[i], calls.get(0).arguments.get(i));
      }
    }
    assertEquals(result, returned);
    assertCounted(verb.getName(), timed.rows());
  }

  private static List<Object> listOf(Object... arguments) {
    return Stream.of(arguments).toList(); // unlike List.of, it may hold null
  }

  private static void assertCounted(String verb, List<TimedBackend.Row> rows) {
    if (UNTIMED.contains(verb)) {
      assertEquals(List.of(), rows);
      return;
    }
    assertEquals(1, rows.size());
    TimedBackend.Row row = rows.get(0);
    assertTrue(row.what().startsWith(verb + " "), row::what);
    assertEquals(1, row.calls());
    assertTrue(row.nanoseconds() >= 0);
  }

  @Test
  void callsAreToldApartByShapeAndCountedWithTheirWork() {
    TimedBackend backend = new TimedBackend(new ReferenceBackend());
    Filters filters = backend.filters(KERNEL); // a third of its 72 weights is zero
    Tensor x = backend.zeros(new Shape(2, 6, 8));
    Tensor y = backend.zeros(new Shape(4, 6, 8));
    Tensor gram = backend.zeros(Shape.matrix(4, 4));
    Tensor small = backend.zeros(new Shape(2, 3, 3));
    Tensor smallY = backend.zeros(new Shape(4, 3, 3));
    backend.reset();

    backend.convolve(x, filters, Edges.WRAP, Activation.RELU, y);
    backend.convolve(x, filters, Edges.WRAP, Activation.RELU, y);
    backend.convolve(small, filters, Edges.WRAP, Activation.RELU, smallY);
    backend.convolveAdjoint(y, y, filters, Edges.WRAP, Activation.RELU, x);
    backend.gram(y, null, y, null, gram);
    backend.addProduct(1, gram, false, y, null, backend.zeros(y.shape()));
    backend.fill(1, x);

    List<String> rows =
        backend.rows().stream()
            .map(row -> "%s: %d, %.0f".formatted(row.what(), row.calls(), row.flop()))
            .toList();
    assertEquals(
        List.of(
            "convolve 3x3 2 -> 4 at 8 x 6: 2, 9216",
            "convolve 3x3 2 -> 4 at 3 x 3: 1, 864",
            "convolveAdjoint 3x3 2 -> 4 at 8 x 6: 1, 4608",
            "gram 4 x 4 at 8 x 6: 1, 1536",
            "zeros 4 at 8 x 6: 1, 0",
            "addProduct 4 -> 4 at 8 x 6: 1, 1536",
            "fill 2 at 8 x 6: 1, 0"),
        rows);
    backend.reset();
    assertEquals(List.of(), backend.rows());
  }

  @Test
  void theStepsOfAProgramAreTimedOneByOne() {
    TimedBackend timed = new TimedBackend(new ReferenceBackend());
    Tensor x = timed.upload(new Shape(1, 1, 2), 3, 4);
    List<DoubleSupplier> sums = new ArrayList<>();
    try (Program program = timed.program(pause -> sums.add(timed.laterDot(x, x)))) {
      program.run(() -> {});
      timed.reset();
      program.run(() -> {});
    }
    assertEquals(25, sums.get(1).getAsDouble());
    assertCounted("dot", timed.rows());
  }
}
