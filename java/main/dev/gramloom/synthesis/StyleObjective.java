package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.optimize.Objective;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;

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
  private double value;
  private Runnable pause = () -> {};

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
    backend.fill(0, gradient);
    value(x);
    pass.backward(this, gradient);
    value += rangeWeight * backend.rangePenalty(x, rangeWeight, gradient);
    if (tvWeight > 0) {
      value += tvWeight * backend.totalVariation(x, edges, tvWeight, gradient);
    }
    return value;
  }

  /** The way forward alone: how far the features are from what they are to become. */
  double value(Tensor x) {
    value = 0;
    pause.run();
    pass.forward(
        x,
        node -> {
          addLosses(node);
          pause.run();
        });
    return value;
  }

  /** The parts of {@link #value} that are of the style, or of the content. */
  double value(Tensor x, boolean ofStyle) {
    double[] sum = new double[1];
    pass.forward(
        x,
        node ->
            terms.stream()
                .filter(term -> term.ofStyle() == ofStyle)
                .forEach(term -> sum[0] += term.value(node, pass)));
    return sum[0];
  }

  /** How many parts the loss has. */
  int terms() {
    return terms.size();
  }

  private void addLosses(int node) {
    for (Term term : terms) {
      value += term.value(node, pass);
    }
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
    pause.run();
    for (Term term : terms) {
      if (term.reads(node)) {
        term.addGradient(node, pass, gradient);
      }
    }
  }

  @Override
  public void close() {
    terms.forEach(Term::close);
    closers.forEach(Runnable::run);
    pass.close();
  }
}
