package dev.gramloom.optimize;

import dev.gramloom.backend.Backend;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What L-BFGS remembers of its steps: how x moved, s, and how the gradient changed, y, of the last
 * few; and the directions that follow.
 *
 * <p>The two loops of Nocedal and Wright's algorithm 7.4 only ever add up these vectors and the
 * gradient, so they run on the vectors' dot products, and the vectors themselves are read once for
 * new products and once for the direction (Chen, Wang and Zhou, "Large-scale L-BFGS using
 * MapReduce", NIPS 2014, algorithm 3), in place of four times.
 */
final class LbfgsHistory implements AutoCloseable {
  /** Least cosine of s and y; below it their product is noise. */
  private static final double LEAST_COSINE = 1e-10;

  private final Backend backend;
  private final Shape shape;
  private final int most;
  private final List<Tensor> vectors = new ArrayList<>(); // s and y of each place, in turn
  private final Deque<Integer> places = new ArrayDeque<>(); // newest first
  private final Deque<Integer> spare = new ArrayDeque<>(); // places whose vectors mean nothing
  private final double[][] products; // of all vectors with each other
  private final double[] slopes; // of all vectors with the gradient

  /**
   * @param shape of x
   * @param most steps remembered
   */
  LbfgsHistory(Backend backend, Shape shape, int most) {
    this.backend = backend;
    this.shape = shape;
    this.most = most;
    products = new double[2 * most][2 * most];
    slopes = new double[2 * most];
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /** What is remembered: s and y of each step, newest first. */
  List<Tensor> vectors() {
    return Arrays.stream(indices()).mapToObj(vectors::get).toList();
  }

  /**
   * Remembers what another history did, to the bit, where this one is new.
   *
   * @param known its {@link #vectors()}; closed with this
   * @param gradient at the end of its last step
   */
  void restore(List<Tensor> known, Tensor gradient) {
    vectors.addAll(known);
    for (int place = 0; place < known.size() / 2; place++) {
      places.addLast(place);
    }
    for (int place : places) {
      measure(place, gradient);
    }
  }

  /** Forgets all steps. */
  void forget() {
    spare.addAll(places);
    places.clear();
  }

  /**
   * Remembers a step, unless the gradient did not grow along it.
   *
   * @param step how far along the direction
   * @param gradient at its end
   * @param startGradient at its start
   */
  void add(double step, Tensor direction, Tensor gradient, Tensor startGradient) {
    int place = place();
    Tensor s = vectors.get(2 * place);
    Tensor y = vectors.get(2 * place + 1);
    backend.combine(new double[] {step}, List.of(direction), s);
    backend.combine(new double[] {1, -1}, List.of(gradient, startGradient), y);
    places.addFirst(place);
    measure(place, gradient);
    double[] ofS = products[2 * place];
    double[] ofY = products[2 * place + 1];
    double curvature = ofS[2 * place + 1];
    if (!(curvature > LEAST_COSINE * Math.sqrt(ofS[2 * place] * ofY[2 * place + 1]))) {
      places.removeFirst();
      spare.add(place);
    }
  }

  /** Where a step goes: a place that was forgotten, or the oldest one's, or a new one. */
  private int place() {
    if (places.size() == most) {
      return places.removeLast();
    }
    if (spare.isEmpty()) {
      spare.add(vectors.size() / 2);
      vectors.add(backend.zeros(shape));
      vectors.add(backend.zeros(shape));
    }
    return spare.remove();
  }

  /** The dot products of a new step and of the gradient with all that is remembered. */
  private void measure(int place, Tensor gradient) {
    int[] known = indices();
    List<Tensor> fresh = List.of(vectors.get(2 * place), vectors.get(2 * place + 1), gradient);
    double[][] dots = backend.dots(fresh, vectors());
    for (int i = 0; i < known.length; i++) {
      for (int row = 0; row < 2; row++) {
        products[2 * place + row][known[i]] = dots[row][i];
        products[known[i]][2 * place + row] = dots[row][i];
      }
      slopes[known[i]] = dots[2][i];
    }
  }

  /** Indices of the vectors that are remembered, s and y of each step, newest first. */
  private int[] indices() {
    return places.stream().flatMapToInt(p -> IntStream.of(2 * p, 2 * p + 1)).toArray();
  }

  /**
   * direction = −H · gradient.
   *
   * @param gradient the one of the last {@link #add}, or any while nothing is remembered
   */
  void setDirection(Tensor gradient, Tensor direction) {
    int[] known = indices();
    double[] factors = factors(known);
    List<Tensor> terms = new ArrayList<>(List.of(gradient));
    terms.addAll(vectors());
    double[] weights = new double[known.length + 1];
    weights[0] = -scale();
    for (int i = 0; i < known.length; i++) {
      weights[i + 1] = factors[known[i]];
    }
    backend.combine(weights, terms, direction);
  }

  /** γ of equation 7.20, ⟨s, y⟩ / ⟨y, y⟩ of the newest step; 1 where there is none. */
  private double scale() {
    if (places.isEmpty()) {
      return 1;
    }
    int s = 2 * places.getFirst();
    return products[s][s + 1] / products[s + 1][s + 1];
  }

  /** The two loops: how much of each vector is in the direction, beside −γ of the gradient. */
  private double[] factors(int[] known) {
    double[] factors = new double[slopes.length];
    double[] alpha = new double[most];
    for (int place : places) {
      int s = 2 * place;
      alpha[place] = (dot(s, factors, known) - slopes[s]) / products[s][s + 1];
      factors[s + 1] = -alpha[place];
    }
    double scale = scale();
    for (int i = 0; i < factors.length; i++) {
      factors[i] *= scale;
    }
    for (Iterator<Integer> oldestFirst = places.descendingIterator(); oldestFirst.hasNext(); ) {
      int place = oldestFirst.next();
      int y = 2 * place + 1;
      double beta = (dot(y, factors, known) - scale * slopes[y]) / products[y - 1][y];
      factors[y - 1] += alpha[place] - beta;
    }
    return factors;
  }

  /** The dot product of a vector with Σ factor · vector. */
  private double dot(int vector, double[] factors, int[] known) {
    double sum = 0;
    for (int i : known) {
      sum += factors[i] * products[vector][i];
    }
    return sum;
  }

  @Override
  public void close() {
    vectors.forEach(Tensor::close);
  }
}
