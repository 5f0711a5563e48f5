package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Memory;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.ColorMatch;
import dev.gramloom.image.Image;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.optimize.Adam;
import dev.gramloom.optimize.Lbfgs;
import dev.gramloom.optimize.Optimizer;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisResult.ScaleReport;
import dev.gramloom.synthesis.Transfer.Part;
import dev.gramloom.synthesis.Transfer.Style;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The recipe: from coarse to fine, move the pixels until the statistics of their features are the
 * exemplar's.
 *
 * <p>Source: Gatys, Ecker and Bethge 2015, arXiv:1505.07376, section 3, on a torus and coarse to
 * fine, as Gatys et al. 2017 (arXiv:1611.07865, section 6) do for large pictures.
 */
public final class Synthesizer {
  private static final double ADAM_RATE = 0.02; // of white, a step
  private static final int SETTLING = 10; // iterations

  /** Ends a scale early: the optimisers know no other way out of an iteration. */
  private static final class Settled extends RuntimeException {
    private static final long serialVersionUID = 1;

    Settled() {
      super("settled", null, false, false);
    }
  }

  private final Backend backend;
  private final NetworkRecipe networks;
  private final SynthesisSettings settings;

  /** A run's tools and settings. */
  public Synthesizer(Backend backend, NetworkRecipe networks, SynthesisSettings settings) {
    this.backend = backend;
    this.networks = networks;
    this.settings = settings;
  }

  /**
   * Makes a texture.
   *
   * @param exemplar the photograph; its mask says which part of it is texture
   * @throws Failure if the exemplar is too small for the scales or its mask leaves too little
   */
  public SynthesisResult run(Image exemplar, Progress progress) {
    List<ScaleReport> reports = new ArrayList<>();
    // not closed: the statistics go on in the result
    TextureGoal goal =
        new TextureGoal(backend, networks, settings, exemplar, optimizer().tensors());
    Memory memory = goal.require();
    Image picture = coarseToFine(goal, memory, progress, reports);
    Image reduced = goal.exemplar();
    Image colored =
        (settings.matchColors() ? ColorMatch.match(picture, reduced) : picture).clamped();
    Image finished = Cut.atCalmPlaces(colored, settings.tiling().edges());
    return new SynthesisResult(finished, reduced, goal.statistics(), reports, memory);
  }

  /**
   * Makes a texture whose parts lie where a map wants them. Its colours are not matched: the map
   * decides how much there is of each part.
   *
   * @param parts which part of the exemplar goes where; at least one
   * @throws Failure if the exemplar is too small for the scales
   */
  public SynthesisResult run(Image exemplar, List<Part> parts, Progress progress) {
    Style style = new Style(exemplar, settings.exemplarScale(), 1, parts);
    Transfer transfer = new Transfer(null, null, 0, List.of(style));
    List<ScaleReport> reports = new ArrayList<>();
    try (TransferGoal goal =
        new TransferGoal(backend, networks, settings, transfer, optimizer().tensors())) {
      Memory memory = goal.require();
      Image picture = coarseToFine(goal, memory, progress, reports).clamped();
      Image reduced = goal.styles().get(0);
      TextureStatistics statistics = new TextureStatistics(backend, goal.network(), reduced);
      return new SynthesisResult(picture, reduced, statistics, reports, memory);
    }
  }

  /**
   * Makes a picture that shows one thing in the style of others.
   *
   * @throws Failure if a picture is too small for the scales or a mask leaves too little
   */
  public TransferResult run(Transfer transfer, Progress progress) {
    List<ScaleReport> reports = new ArrayList<>();
    try (TransferGoal goal =
        new TransferGoal(backend, networks, settings, transfer, optimizer().tensors())) {
      Memory memory = goal.require();
      Image picture = coarseToFine(goal, memory, progress, reports).clamped();
      Shape shape = new Shape(3, picture.height(), picture.width());
      try (Tensor x = backend.upload(shape, picture.rgb());
          StyleObjective objective = goal.objective(shape)) {
        return new TransferResult(
            picture,
            goal.content(),
            goal.styles(),
            goal.network(),
            objective.value(x, true),
            objective.value(x, false),
            reports,
            memory);
      }
    }
  }

  private Image coarseToFine(
      Goal goal, Memory memory, Progress progress, List<ScaleReport> reports) {
    Image picture = null;
    for (Scale scale : settings.schedule().scales()) {
      goal.measure(scale);
      picture = picture == null ? goal.start(scale) : goal.enlarged(picture, scale);
      if (reports.isEmpty()) {
        progress.begins(memory);
      }
      backend.trim();
      long start = System.nanoTime();
      List<Double> losses = new ArrayList<>();
      picture = optimized(picture, scale, goal, progress, losses);
      backend.trim();
      double seconds = (System.nanoTime() - start) / 1e9;
      double[] curve = losses.stream().mapToDouble(Double::doubleValue).toArray();
      int[] measured = goal.measured();
      reports.add(new ScaleReport(scale, measured[0], measured[1], curve, seconds));
    }
    return picture;
  }

  private Image optimized(
      Image from, Scale scale, Goal goal, Progress progress, List<Double> losses) {
    Shape shape = new Shape(3, scale.height(), scale.width());
    progress.scaleBegins(scale);
    try (Tensor x = backend.upload(shape, from.rgb());
        StyleObjective objective = goal.objective(shape)) {
      descend(objective, x, scale, progress, losses);
      return image(x);
    }
  }

  private void descend(
      StyleObjective objective, Tensor x, Scale scale, Progress progress, List<Double> losses) {
    try {
      optimizer()
          .minimize(
              objective,
              x,
              scale.iterations(),
              (iteration, loss) -> {
                losses.add(loss);
                progress.iterated(
                    done(scale, iteration), scale, iteration, loss, () -> image(x).clamped());
                if (hasSettled(losses)) {
                  throw new Settled();
                }
              });
    } catch (Settled e) {
      // x is the last iterate
    }
  }

  /** Whether the last iterations gained less than is wanted. */
  private boolean hasSettled(List<Double> losses) {
    int now = losses.size() - 1;
    if (settings.minImprovement() == 0 || now < SETTLING) {
      return false;
    }
    double before = losses.get(now - SETTLING);
    return before - losses.get(now) < settings.minImprovement() * before;
  }

  private Optimizer optimizer() {
    return switch (settings.method()) {
      case LBFGS -> new Lbfgs(backend);
      case ADAM -> new Adam(backend, ADAM_RATE);
    };
  }

  /** The share of all pixel-iterations that is behind us. */
  private double done(Scale scale, int iteration) {
    double before = 0;
    double all = 0;
    for (Scale s : settings.schedule().scales()) {
      double pixels = (double) s.width() * s.height();
      all += pixels * s.iterations();
      if (s.width() < scale.width() || s.height() < scale.height()) {
        before += pixels * s.iterations();
      } else if (s.equals(scale)) {
        before += pixels * iteration;
      }
    }
    return before / all;
  }

  private static Image image(Tensor x) {
    return new Image(x.shape().height(), x.shape().width(), x.toArray());
  }
}
