package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Memory;
import dev.gramloom.image.Image;
import dev.gramloom.image.Plane;
import dev.gramloom.image.Resample;
import dev.gramloom.loss.ContentLoss;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.loss.Region;
import dev.gramloom.metric.Photograph;
import dev.gramloom.metric.TextureStatistics;
import dev.gramloom.network.Network;
import dev.gramloom.network.Network.ContentTap;
import dev.gramloom.network.Network.MeanTap;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.synthesis.StyleTerms.Share;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Transfer.Part;
import dev.gramloom.synthesis.Transfer.Style;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A picture that shows one thing in the style of others.
 *
 * <p>Source: Gatys, Ecker and Bethge 2016 (Image Style Transfer Using Convolutional Neural
 * Networks, CVPR); parts as in Gatys et al. 2017, arXiv:1611.07865.
 */
final class TransferGoal implements Goal {
  private final Backend backend;
  private final NetworkRecipe networks;
  private final SynthesisSettings settings;
  private final Transfer transfer;
  private final int tensors;
  private final List<ScaledExemplar> exemplars = new ArrayList<>(); // one a style
  private final List<Runnable> closers = new ArrayList<>(); // of what the scale holds
  private final Map<Plane, List<Share>> shares = new LinkedHashMap<>(); // by target part; or null
  private final List<StyleSamples> samples = new ArrayList<>(); // one a style
  private final List<Photograph> styles = new ArrayList<>(); // as they were measured last
  private Network network;
  private Image content;

  /**
   * @param tensors that the optimiser holds
   */
  TransferGoal(
      Backend backend,
      NetworkRecipe networks,
      SynthesisSettings settings,
      Transfer transfer,
      int tensors) {
    this.backend = backend;
    this.networks = networks;
    this.settings = settings;
    this.transfer = transfer;
    this.tensors = tensors;
    for (Style style : transfer.styles()) {
      exemplars.add(
          new ScaledExemplar(backend, style.image(), style.scale(), settings.schedule(), "style"));
    }
  }

  private Edges edges() {
    return settings.tiling().edges();
  }

  private Network network(Scale scale) {
    int side = scale.shortSide();
    for (ScaledExemplar exemplar : exemplars) {
      Shape shape = exemplar.shape(scale);
      side = Math.min(side, Math.min(shape.height(), shape.width()));
    }
    return networks.at(side);
  }

  @Override
  public Memory require() {
    exemplars.forEach(ScaledExemplar::requireLargeEnough);
    long given = exemplars.stream().mapToLong(ScaledExemplar::floats).sum();
    given += transfer.content() == null ? 0 : transfer.content().rgb().length;
    if (settings.start() instanceof Start.Picture start) {
      given += start.floats();
    }
    long whole = exemplars.stream().mapToLong(ScaledExemplar::wholeFloats).sum();
    MemoryNeed need = new MemoryNeed(backend, given, whole);
    boolean masked = exemplars.stream().anyMatch(ScaledExemplar::isMasked);
    for (Scale scale : settings.schedule().scales()) {
      Shape output = new Shape(3, scale.height(), scale.width());
      List<Shape> seen = new ArrayList<>();
      exemplars.forEach(exemplar -> seen.add(exemplar.shape(scale)));
      if (transfer.content() != null) {
        seen.add(output);
      }
      Network there = network(scale);
      need.add(there, seen, masked, output, tensors, extra(there, output));
    }
    return need.require();
  }

  /** Floats of the content's features and of what parts need. */
  private long extra(Network there, Shape output) {
    Shape[] shapes = there.shapes(output);
    long floats = 0;
    if (transfer.content() != null) {
      for (ContentTap tap : there.contentTaps()) {
        floats += ContentLoss.floats(backend, shapes[tap.node()], transfer.contentMask() != null);
      }
    }
    long parts =
        transfer.styles().stream()
            .flatMap(style -> style.parts().stream())
            .filter(part -> part.source() != null || part.target() != null)
            .count();
    if (parts > 0) {
      for (MeanTap tap : there.meanTaps()) {
        floats += 2 * backend.floats(shapes[tap.node()]);
      }
    }
    long samples = StyleSamples.floats(there, output, settings.styleLoss());
    return floats + parts * Region.floats(backend, output) + transfer.styles().size() * samples;
  }

  @Override
  public void measure(Scale scale, Runnable moment) {
    close();
    network = network(scale);
    for (int i = 0; i < exemplars.size(); i++) {
      Photograph reduced = exemplars.get(i).at(scale);
      styles.add(reduced);
      moment.run();
      measure(transfer.styles().get(i), exemplars.get(i), reduced, moment);
      samples.add(new StyleSamples(backend, network, reduced, settings.styleLoss()));
    }
    if (transfer.content() != null) {
      content =
          Resample.resize(transfer.content(), scale.height(), scale.width(), edges()).clamped();
    }
  }

  private void measure(Style style, ScaledExemplar exemplar, Photograph reduced, Runnable moment) {
    List<Plane> sources =
        style.parts().stream().map(Part::source).filter(source -> source != null).toList();
    StyleMeasure parts = null;
    if (!sources.isEmpty()) {
      parts = new StyleMeasure(backend, network, reduced, sources);
      closers.add(parts::close);
    }
    TextureStatistics whole = null;
    if (sources.size() < style.parts().size()) {
      whole = new TextureStatistics(backend, network, reduced, moment);
      closers.add(whole::close);
      exemplar.requireSomethingToMatch(whole, reduced.shape());
    }
    int next = 0;
    for (Part part : style.parts()) {
      Map<Tap, GramLoss.Target> targets =
          part.source() == null ? whole.targets() : parts.parts().get(next++);
      boolean all = part.target() == null || part.target().everywhere();
      shares
          .computeIfAbsent(all ? null : part.target(), target -> new ArrayList<>())
          .add(new Share(targets, style.weight()));
    }
  }

  @Override
  public Tensor start(Scale scale) {
    return StartPicture.of(backend, settings, scale, styles.get(0));
  }

  @Override
  public Tensor enlarged(Tensor picture, Scale scale) {
    return StartPicture.enlarged(backend, picture, scale, styles.get(0), settings);
  }

  @Override
  public StyleObjective objective(Shape picture) {
    List<Term> terms = new ArrayList<>();
    List<Runnable> owned = new ArrayList<>();
    StyleTerms maker = new StyleTerms(backend, network, picture, settings);
    owned.add(maker::close);
    shares.forEach((part, those) -> {
      Region region = null;
      if (part != null) {
        Plane there = part.resized(picture.height(), picture.width(), edges());
        region = new Region(backend, picture, there.values(), edges());
        owned.add(region::close);
      }
      terms.addAll(maker.of(those, region));
    });
    double[] weights =
        transfer.styles().stream().mapToDouble(s -> s.weight() * settings.styleWeight()).toArray();
    terms.addAll(StyleSamples.terms(backend, samples, weights, network.shapes(picture), edges()));
    if (terms.isEmpty()) {
      throw StyleSamples.nothing(settings.styleLoss(), picture);
    }
    if (content != null && transfer.contentWeight() > 0) {
      terms.addAll(contentTerms(picture));
    }
    return new StyleObjective(backend, network, picture, settings, terms, owned);
  }

  private List<Term> contentTerms(Shape picture) {
    List<Term> terms = new ArrayList<>();
    double weight = transfer.contentWeight() / network.contentTaps().size();
    Region mask = contentRegion(picture);
    try (NetworkPass pass = new NetworkPass(backend, network, picture, edges(), false);
        Tensor pixels = backend.upload(picture, content.rgb())) {
      pass.forward(
          pixels,
          node -> {
            for (ContentTap tap : network.contentTaps()) {
              if (tap.node() == node) {
                Tensor features = pass.output(node);
                float[] places = mask == null ? null : mask.weights(features.shape());
                ContentLoss loss =
                    new ContentLoss(
                        backend, features, places, weight, settings.gramNormalization());
                terms.add(FeatureTerm.content(node, loss));
              }
            }
          });
    } finally {
      if (mask != null) {
        mask.close();
      }
    }
    return terms;
  }

  private Region contentRegion(Shape picture) {
    Plane mask = transfer.contentMask();
    if (mask == null || mask.everywhere()) {
      return null;
    }
    Plane there = mask.resized(picture.height(), picture.width(), edges());
    return new Region(backend, picture, there.values(), edges());
  }

  @Override
  public int[] measured() {
    return new int[] {styles.get(0).shape().width(), styles.get(0).shape().height()};
  }

  /** The content as it was measured last; null where there is none. */
  Image content() {
    return content;
  }

  /** The styles as they were measured last. */
  List<Photograph> styles() {
    return styles;
  }

  /** The network that measured last. */
  Network network() {
    return network;
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
    closers.clear();
    styles.forEach(Photograph::close);
    styles.clear();
    shares.clear();
    samples.clear();
  }
}
