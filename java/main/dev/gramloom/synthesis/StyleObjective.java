package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Program;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.optimize.Objective;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * How far a picture is from what it is to become, and which way to go: where network and losses
 * meet.
 *
 * <p>Not thread-safe.
 */
final class StyleObjective implements Objective, NetworkPass.Source, AutoCloseable {
  /**
   * Keeps pixels near 0..1; enough that a last clamp changes nothing one sees. Relative to what the
   * style losses of an empty picture would be, 1 each where they are relative themselves.
   */
  private static final float RANGE_WEIGHT = 10;

  private final Backend backend;
  private final NetworkPass pass;
  private final Edges edges;
  private final float tvWeight;
  private final List<Term> terms;
  private final List<Runnable> closers;
  private final float rangeWeight;
  private final List<DoubleSupplier> values = new ArrayList<>(); // of the loss, as they were told
  private Runnable pause = () -> {};
  private Runnable between = pause; // in the walk back
  private Program program; // evaluates at the point, into the slope
  private Tensor point;
  private Tensor slope;

  /**
   * A texture's: the statistics of one exemplar.
   *
   * @param statistics of the exemplar
   * @param picture shape of the output, [3][H][W]
   */
  StyleObjective(
      Backend backend, TextureStatistics statistics, Shape picture, SynthesisSettings settings) {
    this(
        backend,
        statistics.network(),
        picture,
        settings,
        new StyleTerms(backend, statistics.network(), picture, settings).of(statistics.targets()),
        List.of());
  }

  /**
   * @param picture shape of the output, [3][H][W]
   * @param terms what the picture is to become; closed with this
   * @param closers of what the terms share; run when this is closed
   */
  StyleObjective(
      Backend backend,
      Network network,
      Shape picture,
      SynthesisSettings settings,
      List<Term> terms,
      List<Runnable> closers) {
    this.backend = backend;
    this.edges = settings.tiling().edges();
    this.tvWeight = (float) settings.tvWeight();
    this.terms = List.copyOf(terms);
    this.closers = List.copyOf(closers);
    pass = new NetworkPass(backend, network, picture, edges, true);
    double magnitude =
        terms.stream().mapToDouble(Term::magnitude).filter(m -> m > 0).average().orElse(1);
    rangeWeight = (float) (RANGE_WEIGHT * magnitude);
  }

  /**
   * From now on {@code moment} runs now and then within an evaluation, which it may end by
   * throwing.
   */
  void pauseWith(Runnable moment) {
    pause = moment;
  }

  @Override
  public double evaluate(Tensor x, Tensor gradient) {
    if (program == null || x != point || gradient != slope) {
      closeProgram();
      point = x;
      slope = gradient;
      Program.Steps steps = moment -> tell(x, gradient, moment);
      boolean repeats = terms.stream().allMatch(Term::repeats);
      program = repeats ? backend.program(steps) : Program.told(steps);
    }
    program.run(pause);
    return sum(values);
  }

  /** What an evaluation is made of, the same for each. */
  private void tell(Tensor x, Tensor gradient, Runnable moment) {
    values.clear();
    backend.fill(0, gradient);
    forward(x, values, moment);
    between = moment;
    pass.backward(this, gradient);
    add(rangeWeight, backend.laterRangePenalty(x, rangeWeight, gradient));
    if (tvWeight > 0) {
      add(tvWeight, backend.laterTotalVariation(x, edges, tvWeight, gradient));
    }
  }

  /** The way forward alone: how far the features are from what they are to become. */
  double value(Tensor x) {
    List<DoubleSupplier> alone = new ArrayList<>();
    forward(x, alone, pause);
    return sum(alone);
  }

  private void forward(Tensor x, List<DoubleSupplier> to, Runnable moment) {
    moment.run();
    pass.forward(
        x,
        node -> {
          terms.forEach(term -> term.tell(node, pass, to));
          moment.run();
        });
  }

  private void add(double weight, DoubleSupplier value) {
    values.add(() -> weight * value.getAsDouble());
  }

  /** In the order in which they were told. */
  private static double sum(List<DoubleSupplier> values) {
    double sum = 0;
    for (DoubleSupplier value : values) {
      sum += value.getAsDouble();
    }
    return sum;
  }

  /**
   * What a loss is made of.
   *
   * @param style how far the features are from the styles'
   * @param content how far from the content's
   */
  record Parts(double style, double content) {}

  /** The parts of {@link #value}. */
  Parts parts(Tensor x) {
    double[] sums = new double[2];
    pass.forward(
        x, node -> terms.forEach(term -> sums[term.ofStyle() ? 0 : 1] += term.value(node, pass)));
    return new Parts(sums[0], sums[1]);
  }

  /** How many parts the loss has. */
  int terms() {
    return terms.size();
  }

  @Override
  public boolean reads(int node) {
    for (Term term : terms) {
      if (term.reads(node)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void addGradient(int node, Tensor gradient) {
    between.run();
    for (Term term : terms) {
      if (term.reads(node)) {
        term.addGradient(node, pass, gradient);
      }
    }
  }

  private void closeProgram() {
    if (program != null) {
      program.close();
    }
  }

  @Override
  public void close() {
    closeProgram();
    terms.forEach(Term::close);
    closers.forEach(Runnable::run);
    pass.close();
  }
}
