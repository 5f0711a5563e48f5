package dev.gramloom.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What L-BFGS and Adam promise, on functions nice and nasty. */
class OptimizerTest {
  private static final Shape SHAPE = new Shape(2, 3, 4);
  private static final float[] ONES = new float[24];
  private static final float[] TARGET = new float[24];

  static {
    Arrays.fill(ONES, 1);
    for (int i = 0; i < TARGET.length; i++) {
      TARGET[i] = Landscapes.target(i);
    }
  }

  static Stream<Arguments> landscapes() {
    List<Arguments> cases = new ArrayList<>();
    BackendSuppliers.all()
        .forEach(backend -> {
          for (Landscapes landscape : Landscapes.values()) {
            cases.add(Arguments.of(backend, landscape));
          }
        });
    return cases.stream();
  }

  private static List<Optimizer> optimizers(Backend backend) {
    return List.of(new Lbfgs(backend), new Adam(backend, 0.02));
  }

  private static Tensor start(Backend backend) {
    return TestBackends.random(backend, SHAPE, 3);
  }

  private static double valueAt(Backend backend, Objective objective, Tensor x) {
    return objective.evaluate(x, backend.zeros(x.shape()));
  }

  @ParameterizedTest
  @MethodSource("landscapes")
  void theEndIsNeverAboveTheStart(Supplier<Backend> supplier, Landscapes landscape) {
    Backend backend = supplier.get();
    Objective objective = landscape.objective(backend);
    for (Optimizer optimizer : optimizers(backend)) {
      Tensor x = start(backend);
      backend.scale(0.5f, x); // this side of the cliff
      double first = valueAt(backend, objective, x);
      double last = optimizer.minimize(objective, x, 60, (i, value) -> {});
      assertEquals(last, valueAt(backend, objective, x), "the value is not that of x");
      if (Double.isFinite(first)) {
        assertTrue(last <= first, () -> last + " after " + first);
        assertTrue(Double.isFinite(backend.dot(x, x)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("landscapes")
  void theListenerHearsOfEachIterationOnceAndFindsItInX(
      Supplier<Backend> supplier, Landscapes landscape) {
    Backend backend = supplier.get();
    Objective objective = landscape.objective(backend);
    for (Optimizer optimizer : optimizers(backend)) {
      Tensor x = start(backend);
      AtomicInteger heard = new AtomicInteger();
      optimizer.minimize(
          objective,
          x,
          25,
          (iteration, value) -> {
            assertEquals(heard.incrementAndGet(), iteration);
            assertEquals(value, valueAt(backend, objective, x));
          });
      assertTrue(heard.get() <= 25);
    }
  }

  @ParameterizedTest
  @MethodSource("landscapes")
  void noMoreTensorsAreMadeThanIsSaidHoweverLongItTakes(
      Supplier<Backend> supplier, Landscapes landscape) {
    AtomicInteger made = new AtomicInteger();
    Backend backend = counting(supplier.get(), made);
    Objective objective = landscape.objective(supplier.get());
    for (Optimizer optimizer : optimizers(backend)) {
      made.set(0);
      optimizer.minimize(objective, start(supplier.get()), 100, (iteration, value) -> {});
      assertTrue(made.get() > 0 && made.get() <= optimizer.tensors(), () -> made + " tensors");
    }
  }

  private static Backend counting(Backend backend, AtomicInteger made) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              made.addAndGet(method.getName().equals("zeros") ? 1 : 0);
              return method.invoke(backend, arguments);
            });
  }

  @ParameterizedTest
  @MethodSource("landscapes")
  void lbfgsNeverClimbs(Supplier<Backend> supplier, Landscapes landscape) {
    Backend backend = supplier.get();
    Objective objective = landscape.objective(backend);
    Tensor x = start(backend);
    backend.scale(0.5f, x);
    double[] last = {valueAt(backend, objective, x)};
    new Lbfgs(backend)
        .minimize(
            objective,
            x,
            200,
            (iteration, value) -> {
              assertTrue(value < last[0], () -> value + " after " + last[0]);
              last[0] = value;
            });
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void lbfgsFindsTheBottomOfAnIllConditionedValley(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = start(backend);
    Objective objective = Landscapes.VALLEY.objective(backend);
    double first = valueAt(backend, objective, x);
    double last = new Lbfgs(backend).minimize(objective, x, 500, (i, value) -> {});
    assertTrue(last <= 1e-11 * first, () -> last + " after " + first);
    assertArrayEquals(TARGET, x.toArray(), 1e-4f);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void lbfgsFollowsTheBentValleyToItsEnd(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = start(backend);
    Objective objective = Landscapes.BANANA.objective(backend);
    double last = new Lbfgs(backend).minimize(objective, x, 300, (i, value) -> {});
    assertTrue(last <= 1e-9, () -> "ended at " + last);
    assertArrayEquals(ONES, x.toArray(), 1e-3f);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void lbfgsIsAsQuickAsAQuasiNewtonMethodShouldBe(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor valley = start(backend);
    Objective objective = Landscapes.VALLEY.objective(backend);
    double first = valueAt(backend, objective, valley);
    // SciPy's L-BFGS-B gets to 2e-8 of the first value in as many iterations
    double last = new Lbfgs(backend).minimize(objective, valley, 200, (i, value) -> {});
    assertTrue(last <= 1e-7 * first, () -> last + " after " + first);
    Objective banana = Landscapes.BANANA.objective(backend);
    double end = new Lbfgs(backend).minimize(banana, start(backend), 100, (i, value) -> {});
    assertTrue(end <= 1e-8, () -> "ended at " + end);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void lbfgsFindsItsWayThroughDust(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = start(backend);
    Objective objective = Landscapes.DUST.objective(backend);
    double first = valueAt(backend, objective, x);
    double last = new Lbfgs(backend).minimize(objective, x, 150, (i, value) -> {});
    assertTrue(last <= 1e-6 * first, () -> last + " after " + first);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void lbfgsGetsNearTheCliffAndIntoTheKink(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    for (Landscapes landscape : List.of(Landscapes.CLIFF, Landscapes.KINK)) {
      Tensor x = start(backend);
      backend.scale(0.5f, x);
      Objective objective = landscape.objective(backend);
      double first = valueAt(backend, objective, x);
      double last = new Lbfgs(backend).minimize(objective, x, 100, (i, value) -> {});
      double reached = landscape == Landscapes.CLIFF ? 0.99 : 0.5;
      assertTrue(last < reached * first, () -> landscape + ": " + last + " after " + first);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void whereThereIsNoSlopeNothingMoves(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = start(backend);
    int[] heard = {0};
    double last =
        new Lbfgs(backend)
            .minimize(Landscapes.PLAIN.objective(backend), x, 9, (i, v) -> heard[0]++);
    assertEquals(42, last);
    assertEquals(0, heard[0]);
    assertArrayEquals(start(backend).toArray(), x.toArray());
    Tensor bottom = backend.upload(SHAPE, TARGET);
    Objective valley = Landscapes.VALLEY.objective(backend);
    assertEquals(0, new Lbfgs(backend).minimize(valley, bottom, 9, (i, v) -> heard[0]++));
    assertArrayEquals(TARGET, bottom.toArray());
    assertEquals(0, heard[0]);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void whereNoNumberIsFoundNoneIsReported(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Objective endless =
        (x, gradient) -> {
          backend.fill(1, gradient);
          return Double.POSITIVE_INFINITY;
        };
    Tensor x = start(backend);
    int[] heard = {0};
    double last = new Lbfgs(backend).minimize(endless, x, 9, (i, v) -> heard[0]++);
    assertEquals(Double.POSITIVE_INFINITY, last);
    assertEquals(0, heard[0]);
    assertArrayEquals(start(backend).toArray(), x.toArray());
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void adamHearsOfEveryIterationAndKeepsTheBest(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    for (Landscapes landscape : Landscapes.values()) {
      Tensor x = start(backend);
      Objective objective = landscape.objective(backend);
      double[] best = {valueAt(backend, objective, x)};
      int[] heard = {0};
      double last =
          new Adam(backend, 0.05)
              .minimize(
                  objective,
                  x,
                  40,
                  (i, value) -> {
                    best[0] = value < best[0] ? value : best[0];
                    heard[0]++;
                  });
      assertEquals(best[0], last);
      assertEquals(40, heard[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void adamGoesDown(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = start(backend);
    Objective objective = Landscapes.VALLEY.objective(backend);
    double first = valueAt(backend, objective, x);
    double last = new Adam(backend, 0.05).minimize(objective, x, 300, (i, value) -> {});
    assertTrue(last < 1e-4 * first, () -> last + " after " + first);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void adamsFirstStepIsItsRateAgainstTheSignOfTheSlope(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Tensor x = start(backend);
    float[] from = x.toArray();
    new Adam(backend, 0.125).minimize(Landscapes.VALLEY.objective(backend), x, 1, (i, v) -> {});
    for (int i = 0; i < from.length; i++) {
      float sign = Math.signum(from[i] - TARGET[i]);
      // the best point is kept: it moved only if that was better
      assertTrue(
          x.toArray()[i] == from[i] || Math.abs(from[i] - 0.125f * sign - x.toArray()[i]) < 1e-5);
    }
  }
}
