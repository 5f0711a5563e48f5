package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Memory;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.metric.Photograph;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.optimize.Optimizer;
import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Transfer.Part;
import dev.gramloom.synthesis.Transfer.Style;
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
    return run(exemplar, progress, Checkpoints.NONE);
  }

  /**
   * Makes a texture, or goes on making it.
   *
   * @param checkpoints where the run's state is kept, and found
   * @throws Failure as above, and STOPPED where the checkpoints' keeper ends the run
   */
  public SynthesisResult run(Image exemplar, Progress progress, Checkpoints checkpoints) {
    Course course = new Course(settings.schedule().scales(), checkpoints);
    Optimizer optimizer = Descent.ofTexture(backend, settings, exemplar);
    // not closed: the statistics go on in the result
    TextureGoal goal = new TextureGoal(backend, networks, settings, exemplar, optimizer.tensors());
    Memory memory = goal.require();
    Image colored;
    try (Tensor picture = coarseToFine(goal, optimizer, memory, progress, course)) {
      colored =
          (settings.matchColors() ? goal.matched(picture) : Iterates.image(picture)).clamped();
    }
    Image reduced = goal.exemplar();
    goal.forgetExemplar();
    boolean staysInPlace = settings.start() instanceof Start.Picture start && start.coarse();
    Image finished = staysInPlace ? colored : Cut.atCalmPlaces(colored, settings.tiling().edges());
    return new SynthesisResult(finished, reduced, goal.statistics(), course.reports(), memory);
  }

  /**
   * Makes a texture whose parts lie where a map wants them. Its colours are not matched: the map
   * decides how much there is of each part.
   *
   * @param parts which part of the exemplar goes where; at least one
   * @param checkpoints where the run's state is kept, and found
   * @throws Failure if the exemplar is too small for the scales
   */
  public SynthesisResult run(
      Image exemplar, List<Part> parts, Progress progress, Checkpoints checkpoints) {
    Style style = new Style(exemplar, settings.exemplarScale(), 1, parts);
    Transfer transfer = new Transfer(null, null, 0, List.of(style));
    Course course = new Course(settings.schedule().scales(), checkpoints);
    Optimizer optimizer = Descent.ofPicture(backend, settings);
    try (TransferGoal goal =
        new TransferGoal(backend, networks, settings, transfer, optimizer.tensors())) {
      Memory memory = goal.require();
      Image picture = fetched(coarseToFine(goal, optimizer, memory, progress, course)).clamped();
      Photograph reduced = goal.styles().get(0);
      TextureStatistics statistics =
          new TextureStatistics(backend, goal.network(), reduced, () -> {});
      return new SynthesisResult(picture, reduced.image(), statistics, course.reports(), memory);
    }
  }

  /**
   * Makes a picture that shows one thing in the style of others.
   *
   * @param checkpoints where the run's state is kept, and found
   * @throws Failure if a picture is too small for the scales or a mask leaves too little
   */
  public TransferResult run(Transfer transfer, Progress progress, Checkpoints checkpoints) {
    Course course = new Course(settings.schedule().scales(), checkpoints);
    Optimizer optimizer = Descent.ofPicture(backend, settings);
    try (TransferGoal goal =
        new TransferGoal(backend, networks, settings, transfer, optimizer.tensors())) {
      Memory memory = goal.require();
      Image picture = fetched(coarseToFine(goal, optimizer, memory, progress, course)).clamped();
      Shape shape = new Shape(3, picture.height(), picture.width());
      try (Tensor x = backend.upload(shape, picture.rgb());
          StyleObjective objective = goal.objective(shape)) {
        StyleObjective.Parts loss = objective.parts(x);
        return new TransferResult(
            picture,
            goal.content(),
            goal.styles().stream().map(Photograph::image).toList(),
            goal.network(),
            loss.style(),
            loss.content(),
            course.reports(),
            memory);
      }
    }
  }

  private static Image fetched(Tensor picture) {
    try (picture) {
      return Iterates.image(picture);
    }
  }

  /** The finest scale's result, [3][H][W], where the backend has it. */
  private Tensor coarseToFine(
      Goal goal, Optimizer optimizer, Memory memory, Progress progress, Course course) {
    Tensor picture = null;
    boolean begun = false;
    boolean ended = false;
    try {
      for (Scale scale : course.ahead()) {
        goal.measure(scale, course::pauseBetween);
        picture = start(picture, scale, goal, course);
        if (!begun) {
          progress.begins(memory);
          begun = true;
        }
        backend.trim();
        int[] measured = goal.measured();
        OptimizerState from = course.begin(measured[0], measured[1]);
        if (!course.isOver()) {
          optimize(optimizer, picture, from, scale, goal, progress, course);
        }
        backend.trim();
        course.end(picture);
      }
      ended = true;
      return picture;
    } finally {
      if (picture != null && !ended) {
        picture.close();
      }
    }
  }

  /**
   * What a scale begins with.
   *
   * @param coarser the result of the scale before, which is closed; null where there is none
   */
  private Tensor start(Tensor coarser, Scale scale, Goal goal, Course course) {
    if (coarser == null) {
      return course.resumes()
          ? backend.upload(new Shape(3, scale.height(), scale.width()), course.picture().rgb())
          : goal.start(scale);
    }
    try (coarser) {
      return goal.enlarged(coarser, scale);
    }
  }

  /** Moves x, [3][H][W], to where the loss is low. */
  private void optimize(
      Optimizer optimizer,
      Tensor x,
      OptimizerState from,
      Scale scale,
      Goal goal,
      Progress progress,
      Course course) {
    progress.scaleBegins(scale);
    try (StyleObjective objective = goal.objective(x.shape())) {
      Iterates iterates = new Iterates(backend, x, progress);
      objective.pauseWith(() -> {
        iterates.tell();
        course.pause();
      });
      Optimizer.Listener listener =
          (iteration, loss) -> {
            iterates.iterated(done(scale, iteration), scale, iteration, loss);
            if (course.gainedLess(settings.minImprovement(), SETTLING)) {
              throw new Settled();
            }
          };
      try {
        optimizer.minimize(objective, x, from, scale.iterations(), course.listener(listener));
      } catch (Settled e) {
        // x is the last iterate
      }
      iterates.tell();
    }
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
}
