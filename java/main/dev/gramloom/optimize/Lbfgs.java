package dev.gramloom.optimize;

import dev.gramloom.backend.Backend;
import dev.gramloom.optimize.LineSearch.Point;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Limited-memory BFGS with a strong Wolfe line search.
 *
 * <p>Source: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 and 7.5. The
 * value never rises from one iteration to the next.
 */
public final class Lbfgs implements Optimizer {
  /** Pairs remembered, m. */
  private static final int HISTORY = 10;

  /** Longest first step, root mean square in the unit of x: before any curvature is known. */
  private static final double FIRST_STEP = 0.02;

  private final Backend backend;

  /** An optimiser whose vectors live on {@code backend}. */
  public Lbfgs(Backend backend) {
    this.backend = backend;
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

  @Override
  public int tensors() {
    return 4 + 2 * HISTORY; // start, gradient, startGradient, direction; s and y of each pair
  }

  /**
   * What one step changed.
   *
   * @param s how x moved
   * @param y how the gradient changed
   * @param rho 1 / ⟨s, y⟩
   */
  private record Pair(Tensor s, Tensor y, double rho) {
    void close() {
      s.close();
      y.close();
    }
  }

  private final class Run implements AutoCloseable {
    private final Objective objective;
    private final Tensor x;
    private final Tensor start; // x before the line search
    private final Tensor gradient;
    private final Tensor startGradient;
    private final Tensor direction;
    private final Deque<Pair> history = new ArrayDeque<>(); // newest first
    private final Deque<Pair> spare = new ArrayDeque<>(); // memory of pairs that were forgotten
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
    }

    void begin(OptimizerState from) {
      if (from != null) {
        restore(0, from, x);
      }
      if (from == null || from.isFresh()) {
        value = objective.evaluate(x, gradient);
      } else {
        goOn(from);
      }
      begun = true;
    }

    private void goOn(OptimizerState from) {
      int pairs = Math.min(HISTORY, from.scalars().length - 1);
      from.require(1 + pairs, 2 + 2 * pairs);
      iteration = from.iteration();
      value = from.scalars()[0];
      restore(1, from, gradient);
      for (int i = 0; i < pairs; i++) {
        Tensor s = backend.zeros(x.shape());
        Tensor y = backend.zeros(x.shape());
        history.addLast(new Pair(s, y, from.scalars()[1 + i]));
        restore(2 + 2 * i, from, s);
        restore(3 + 2 * i, from, y);
      }
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
      List<Double> scalars = new ArrayList<>();
      if (begun) {
        tensors.add(startGradient);
        scalars.add(value);
        for (Pair pair : history) {
          tensors.add(pair.s);
          tensors.add(pair.y);
          scalars.add(pair.rho);
        }
      }
      return new OptimizerState(
          iteration,
          scalars.stream().mapToDouble(Double::doubleValue).toArray(),
          OptimizerState.fetched(tensors.size(), i -> tensors.get(i).toArray()));
    }

    /** Returns false where no step lowers the value; x is then as before. */
    boolean step() {
      setDirection();
      double slope = backend.dot(gradient, direction);
      if (!(slope < 0)) {
        forget();
        setDirection();
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
      remember(found.step());
      return true;
    }

    private Point at(double step) {
      backend.copy(start, x);
      backend.addScaled((float) step, direction, x);
      double there = objective.evaluate(x, gradient);
      return new Point(step, there, backend.dot(gradient, direction));
    }

    private boolean giveUp() {
      backend.copy(start, x);
      backend.copy(startGradient, gradient);
      boolean again = !history.isEmpty(); // with a memory, steepest descent may still find a way
      forget();
      return again && step();
    }

    private double firstStep() {
      if (!history.isEmpty()) {
        return 1;
      }
      double length = Math.sqrt(backend.dot(direction, direction) / x.shape().size());
      return FIRST_STEP / length;
    }

    /** direction = −H · gradient, by the two-loop recursion. */
    private void setDirection() {
      backend.copy(gradient, direction);
      backend.scale(-1, direction);
      double[] alpha = new double[history.size()];
      int i = 0;
      for (Pair pair : history) {
        alpha[i] = pair.rho * backend.dot(pair.s, direction);
        backend.addScaled((float) -alpha[i++], pair.y, direction);
      }
      if (!history.isEmpty()) {
        Pair newest = history.peekFirst();
        backend.scale((float) (1 / (newest.rho * backend.dot(newest.y, newest.y))), direction);
      }
      for (Iterator<Pair> oldestFirst = history.descendingIterator(); oldestFirst.hasNext(); ) {
        Pair pair = oldestFirst.next();
        double beta = pair.rho * backend.dot(pair.y, direction);
        backend.addScaled((float) (alpha[--i] - beta), pair.s, direction);
      }
    }

    private void remember(double step) {
      Pair memory = memory();
      Tensor s = memory.s;
      Tensor y = memory.y;
      backend.copy(direction, s);
      backend.scale((float) step, s);
      backend.copy(gradient, y);
      backend.addScaled(-1, startGradient, y);
      double product = backend.dot(s, y);
      if (product > 1e-10 * Math.sqrt(backend.dot(s, s) * backend.dot(y, y))) {
        history.addFirst(new Pair(s, y, 1 / product));
      } else {
        spare.add(memory);
      }
    }

    /** The memory of a pair: one that was forgotten, or the oldest, or new. */
    private Pair memory() {
      if (history.size() == HISTORY) {
        return history.removeLast();
      }
      return spare.isEmpty()
          ? new Pair(backend.zeros(x.shape()), backend.zeros(x.shape()), 0)
          : spare.remove();
    }

    private void forget() {
      spare.addAll(history);
      history.clear();
    }

    @Override
    public void close() {
      history.forEach(Pair::close);
      spare.forEach(Pair::close);
      start.close();
      gradient.close();
      startGradient.close();
      direction.close();
    }
  }
}
