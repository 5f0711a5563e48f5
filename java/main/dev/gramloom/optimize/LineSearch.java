package dev.gramloom.optimize;

/**
 * Finds a step that satisfies the strong Wolfe conditions: the value fell enough, and the slope
 * flattened enough.
 *
 * <p>Source: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 3.5 and 3.6, with
 * the cubic interpolation of equation 3.59.
 */
final class LineSearch {
  private static final double DECREASE = 1e-4; // c1
  private static final double CURVATURE = 0.9; // c2
  private static final int MAX_EVALUATIONS = 20;

  /** The objective along the search direction. */
  interface Line {
    /** Moves to {@code step} and evaluates there. */
    Point at(double step);
  }

  /**
   * @param step how far along the direction
   * @param value of the objective there
   * @param slope its derivative along the direction
   */
  record Point(double step, double value, double slope) {}

  private final Line line;
  private final Point start;
  private int evaluations;

  LineSearch(Line line, Point start) {
    this.line = line;
    this.start = start;
  }

  /**
   * Returns the last point evaluated, which is where the line now stands; its value is above the
   * start's only if no step lowers it.
   *
   * @param first step to try
   */
  Point search(double first) {
    Point previous = start;
    Point current = evaluate(first);
    while (evaluations < MAX_EVALUATIONS) {
      boolean rose = evaluations > 1 && current.value >= previous.value;
      if (!fellEnough(current) || rose) {
        return zoom(previous, current);
      }
      if (flatEnough(current)) {
        return current;
      }
      if (current.slope >= 0) {
        return zoom(current, previous);
      }
      double next = cubicMinimum(previous, current);
      double low = current.step + 0.01 * (current.step - previous.step);
      double high = 10 * current.step;
      previous = current;
      current = evaluate(next > current.step ? Math.min(Math.max(next, low), high) : high);
    }
    return current;
  }

  /** Narrows [low, high], where low has the smaller value and a slope towards high. */
  private Point zoom(Point low, Point high) {
    Point last = high;
    while (evaluations < MAX_EVALUATIONS && Math.abs(high.step - low.step) > 1e-9 * first(low)) {
      double left = Math.min(low.step, high.step);
      double right = Math.max(low.step, high.step);
      double margin = 0.1 * (right - left);
      double step = cubicMinimum(low, high);
      last = evaluate(Math.min(Math.max(step, left + margin), right - margin));
      if (!fellEnough(last) || last.value >= low.value) {
        high = last;
      } else {
        if (flatEnough(last)) {
          return last;
        }
        if (last.slope * (high.step - low.step) >= 0) {
          high = low;
        }
        low = last;
      }
    }
    return last.step == low.step ? last : evaluate(low.step);
  }

  private static double first(Point p) {
    return Math.max(1e-12, Math.abs(p.step));
  }

  private Point evaluate(double step) {
    evaluations++;
    Point point = line.at(step);
    boolean finite = Double.isFinite(point.value) && Double.isFinite(point.slope);
    return finite ? point : new Point(step, Double.POSITIVE_INFINITY, 0);
  }

  private boolean fellEnough(Point p) {
    return p.value <= start.value + DECREASE * p.step * start.slope;
  }

  private boolean flatEnough(Point p) {
    return Math.abs(p.slope) <= -CURVATURE * start.slope;
  }

  /** Where the cubic through both values and slopes is least; the middle where it has no least. */
  private static double cubicMinimum(Point a, Point b) {
    double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
    double square = d1 * d1 - a.slope * b.slope;
    if (!(square >= 0)) {
      return (a.step + b.step) / 2;
    }
    double d2 = Math.signum(b.step - a.step) * Math.sqrt(square);
    double step = b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    return Double.isFinite(step) ? step : (a.step + b.step) / 2;
  }
}
