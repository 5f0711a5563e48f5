package dev.gramloom.optimize;

import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Tensor;
import java.util.List;

/**
 * Adam (Kingma and Ba, arXiv:1412.6980), with a rate that falls to a tenth along a cosine.
 *
 * <p>It may climb on its way; the best point seen is what x holds at the end.
 */
public final class Adam implements Optimizer {
  private static final double LAST_SHARE = 0.1;

  private final Backend backend;
  private final double rate;

  /**
   * @param rate the first steps' length, in the unit of x
   */
  public Adam(Backend backend, double rate) {
    this.backend = backend;
    this.rate = rate;
  }

  @Override
  public double minimize(
      Objective objective, Tensor x, OptimizerState from, int iterations, Listener listener) {
    try (Run run = new Run(x, from)) {
      listener.begins(run::state);
      while (true) {
        double value = objective.evaluate(x, run.gradient);
        run.keepBest(value);
        if (run.iteration > 0) {
          listener.iterated(run.iteration, value);
        }
        if (run.iteration >= iterations) {
          backend.copy(run.best, x);
          return run.bestValue;
        }
        run.step(iterations);
      }
    }
  }

  /** Whether {@link #minimize} can go on from a state. */
  public static boolean takes(OptimizerState state) {
    return state.isFresh() || state.has(1, 4);
  }

  private final class Run implements AutoCloseable {
    private final Tensor x;
    private final Tensor gradient;
    private final Tensor m;
    private final Tensor v;
    private final Tensor best;
    private double bestValue;
    private int iteration; // that x is the iterate of

    Run(Tensor x, OptimizerState from) {
      this.x = x;
      gradient = backend.zeros(x.shape());
      m = backend.zeros(x.shape());
      v = backend.zeros(x.shape());
      best = backend.zeros(x.shape());
      if (from != null) {
        goOn(from);
      }
    }

    private void goOn(OptimizerState from) {
      from.require(takes(from));
      List<Tensor> tensors = from.isFresh() ? List.of(x) : tensorsOfState();
      for (int i = 0; i < tensors.size(); i++) {
        try (Tensor stored = backend.upload(x.shape(), from.vectors().get(i))) {
          backend.copy(stored, tensors.get(i));
        }
      }
      iteration = from.iteration();
      bestValue = from.isFresh() ? 0 : from.scalars()[0];
    }

    private List<Tensor> tensorsOfState() {
      return List.of(x, m, v, best);
    }

    /** Without the gradient, which the evaluation that goes on is about to find. */
    OptimizerState state() {
      List<Tensor> tensors = iteration == 0 ? List.of(x) : tensorsOfState();
      double[] scalars = iteration == 0 ? new double[0] : new double[] {bestValue};
      return new OptimizerState(
          iteration,
          scalars,
          OptimizerState.fetched(tensors.size(), i -> tensors.get(i).toArray()));
    }

    void keepBest(double value) {
      if (iteration == 0 || value < bestValue) {
        bestValue = value;
        backend.copy(x, best);
      }
    }

    void step(int iterations) {
      iteration++;
      AdamRates rates = AdamRates.pixels(rate(iteration, iterations));
      backend.adamStep(rates, iteration, gradient, m, v, x);
    }

    @Override
    public void close() {
      gradient.close();
      m.close();
      v.close();
      best.close();
    }
  }

  @Override
  public int tensors() {
    return 4; // gradient, m, v, best
  }

  private double rate(int iteration, int iterations) {
    double turn = StrictMath.cos(Math.PI * (iteration - 1) / iterations);
    return rate * (LAST_SHARE + (1 - LAST_SHARE) * (1 + turn) / 2);
  }
}
