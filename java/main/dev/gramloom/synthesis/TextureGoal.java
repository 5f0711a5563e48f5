package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Memory;
import dev.gramloom.image.Image;
import dev.gramloom.metric.Photograph;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A texture: the statistics of one exemplar, everywhere. */
final class TextureGoal implements Goal {
  private final Backend backend;
  private final NetworkRecipe networks;
  private final SynthesisSettings settings;
  private final ScaledExemplar exemplar;
  private final int tensors;
  private Photograph reduced;
  private TextureStatistics statistics;
  private StyleSamples samples;

  /**
   * @param tensors that the optimiser holds
   */
  TextureGoal(
      Backend backend,
      NetworkRecipe networks,
      SynthesisSettings settings,
      Image exemplar,
      int tensors) {
    this.backend = backend;
    this.networks = networks;
    this.settings = settings;
    this.exemplar =
        new ScaledExemplar(
            backend, exemplar, settings.exemplarScale(), settings.schedule(), "exemplar");
    this.tensors = tensors;
  }

  private Network network(Scale scale, Shape seen) {
    return networks.at(Math.min(scale.shortSide(), Math.min(seen.height(), seen.width())));
  }

  /**
   * What all scales need is known before the first: refuse the last one before the others' work.
   */
  @Override
  public Memory require() {
    exemplar.requireLargeEnough();
    long given = exemplar.floats();
    if (settings.start() instanceof Start.Picture start) {
      given += start.floats();
    }
    MemoryNeed need = new MemoryNeed(backend, given, exemplar.wholeFloats());
    for (Scale scale : settings.schedule().scales()) {
      Shape seen = exemplar.shape(scale);
      Shape output = new Shape(3, scale.height(), scale.width());
      boolean masked = exemplar.isMasked();
      Network network = network(scale, seen);
      long samples = StyleSamples.floats(network, output, settings.styleLoss());
      need.add(network, List.of(seen), masked, output, tensors, samples);
    }
    return need.require();
  }

  @Override
  public void measure(Scale scale, Runnable moment) {
    close();
    reduced = exemplar.at(scale);
    Network network = network(scale, exemplar.shape(scale));
    statistics = new TextureStatistics(backend, network, reduced, moment);
    exemplar.requireSomethingToMatch(statistics, reduced.shape());
    samples = new StyleSamples(backend, statistics.network(), reduced, settings.styleLoss());
  }

  @Override
  public Tensor start(Scale scale) {
    return StartPicture.of(backend, settings, scale, reduced);
  }

  @Override
  public Tensor enlarged(Tensor picture, Scale scale) {
    return StartPicture.enlarged(backend, picture, scale, reduced, settings);
  }

  @Override
  public StyleObjective objective(Shape picture) {
    Network network = statistics.network();
    List<Term> terms = new ArrayList<>();
    if (settings.styleLoss().hasGrams()) {
      terms.addAll(new StyleTerms(backend, network, picture, settings).of(statistics.targets()));
    }
    double[] weight = {settings.styleWeight()};
    Shape[] shapes = network.shapes(picture);
    terms.addAll(
        StyleSamples.terms(backend, List.of(samples), weight, shapes, settings.tiling().edges()));
    if (terms.isEmpty()) {
      throw StyleSamples.nothing(settings.styleLoss(), picture);
    }
    return new StyleObjective(backend, network, picture, settings, terms, List.of());
  }

  /**
   * The picture in the colours of the exemplar as it was measured last: fetched when all is done.
   *
   * @param picture [3][H][W], which is left as it is
   */
  Image matched(Tensor picture) {
    try (Tensor mask = reduced.mask(backend);
        Tensor matched = backend.zeros(picture.shape())) {
      backend.matchColors(picture, null, reduced.pixels(), mask, matched);
      return Iterates.image(matched);
    }
  }

  @Override
  public int[] measured() {
    return new int[] {reduced.shape().width(), reduced.shape().height()};
  }

  /** The exemplar as it was measured last. */
  Image exemplar() {
    return reduced.image();
  }

  /** What was measured last. */
  TextureStatistics statistics() {
    return statistics;
  }

  @Override
  public void close() {
    forgetExemplar();
    if (statistics != null) {
      statistics.close();
    }
  }

  /** What was measured of it stays. */
  void forgetExemplar() {
    if (reduced != null) {
      reduced.close();
    }
  }
}
