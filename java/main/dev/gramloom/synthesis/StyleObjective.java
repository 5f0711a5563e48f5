package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Program;
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
import java.util.function.DoubleSupplier;

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
  private final List<DoubleSupplier> terms = new ArrayList<>(); // of the loss, as they were told
  private Runnable pause = () -> {};
  private Runnable between = pause; // in the walk back
  private Program program; // evaluates at the point, into the slope
  private Tensor point;
  private Tensor slope;

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
    if (program == null || x != point || gradient != slope) {
      closeProgram();
      point = x;
      slope = gradient;
      program = backend.program(moment -> tell(x, gradient, moment));
    }
    program.run(pause);
    return sum(terms);
  }

  /** What an evaluation is made of, the same for each. */
  private void tell(Tensor x, Tensor gradient, Runnable moment) {
    terms.clear();
    backend.fill(0, gradient);
    forward(x, terms, moment);
    between = moment;
    pass.backward(this, gradient);
    add(rangeWeight, backend.laterRangePenalty(x, rangeWeight, gradient));
    if (tvWeight > 0) {
      add(tvWeight, backend.laterTotalVariation(x, edges, tvWeight, gradient));
    }
  }

  /** The way forward alone: how far the features' statistics are from the exemplar's. */
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
          addLosses(node, to);
          moment.run();
        });
  }

  private void add(double weight, DoubleSupplier value) {
    terms.add(() -> weight * value.getAsDouble());
  }

  /** Of all terms, in the order in which they were told. */
  private static double sum(List<DoubleSupplier> terms) {
    double sum = 0;
    for (DoubleSupplier term : terms) {
      sum += term.getAsDouble();
    }
    return sum;
  }

  private void addLosses(int node, List<DoubleSupplier> to) {
    for (GramTerm term : grams) {
      if (term.tap.ready() == node) {
        to.add(term.loss.later(pass.output(term.tap.a()), pass.output(term.tap.b())));
      }
    }
    for (MeanTerm term : means) {
      if (term.node == node) {
        to.add(term.loss.later(pass.output(node)));
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
    between.run();
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

  private void closeProgram() {
    if (program != null) {
      program.close();
    }
  }

  @Override
  public void close() {
    closeProgram();
    grams.forEach(term -> term.loss.close());
    means.forEach(term -> term.loss.close());
    pass.close();
  }
}
