package dev.gramloom.optimize;

import dev.gramloom.backend.Backend;
import dev.gramloom.optimize.LineSearch.Point;
import dev.gramloom.tensor.Tensor;
import java.util.List;

/**
 * Limited-memory BFGS with a strong Wolfe line search.
 *
 * <p>Source: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 and 7.5. The
 * value never rises from one iteration to the next.
 */
public final class Lbfgs implements Optimizer {
  /** Steps remembered, m. */
  private static final int HISTORY = 10;

  /** Longest first step, root mean square in the unit of x: before any curvature is known. */
  private static final double FIRST_STEP = 0.02;

  private final Backend backend;

  /** An optimiser whose vectors live on {@code backend}. */
  public Lbfgs(Backend backend) {
    this.backend = backend;
  }

  @Override
  public double minimize(Objective objective, Tensor x, int iterations, Listener listener) {
    try (Run run = new Run(objective, x)) {
      int iteration = 0;
      while (iteration < iterations && run.step()) {
        listener.iterated(++iteration, run.value);
      }
      return run.value;
    }
  }

  @Override
  public int tensors() {
    return 4 + 2 * HISTORY; // start, gradient, startGradient, direction; s and y of each step
  }

  private final class Run implements AutoCloseable {
    private final Objective objective;
    private final Tensor x;
    private final Tensor start; // x before the line search
    private final Tensor gradient;
    private final Tensor startGradient;
    private final Tensor direction;
    private final LbfgsHistory history;
    private double value;

    Run(Objective objective, Tensor x) {
      this.objective = objective;
      this.x = x;
      start = backend.zeros(x.shape());
      gradient = backend.zeros(x.shape());
      startGradient = backend.zeros(x.shape());
      direction = backend.zeros(x.shape());
      history = new LbfgsHistory(backend, x.shape(), HISTORY);
      value = objective.evaluate(x, gradient);
    }

    /** Returns false where no step lowers the value; x is then as before. */
    boolean step() {
      history.setDirection(gradient, direction);
      double slope = backend.dot(gradient, direction);
      if (!(slope < 0)) {
        history.forget();
        history.setDirection(gradient, direction);
        slope = backend.dot(gradient, direction);
        if (!(slope < 0)) {
          return false; // the gradient is zero
        }
      }
      backend.copy(x, start);
      backend.copy(gradient, startGradient);
      Point found = new LineSearch(this::at, new Point(0, value, slope)).search(firstStep());
      if (!(found.value() < value)) {
        return giveUp();
      }
      value = found.value();
      history.add(found.step(), direction, gradient, startGradient);
      return true;
    }

    private Point at(double step) {
      backend.combine(new double[] {1, step}, List.of(start, direction), x);
      double there = objective.evaluate(x, gradient);
      return new Point(step, there, backend.dot(gradient, direction));
    }

    private boolean giveUp() {
      backend.copy(start, x);
      backend.copy(startGradient, gradient);
      boolean again = !history.isEmpty(); // with a memory, steepest descent may still find a way
      history.forget();
      return again && step();
    }

    private double firstStep() {
      if (!history.isEmpty()) {
        return 1;
      }
      double length = Math.sqrt(backend.dot(direction, direction) / x.shape().size());
      return FIRST_STEP / length;
    }

    @Override
    public void close() {
      history.close();
      start.close();
      gradient.close();
      startGradient.close();
      direction.close();
    }
  }
}
