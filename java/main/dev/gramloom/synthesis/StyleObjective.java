package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.loss.MeanLoss;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.network.Network.MeanTap;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.optimize.Objective;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far a picture is from the exemplar's statistics, and which way to go: where network and
 * losses meet.
 *
 * <p>Not thread-safe.
 */
final class StyleObjective implements Objective, NetworkPass.Source, AutoCloseable {
  /**
   * Keeps pixels near 0..1; enough that a last clamp changes nothing one sees. Relative to what the
   * Gram losses of an empty picture would be, 1 each where they are relative themselves.
   */
  private static final float RANGE_WEIGHT = 10;

  private record GramTerm(Tap tap, GramLoss loss) {}

  private record MeanTerm(int node, MeanLoss loss) {}

  private final Backend backend;
  private final NetworkPass pass;
  private final Edges edges;
  private final float tvWeight;
  private final List<GramTerm> grams = new ArrayList<>();
  private final List<MeanTerm> means = new ArrayList<>();
  private final float rangeWeight;
  private double magnitude; // sum over taps of their normalization times ‖T‖²
  private double value;
  private Runnable pause = () -> {};

  /**
   * @param statistics of the exemplar
   * @param picture shape of the output, [3][H][W]
   */
  StyleObjective(
      Backend backend, TextureStatistics statistics, Shape picture, SynthesisSettings settings) {
    this.backend = backend;
    this.edges = settings.tiling().edges();
    this.tvWeight = (float) settings.tvWeight();
    pass = new NetworkPass(backend, statistics.network(), picture, edges, true);
    for (Map.Entry<Tap, GramLoss.Target> entry : statistics.targets().entrySet()) {
      add(entry.getKey(), entry.getValue(), statistics.network(), picture, settings);
    }
    rangeWeight = (float) (RANGE_WEIGHT * magnitude / grams.size());
  }

  private void add(
      Tap tap, GramLoss.Target target, Network network, Shape picture, SynthesisSettings settings) {
    Shape shape = pass.shape(tap.a());
    double norm = backend.dot(target.gram(), target.gram());
    double factor =
        settings
            .gramNormalization()
            .factor(norm, shape.channels(), shape.pixels(), picture.pixels());
    magnitude += norm > 0 ? norm * factor : 1;
    double weight = settings.styleWeight() * tap.weight();
    grams.add(new GramTerm(tap, new GramLoss(backend, target, weight * factor)));
    for (MeanTap mean : network.meanTaps()) {
      if (mean.node() == tap.a() && mean.node() == tap.b()) {
        double meanWeight = settings.styleWeight() * mean.weight();
        means.add(new MeanTerm(mean.node(), meanLoss(target, meanWeight)));
      }
    }
  }

  private MeanLoss meanLoss(GramLoss.Target target, double weight) {
    return new MeanLoss(backend, target.centreA(), target.trace(), weight);
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

  /** The way forward alone: how far the features' statistics are from the exemplar's. */
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

  private void addLosses(int node) {
    for (GramTerm term : grams) {
      if (term.tap.ready() == node) {
        value += term.loss.value(pass.output(term.tap.a()), pass.output(term.tap.b()));
      }
    }
    for (MeanTerm term : means) {
      if (term.node == node) {
        value += term.loss.value(pass.output(node));
      }
    }
  }

  @Override
  public boolean reads(int node) {
    for (GramTerm term : grams) {
      if (term.tap.a() == node || term.tap.b() == node) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void addGradient(int node, Tensor gradient) {
    pause.run();
    for (GramTerm term : grams) {
      Tap tap = term.tap;
      if (tap.a() == node && tap.b() == node) {
        term.loss.addGradientOfBoth(pass.output(node), gradient);
      } else if (tap.a() == node) {
        term.loss.addGradientOfRows(pass.output(tap.b()), gradient);
      } else if (tap.b() == node) {
        term.loss.addGradientOfColumns(pass.output(tap.a()), gradient);
      }
    }
    for (MeanTerm term : means) {
      if (term.node == node) {
        term.loss.addGradient(gradient);
      }
    }
  }

  @Override
  public void close() {
    grams.forEach(term -> term.loss.close());
    means.forEach(term -> term.loss.close());
    pass.close();
  }
}
