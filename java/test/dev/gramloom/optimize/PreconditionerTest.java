package dev.gramloom.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What other variables do to pictures, gradients and L-BFGS. */
class PreconditionerTest {
  private static final Shape SHAPE = new Shape(3, 7, 6);
  private static final double[][] COLORS = {{1, 0.25, 0}, {0.25, 0.75, -0.125}, {0, -0.125, 0.5}};

  static Stream<Arguments> backendsAndEdges() {
    List<Arguments> cases = new ArrayList<>();
    BackendSuppliers.all()
        .forEach(backend -> {
          for (Edges edges : List.of(Edges.WRAP, Edges.REFLECT, Edges.ZERO)) {
            cases.add(Arguments.of(backend, edges));
          }
        });
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("backendsAndEdges")
  void gradientsGoBackTheWayThatStepsGo(Supplier<Backend> supplier, Edges edges) {
    Backend backend = supplier.get();
    Preconditioner preconditioner = new Preconditioner(backend, edges, COLORS);
    Tensor z = TestBackends.random(backend, SHAPE, 1);
    Tensor byX = TestBackends.random(backend, SHAPE, 2);
    Tensor x = backend.zeros(SHAPE);
    Tensor byZ = TestBackends.random(backend, SHAPE, 3);
    preconditioner.apply(z, x);
    preconditioner.adjoint(byX, byZ);
    assertEquals(backend.dot(x, byX), backend.dot(z, byZ), 1e-5);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void whatIsFineMovesTwiceAsFarAsAPlainColor(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    double[][] same = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    Preconditioner preconditioner = new Preconditioner(backend, Edges.WRAP, same);
    Shape shape = new Shape(3, 6, 6);
    float[] plain = new float[108];
    float[] fine = new float[108];
    for (int i = 0; i < 108; i++) {
      plain[i] = 1;
      fine[i] = (i / 6 + i) % 2 == 0 ? 1 : -1;
    }
    Tensor x = backend.zeros(shape);
    preconditioner.apply(backend.upload(shape, plain), x);
    assertEquals(0.5, x.toArray()[40], 1e-6);
    preconditioner.apply(backend.upload(shape, fine), x);
    assertEquals(1, Math.abs(x.toArray()[40]), 0.03);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void lbfgsGetsFurtherWhereFineDetailCountsLess(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Objective objective = blurred(backend);
    double[][] same = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double[] ends = new double[2];
    for (int i = 0; i < 2; i++) {
      Preconditioner preconditioner = i == 0 ? null : new Preconditioner(backend, Edges.WRAP, same);
      Tensor x = TestBackends.random(backend, SHAPE, 4);
      double[] last = {Double.POSITIVE_INFINITY};
      ends[i] =
          new Lbfgs(backend, preconditioner)
              .minimize(
                  objective,
                  x,
                  12,
                  (iteration, value) -> {
                    assertTrue(value < last[0], () -> value + " after " + last[0]);
                    last[0] = value;
                  });
      assertEquals(ends[i], objective.evaluate(x, backend.zeros(SHAPE)));
    }
    assertTrue(ends[1] < 0.5 * ends[0], () -> ends[1] + " after " + ends[0]);
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void lbfgsGoesOnInOtherVariablesAsIfItHadNotStopped(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Objective objective = blurred(backend);
    Lbfgs lbfgs = new Lbfgs(backend, new Preconditioner(backend, Edges.WRAP, COLORS));
    Tensor through = TestBackends.random(backend, SHAPE, 4);
    lbfgs.minimize(objective, through, 9, (iteration, value) -> {});
    List<Supplier<OptimizerState>> states = new ArrayList<>();
    List<OptimizerState> kept = new ArrayList<>();
    Objective keeping =
        (x, gradient) -> {
          OptimizerState now = states.get(0).get();
          kept.add(new OptimizerState(now.iteration(), now.scalars(), List.copyOf(now.vectors())));
          return objective.evaluate(x, gradient);
        };
    lbfgs.minimize(keeping, TestBackends.random(backend, SHAPE, 4), 4, new Listening(states::add));
    Tensor stopped = backend.zeros(SHAPE);
    lbfgs.minimize(objective, stopped, kept.get(kept.size() - 1), 9, (iteration, value) -> {});
    assertArrayEquals(through.toArray(), stopped.toArray());
  }

  /** Hears how a run's state is asked for. */
  private record Listening(Consumer<Supplier<OptimizerState>> begins)
      implements Optimizer.Listener {
    @Override
    public void begins(Supplier<OptimizerState> state) {
      begins.accept(state);
    }

    @Override
    public void iterated(int iteration, double value) {}
  }

  /** ‖B (x − 1)‖², B a blur that leaves three tenths of what is fine. */
  private static Objective blurred(Backend backend) {
    float[] weights = new float[81];
    float[] blur = {1, 2, 1, 2, 4, 2, 1, 2, 1};
    for (int c = 0; c < 3; c++) {
      for (int place = 0; place < 9; place++) {
        weights[(3 * c + c) * 9 + place] = (place == 4 ? 0.3f : 0) + 0.7f * blur[place] / 16;
      }
    }
    Filters filters = backend.filters(new Kernel(3, 3, 3, weights, new float[3]));
    Tensor away = backend.zeros(SHAPE);
    Tensor seen = backend.zeros(SHAPE);
    float[] ones = new float[(int) SHAPE.size()];
    Arrays.fill(ones, 1);
    Tensor target = backend.upload(SHAPE, ones);
    return (x, gradient) -> {
      backend.combine(new double[] {1, -1}, List.of(x, target), away);
      backend.convolve(away, filters, Edges.WRAP, Activation.NONE, seen);
      double value = backend.dot(seen, seen);
      backend.scale(2, seen);
      backend.fill(0, gradient);
      backend.convolveAdjoint(seen, seen, filters, Edges.WRAP, Activation.NONE, gradient);
      return value;
    };
  }
}
