package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Memory;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.ColorMatch;
import dev.gramloom.image.Image;
import dev.gramloom.image.Resample;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.optimize.Adam;
import dev.gramloom.optimize.Lbfgs;
import dev.gramloom.optimize.Optimizer;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisResult.ScaleReport;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Edges;
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
  /** Shortest side of an exemplar at the coarsest scale that still shows a structure, pixels. */
  private static final int LEAST_EXEMPLAR = 8;

  private static final double ADAM_RATE = 0.02; // of white, a step

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
    List<Scale> scales = settings.schedule().scales();
    requireLargeEnough(exemplar, scales.get(0));
    Memory memory = requireMemory(exemplar);
    Image picture = null;
    Image reduced = null;
    TextureStatistics statistics = null;
    for (Scale scale : scales) {
      reduced = exemplarAt(exemplar, scale);
      picture =
          picture == null
              ? StartPicture.of(settings, scale, reduced)
              : StartPicture.enlarged(picture, scale, reduced, settings);
      if (statistics != null) {
        statistics.close();
      }
      Network network = networkAt(scale, reduced.height(), reduced.width());
      statistics = new TextureStatistics(backend, network, reduced);
      requireSomethingToMatch(statistics, reduced);
      if (reports.isEmpty()) {
        progress.begins(memory);
      }
      backend.trim();
      long start = System.nanoTime();
      List<Double> losses = new ArrayList<>();
      picture = optimized(picture, scale, statistics, progress, losses);
      backend.trim();
      double seconds = (System.nanoTime() - start) / 1e9;
      double[] curve = losses.stream().mapToDouble(Double::doubleValue).toArray();
      reports.add(new ScaleReport(scale, reduced.width(), reduced.height(), curve, seconds));
    }
    Image colored =
        (settings.matchColors() ? ColorMatch.match(picture, reduced) : picture).clamped();
    boolean staysInPlace = settings.start() instanceof Start.Picture start && start.coarse();
    Image finished = staysInPlace ? colored : Cut.atCalmPlaces(colored, settings.tiling().edges());
    return new SynthesisResult(finished, reduced, statistics, reports, memory);
  }

  private Image optimized(
      Image from,
      Scale scale,
      TextureStatistics statistics,
      Progress progress,
      List<Double> losses) {
    Shape shape = new Shape(3, scale.height(), scale.width());
    progress.scaleBegins(scale);
    try (Tensor x = backend.upload(shape, from.rgb());
        StyleObjective objective = new StyleObjective(backend, statistics, shape, settings)) {
      optimizer()
          .minimize(
              objective,
              x,
              scale.iterations(),
              (iteration, loss) -> {
                losses.add(loss);
                progress.iterated(
                    done(scale, iteration), scale, iteration, loss, () -> image(x).clamped());
              });
      return image(x);
    }
  }

  private Optimizer optimizer() {
    return switch (settings.method()) {
      case LBFGS -> new Lbfgs(backend);
      case ADAM -> new Adam(backend, ADAM_RATE);
    };
  }

  private Network networkAt(Scale scale, int exemplarHeight, int exemplarWidth) {
    return networks.at(Math.min(scale.shortSide(), Math.min(exemplarHeight, exemplarWidth)));
  }

  /** From the exemplar's own size to its size at a scale. */
  private double factor(Scale scale) {
    return settings.exemplarScale() * settings.schedule().factor(scale);
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

  /** The exemplar reduced by the same factor as the output; never enlarged from scale to scale. */
  private Image exemplarAt(Image exemplar, Scale scale) {
    Image reduced = Resample.scale(exemplar, factor(scale), Edges.REFLECT);
    for (int i = 0; i < reduced.pixels(); i++) {
      if (reduced.uses(i)) {
        return reduced;
      }
    }
    throw new Failure(
        ExitCode.BAD_DATA,
        "the mask must leave some texture at every scale, at %d x %d pixels it leaves none"
            .formatted(reduced.width(), reduced.height()));
  }

  /**
   * What all scales need is known before the first: refuse the last one before the others' work.
   */
  private Memory requireMemory(Image exemplar) {
    long given = floats(exemplar);
    if (settings.start() instanceof Start.Picture start) {
      given += floats(start.image());
    }
    MemoryNeed need = new MemoryNeed(backend, given);
    for (Scale scale : settings.schedule().scales()) {
      int height = Resample.side(exemplar.height(), factor(scale));
      int width = Resample.side(exemplar.width(), factor(scale));
      need.add(
          networkAt(scale, height, width),
          new Shape(3, height, width),
          exemplar.mask() != null,
          new Shape(3, scale.height(), scale.width()),
          optimizer().tensors());
    }
    return need.require();
  }

  private static long floats(Image image) {
    return image.rgb().length + (image.mask() == null ? 0 : image.mask().length);
  }

  private static void requireSomethingToMatch(TextureStatistics statistics, Image exemplar) {
    if (statistics.targets().isEmpty()) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "the mask must leave a tenth of the exemplar and 64 pixels, at %d x %d it leaves less"
              .formatted(exemplar.width(), exemplar.height()));
    }
  }

  private void requireLargeEnough(Image exemplar, Scale coarsest) {
    double side = Math.min(exemplar.height(), exemplar.width()) * factor(coarsest);
    if (side < LEAST_EXEMPLAR) {
      throw new Failure(
          ExitCode.USAGE,
          "the exemplar must be at least %d pixels a side at the coarsest scale, it is %.1f; use fewer scales or a larger exemplar"
              .formatted(LEAST_EXEMPLAR, side));
    }
  }

  private static Image image(Tensor x) {
    return new Image(x.shape().height(), x.shape().width(), x.toArray());
  }
}
