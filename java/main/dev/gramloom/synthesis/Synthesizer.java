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
import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
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
    return run(exemplar, progress, Checkpoints.NONE);
  }

  /**
   * Makes a texture, or goes on making it.
   *
   * @param checkpoints where the run's state is kept, and found
   * @throws Failure as above, and STOPPED where the checkpoints' keeper ends the run
   */
  public SynthesisResult run(Image exemplar, Progress progress, Checkpoints checkpoints) {
    List<Scale> scales = settings.schedule().scales();
    requireLargeEnough(exemplar, scales.get(0));
    Memory memory = requireMemory(exemplar);
    Course course = new Course(scales, checkpoints);
    boolean begun = false;
    Image picture = null;
    Image reduced = null;
    TextureStatistics statistics = null;
    for (Scale scale : course.ahead()) {
      reduced = exemplarAt(exemplar, scale);
      if (course.resumes()) {
        picture = course.picture();
      } else if (picture == null) {
        picture = StartPicture.of(settings, scale, reduced);
      } else {
        picture = StartPicture.enlarged(picture, scale, reduced, settings);
      }
      if (statistics != null) {
        statistics.close();
      }
      Network network = networkAt(scale, reduced.height(), reduced.width());
      statistics = new TextureStatistics(backend, network, reduced, course::pauseBetween);
      requireSomethingToMatch(statistics, reduced);
      if (!begun) {
        progress.begins(memory);
        begun = true;
      }
      backend.trim();
      OptimizerState from = course.begin(reduced.width(), reduced.height());
      if (!course.isOver()) {
        picture = optimized(picture, from, scale, statistics, progress, course);
      }
      backend.trim();
      course.end(picture);
    }
    Image colored = clamped(settings.matchColors() ? ColorMatch.match(picture, reduced) : picture);
    Image finished = Cut.atCalmPlaces(colored, settings.tiling().edges());
    return new SynthesisResult(finished, reduced, statistics, course.reports(), memory);
  }

  private Image optimized(
      Image picture,
      OptimizerState from,
      Scale scale,
      TextureStatistics statistics,
      Progress progress,
      Course course) {
    Shape shape = new Shape(3, scale.height(), scale.width());
    progress.scaleBegins(scale);
    try (Tensor x = backend.upload(shape, picture.rgb());
        StyleObjective objective = new StyleObjective(backend, statistics, shape, settings)) {
      objective.pauseWith(course::pause);
      Optimizer.Listener listener =
          (iteration, loss) ->
              progress.iterated(
                  done(scale, iteration), scale, iteration, loss, () -> clamped(image(x)));
      optimizer().minimize(objective, x, from, scale.iterations(), course.listener(listener));
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

  private static Image clamped(Image image) {
    float[] rgb = image.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = Math.min(1, Math.max(0, rgb[i]));
    }
    return new Image(image.height(), image.width(), rgb);
  }
}
