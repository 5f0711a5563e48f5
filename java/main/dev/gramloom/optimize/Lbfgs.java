package dev.gramloom.optimize;

import dev.gramloom.backend.Backend;
import dev.gramloom.optimize.LineSearch.Point;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
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

  /** Vectors of the largest state: x, its gradient, and two of each step. */
  public static final int MOST_VECTORS = 2 + 2 * HISTORY;

  /** Longest first step, root mean square in the unit of x: before any curvature is known. */
  private static final double FIRST_STEP = 0.02;

  private final Backend backend;
  private final Preconditioner preconditioner; // or null

  /** An optimiser whose vectors live on {@code backend}. */
  public Lbfgs(Backend backend) {
    this(backend, null);
  }

  /**
   * An optimiser of pictures.
   *
   * @param preconditioner gives the variables that it sees; it moves the picture itself
   */
  public Lbfgs(Backend backend, Preconditioner preconditioner) {
    this.backend = backend;
    this.preconditioner = preconditioner;
  }

  @Override
  public double minimize(
      Objective objective, Tensor x, OptimizerState from, int iterations, Listener listener) {
    try (Run run = new Run(objective, x)) {
      listener.begins(run::state);
      run.begin(from);
      while (run.iteration < iterations && run.step()) {
        listener.iterated(++run.iteration, run.value);
      }
      return run.value;
    }
  }

  /** Whether {@link #minimize} can go on from a state. */
  public static boolean takes(OptimizerState state) {
    int steps = state.vectors().size() / 2 - 1;
    return state.isFresh() || steps >= 0 && steps <= HISTORY && state.has(1, 2 + 2 * steps);
  }

  @Override
  public int tensors() {
    // start, gradient, startGradient, direction; s and y of each step; slopes, move
    return 4 + 2 * HISTORY + (preconditioner == null ? 0 : 2);
  }

  private final class Run implements AutoCloseable {
    private final Objective objective;
    private final Tensor x;
    private final Tensor start; // x before the line search
    private final Tensor gradient; // by the preconditioner's variables, as all but x is
    private final Tensor startGradient;
    private final Tensor direction;
    private final Tensor slopes; // the gradient by x
    private final Tensor move; // the direction of x
    private final LbfgsHistory history;
    private double value;
    private int iteration;
    private boolean begun;

    Run(Objective objective, Tensor x) {
      this.objective = objective;
      this.x = x;
      start = backend.zeros(x.shape());
      gradient = backend.zeros(x.shape());
      startGradient = backend.zeros(x.shape());
      direction = backend.zeros(x.shape());
      slopes = preconditioner == null ? gradient : backend.zeros(x.shape());
      move = preconditioner == null ? direction : backend.zeros(x.shape());
      history = new LbfgsHistory(backend, x.shape(), HISTORY);
    }

    void begin(OptimizerState from) {
      if (from != null) {
        restore(0, from, x);
      }
      if (from == null || from.isFresh()) {
        value = evaluate();
      } else {
        goOn(from);
      }
      begun = true;
    }

    private void goOn(OptimizerState from) {
      from.require(takes(from));
      int steps = from.vectors().size() / 2 - 1;
      iteration = from.iteration();
      value = from.scalars()[0];
      restore(1, from, gradient);
      List<Tensor> remembered = new ArrayList<>();
      for (int i = 0; i < 2 * steps; i++) {
        remembered.add(backend.zeros(x.shape()));
        restore(2 + i, from, remembered.get(i));
      }
      history.restore(remembered, gradient);
    }

    /** The value at x, and its gradient. */
    private double evaluate() {
      double there = objective.evaluate(x, slopes);
      if (preconditioner != null) {
        preconditioner.adjoint(slopes, gradient);
      }
      return there;
    }

    private void restore(int index, OptimizerState from, Tensor to) {
      try (Tensor stored = backend.upload(x.shape(), from.vectors().get(index))) {
        backend.copy(stored, to);
      }
    }

    /**
     * As it was when the last iteration was over: a search moves x and its gradient, and leaves
     * where it started from alone. Where the memory was forgotten since, the step begins again
     * without it, as this one did.
     */
    OptimizerState state() {
      List<Tensor> tensors = new ArrayList<>(List.of(begun ? start : x));
      if (begun) {
        tensors.add(startGradient);
        tensors.addAll(history.vectors());
      }
      return new OptimizerState(
          iteration,
          begun ? new double[] {value} : new double[0],
          OptimizerState.fetched(tensors.size(), i -> tensors.get(i).toArray()));
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
      if (preconditioner != null) {
        preconditioner.apply(direction, move);
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
      backend.combine(new double[] {1, step}, List.of(start, move), x);
      double there = evaluate();
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
      double length = Math.sqrt(backend.dot(move, move) / x.shape().size());
      return FIRST_STEP / length;
    }

    @Override
    public void close() {
      history.close();
      start.close();
      gradient.close();
      startGradient.close();
      direction.close();
      if (preconditioner != null) {
        slopes.close();
        move.close();
      }
    }
  }
}
