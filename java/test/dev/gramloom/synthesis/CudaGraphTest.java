package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.cuda.CudaBackend;
import dev.gramloom.backend.cuda.Emulation;
import dev.gramloom.backend.cuda.OnCuda;
import dev.gramloom.image.Pictures;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Layer;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.optimize.Adam;
import dev.gramloom.optimize.Lbfgs;
import dev.gramloom.optimize.Objective;
import dev.gramloom.optimize.Optimizer;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An optimiser's steps on a GPU, which makes evaluations by itself, and is seldom waited for. */
@OnCuda
@Tag("verbs")
class CudaGraphTest {
  private static final Shape PICTURE = new Shape(3, 12, 16);
  private static final int ITERATIONS = 6;

  /** The value and the slope along the line, of each point that the line search looks at. */
  private static final int WAITS_OF_A_POINT = 2;

  /** Beside its points: the slope at its start, and what the history must know of it. */
  private static final int WAITS_OF_A_STEP = 2;

  /** What an optimisation did. */
  private record Course(List<Double> losses, float[] x, List<Long> submissions, List<Long> waits) {}

  /** The same backend, which is told every verb each time. */
  private static Backend told(CudaBackend cuda) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          boolean own = method.getName().startsWith("later") || method.getName().equals("program");
          try {
            return own
                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                : method.invoke(cuda, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, handler);
  }

  private static Course course(Backend backend, Function<Backend, Optimizer> optimizer) {
    Network network = MiniVgg.network(new Layer.AveragePool());
    SynthesisSettings settings =
        Runs.weighted(Runs.settings(Tiling.BOTH, new Scale(32, 32, 1)), 1, 0.1);
    List<Double> losses = new ArrayList<>();
    List<Long> submissions = new ArrayList<>();
    List<Long> waits = new ArrayList<>();
    Tensor x = backend.upload(PICTURE, Pictures.noise(12, 16, 3).rgb());
    try (TextureStatistics statistics =
            new TextureStatistics(backend, network, Runs.exemplar(14, 17));
        StyleObjective objective = new StyleObjective(backend, statistics, PICTURE, settings)) {
      Objective counting =
          (at, gradient) -> {
            submissions.add(-Emulation.submissions());
            double loss = objective.evaluate(at, gradient);
            int last = submissions.size() - 1;
            submissions.set(last, submissions.get(last) + Emulation.submissions());
            return loss;
          };
      long[] before = {0, 0};
      optimizer
          .apply(backend)
          .minimize(
              counting,
              x,
              ITERATIONS,
              (iteration, loss) -> {
                losses.add(loss);
                long points = submissions.size() - before[1];
                waits.add(Emulation.waits() - before[0] - WAITS_OF_A_POINT * points);
                before[0] = Emulation.waits();
                before[1] = submissions.size();
              });
    }
    return new Course(losses, x.toArray(), submissions, waits);
  }

  private static void assertSame(Function<Backend, Optimizer> optimizer) {
    try (CudaBackend cuda = new CudaBackend(0)) {
      Course plain = course(told(cuda), optimizer);
      Course recorded = course(cuda, optimizer);
      assertEquals(plain.losses, recorded.losses);
      assertArrayEquals(plain.x, recorded.x);
      assertEquals(ITERATIONS, recorded.losses.size());
      assumeTrue(Emulation.isOn(), "only the emulated driver counts");
      long told = plain.submissions.get(plain.submissions.size() - 1);
      List<Long> alone = recorded.submissions.subList(2, recorded.submissions.size());
      assertTrue(told > 50, () -> "every verb is a call, or more: " + told);
      alone.forEach(calls -> assertEquals(2, calls, "a graph, and a download of all its sums"));
    }
  }

  @Test
  void lbfgsGoesTheSameWayWhetherEvaluationsAreToldOrRecorded() {
    assertSame(Lbfgs::new);
  }

  @Test
  void adamGoesTheSameWayWhetherEvaluationsAreToldOrRecorded() {
    assertSame(backend -> new Adam(backend, 0.02));
  }

  @Test
  void aStepWaitsForNoMoreThanTheLineSearchNeeds() {
    assumeTrue(Emulation.isOn(), "only the emulated driver counts");
    try (CudaBackend cuda = new CudaBackend(0)) {
      List<Long> waits = course(cuda, Lbfgs::new).waits;
      for (long more : waits.subList(3, waits.size())) {
        assertTrue(more <= WAITS_OF_A_STEP, () -> "waits beside the points: " + waits);
      }
    }
  }
}
