package dev.gramloom.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.optimize.LineSearch.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A step that lowers the value enough and flattens the slope enough. */
class LineSearchTest {
  /**
   * A function of one variable.
   *
   * @param value at a step
   * @param slope there
   */
  private record Function(DoubleUnaryOperator value, DoubleUnaryOperator slope) {}

  static Stream<Arguments> smooth() {
    List<Named<Function>> functions =
        List.of(
            Named.of("parabola", new Function(a -> (a - 1) * (a - 1), a -> 2 * (a - 1))),
            Named.of(
                "steep parabola", new Function(a -> 1e6 * a * (a - 1), a -> 1e6 * (2 * a - 1))),
            // function 1 of Moré and Thuente, Line Search Algorithms, 1994
            Named.of(
                "a / (a² + 2)",
                new Function(
                    a -> -a / (a * a + 2), a -> (a * a - 2) / ((a * a + 2) * (a * a + 2)))),
            Named.of(
                "waves", new Function(a -> 0.02 * a * a - Math.sin(5 * a), LineSearchTest::sea)),
            Named.of("exponential", new Function(a -> Math.exp(a) - 9 * a, a -> Math.exp(a) - 9)));
    List<Arguments> cases = new ArrayList<>();
    for (Named<Function> function : functions) {
      for (double first : new double[] {1e-3, 0.1, 1, 10, 1e3}) {
        cases.add(Arguments.of(function, first));
      }
    }
    return cases.stream();
  }

  private static double sea(double a) {
    return 0.04 * a - 5 * Math.cos(5 * a);
  }

  private static Point search(Function f, double first, List<Point> visited) {
    Point start = new Point(0, f.value.applyAsDouble(0), f.slope.applyAsDouble(0));
    LineSearch search =
        new LineSearch(
            step -> {
              Point p = new Point(step, f.value.applyAsDouble(step), f.slope.applyAsDouble(step));
              visited.add(p);
              return p;
            },
            start);
    return search.search(first);
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void theStepSatisfiesTheStrongWolfeConditions(Function f, double first) {
    List<Point> visited = new ArrayList<>();
    Point found = search(f, first, visited);
    double slope = f.slope.applyAsDouble(0);
    assertTrue(slope < 0);
    assertTrue(found.value() <= f.value.applyAsDouble(0) + 1e-4 * found.step() * slope);
    assertTrue(Math.abs(found.slope()) <= 0.9 * Math.abs(slope));
    assertEquals(visited.get(visited.size() - 1), found, "the line does not stand there");
    assertTrue(visited.size() <= 21, () -> visited.size() + " evaluations");
  }

  /** Functions through whose first points goes no cubic with a least value ahead. */
  static Stream<Arguments> bent() {
    Function quartic = new Function(a -> Math.pow(a - 3, 4) - a, a -> 4 * Math.pow(a - 3, 3) - 1);
    Function second = // of Moré and Thuente: it falls faster and faster, up to 1.6
        new Function(
            a -> Math.pow(a + 0.004, 5) - 2 * Math.pow(a + 0.004, 4),
            a -> 5 * Math.pow(a + 0.004, 4) - 8 * Math.pow(a + 0.004, 3));
    List<Arguments> cases = new ArrayList<>();
    for (double first : new double[] {1e-3, 0.1, 1, 10, 1e3}) {
      cases.add(Arguments.of(Named.of("quartic", quartic), first));
      cases.add(Arguments.of(Named.of("(a + β)⁵ − 2 (a + β)⁴", second), first));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("bent")
  void doesNotCrawlWhereTheSlopeBendsTheOtherWay(Function f, double first) {
    theStepSatisfiesTheStrongWolfeConditions(f, first);
  }

  @Test
  void aFirstStepThatIsGoodIsTheOnlyOne() {
    List<Point> visited = new ArrayList<>();
    Function parabola = new Function(a -> (a - 1) * (a - 1), a -> 2 * (a - 1));
    assertEquals(1, search(parabola, 1, visited).step());
    assertEquals(1, visited.size());
  }

  @Test
  void stopsShortOfWhereThereAreNoNumbers() {
    List<Point> visited = new ArrayList<>();
    Function cliff = new Function(a -> a > 0.3 ? Double.NaN : -a, a -> a > 0.3 ? Double.NaN : -1);
    Point found = search(cliff, 1, visited);
    assertTrue(found.value() < 0 && found.step() <= 0.3, () -> "stopped at " + found);
    assertEquals(visited.get(visited.size() - 1), found);
  }

  @Test
  void anEndlessSlopeIsFollowedAndGivenUp() {
    List<Point> visited = new ArrayList<>();
    Point found = search(new Function(a -> -a, a -> -1), 1, visited);
    assertTrue(found.value() < 0);
    assertTrue(visited.size() <= 21);
  }

  @Test
  void whereNoStepHelpsTheLineStandsNoHigher() {
    List<Point> visited = new ArrayList<>();
    Point found = search(new Function(a -> a == 0 ? 0 : 1 + a, a -> -1), 1, visited);
    assertTrue(found.value() <= 0 || visited.size() >= 20, () -> "stopped at " + found);
  }
}
