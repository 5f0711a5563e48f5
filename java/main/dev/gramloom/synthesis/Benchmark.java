package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Memory;
import dev.gramloom.backend.TimedBackend;
import dev.gramloom.image.Image;
import dev.gramloom.loss.GramNormalization;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How long one evaluation of the objective takes at one size: the unit that every run is made of.
 * Exemplar and picture are noise, for the time does not depend on what they show.
 *
 * <p>Not thread-safe.
 */
public final class Benchmark implements AutoCloseable {
  /** What is not in any verb: {@link #breakdown}'s last row. */
  static final String BETWEEN = "between the verbs";

  /** As the yardstick in PyTorch has it; by default a run has none. */
  private static final double TV_WEIGHT = 1e-6;

  private static final int FEWEST_WARM_UPS = 2;
  private static final long WARM_UP = 2_000_000_000L; // nanoseconds
  private static final long LONGEST_WARM_UP = 10_000_000_000L;
  private static final double SETTLED = 0.95; // of the last evaluation's time

  /**
   * Seconds of wall time of the same work, done several times.
   *
   * @param median of all
   * @param least of all
   */
  public record Times(double median, double least) {
    private static Times of(double[] seconds) {
      double[] sorted = sorted(seconds);
      return new Times(middle(sorted), sorted[0]);
    }
  }

  /**
   * What an evaluation takes.
   *
   * @param forward from the picture to the loss
   * @param both from the picture to the loss and its gradient
   */
  public record Timing(Times forward, Times both) {}

  /**
   * A part of an evaluation, forwards and backwards.
   *
   * @param what verb and shape
   * @param calls in an evaluation
   * @param seconds all calls of an evaluation together, median over the rounds
   * @param flop of these calls, a multiply-add counted as two; 0 where there are none
   * @param share of the whole, 0..1
   */
  public record Part(String what, long calls, double seconds, double flop, double share) {}

  private final Backend backend;
  private final TextureStatistics statistics;
  private final SynthesisSettings settings;
  private final Shape shape;
  private final Memory memory;
  private final Tensor x;
  private final Tensor gradient;

  /**
   * Makes the pictures and measures the exemplar.
   *
   * @param backend not closed with this
   * @param size side of the pictures, pixels
   * @throws dev.gramloom.failure.Failure OUT_OF_MEMORY if the size will not fit; USAGE if no run
   *     can have it
   */
  public Benchmark(Backend backend, Network network, int size) {
    this.backend = backend;
    settings = settings(size);
    shape = new Shape(3, size, size);
    MemoryNeed need = new MemoryNeed(backend, 0);
    need.add(network, shape, false, shape, 1); // the gradient
    memory = need.require();
    statistics = new TextureStatistics(backend, network, noise(size, 1));
    x = backend.upload(shape, noise(size, 2).rgb());
    gradient = backend.zeros(shape);
  }

  /** What it needs, and may use. */
  public Memory memory() {
    return memory;
  }

  /**
   * A square of noise, even in 0..1.
   *
   * @param size side, pixels
   */
  public static Image noise(int size, long seed) {
    Random random = new Random(seed);
    float[] rgb = new float[3 * size * size];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = random.nextFloat();
    }
    return new Image(size, size, rgb);
  }

  private static SynthesisSettings settings(int size) {
    return new SynthesisSettings(
        new ScaleSchedule(List.of(new Scale(size, size, 1))),
        0,
        Tiling.BOTH,
        new Start.Noise(),
        1,
        1,
        GramNormalization.RELATIVE,
        TV_WEIGHT,
        false,
        Method.LBFGS);
  }

  /**
   * Measures evaluations, when they have warmed up.
   *
   * @param rounds at least 1; in each, one evaluation forwards and one both ways
   */
  public Timing time(int rounds) {
    double[] forward = new double[rounds];
    double[] both = new double[rounds];
    backend.trim();
    try (StyleObjective objective = new StyleObjective(backend, statistics, shape, settings)) {
      warmUp(objective);
      for (int round = 0; round < rounds; round++) {
        forward[round] = seconds(() -> objective.value(x));
        both[round] = seconds(() -> objective.evaluate(x, gradient));
      }
    }
    return new Timing(Times.of(forward), Times.of(both));
  }

  /** Until the compiler is done: some seconds, and then until it brings no more. */
  private void warmUp(StyleObjective objective) {
    long start = System.nanoTime();
    double last = Double.POSITIVE_INFINITY;
    for (int done = 0; ; done++) {
      double seconds = seconds(() -> objective.evaluate(x, gradient));
      long elapsed = System.nanoTime() - start;
      boolean settled = seconds > SETTLED * last || elapsed > LONGEST_WARM_UP;
      if (done + 1 >= FEWEST_WARM_UPS && elapsed > WARM_UP && settled) {
        return;
      }
      last = seconds;
    }
  }

  private double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    backend.await();
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * Measures what evaluations, both ways, are made of; expects that {@link #time} has warmed up.
   *
   * @param rounds at least 1, one evaluation each
   * @return the longest first, at last what is in no verb; shares add up to 1
   */
  public List<Part> breakdown(int rounds) {
    // not closed: that would close the backend, which is not ours
    TimedBackend timed = new TimedBackend(backend);
    Map<String, double[]> seconds = new LinkedHashMap<>();
    List<TimedBackend.Row> rows = List.of();
    backend.trim();
    try (StyleObjective objective = new StyleObjective(timed, statistics, shape, settings)) {
      objective.evaluate(x, gradient); // the first one makes the tensors
      for (int round = 0; round < rounds; round++) {
        timed.reset();
        double whole = seconds(() -> objective.evaluate(x, gradient));
        rows = timed.rows();
        for (TimedBackend.Row row : rows) {
          double taken = row.nanoseconds() / 1e9;
          seconds.computeIfAbsent(row.what(), what -> new double[rounds])[round] = taken;
          whole -= taken;
        }
        seconds.computeIfAbsent(BETWEEN, what -> new double[rounds])[round] = whole;
      }
    }
    return parts(rows, seconds);
  }

  private static List<Part> parts(List<TimedBackend.Row> rows, Map<String, double[]> seconds) {
    double whole = 0;
    for (double[] rounds : seconds.values()) {
      whole += median(rounds);
    }
    List<Part> parts = new ArrayList<>();
    for (TimedBackend.Row row : rows) {
      double taken = median(seconds.get(row.what()));
      parts.add(new Part(row.what(), row.calls(), taken, row.flop(), taken / whole));
    }
    parts.sort((a, b) -> Double.compare(b.seconds, a.seconds));
    double between = median(seconds.get(BETWEEN));
    parts.add(new Part(BETWEEN, 0, between, 0, between / whole));
    return parts;
  }

  private static double median(double[] values) {
    return middle(sorted(values));
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static double middle(double[] sorted) {
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  @Override
  public void close() {
    x.close();
    gradient.close();
    statistics.close();
  }
}
