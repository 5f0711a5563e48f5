package dev.gramloom.synthesis;

import dev.gramloom.backend.Backend;
import dev.gramloom.loss.Blend;
import dev.gramloom.loss.FeatureLoss;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.loss.MeanLoss;
import dev.gramloom.loss.PairLoss;
import dev.gramloom.loss.Region;
import dev.gramloom.loss.RegionGramLoss;
import dev.gramloom.loss.RegionMeanLoss;
import dev.gramloom.loss.Scratch;
import dev.gramloom.network.Network;
import dev.gramloom.network.Network.MeanTap;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Makes the style's part of a loss from what was measured of exemplars. */
final class StyleTerms implements AutoCloseable {
  /**
   * What one style asks of a part of the output.
   *
   * @param targets by tap; not closed with the terms
   * @param weight of this style, at least 0
   */
  record Share(Map<Tap, GramLoss.Target> targets, double weight) {}

  private final Backend backend;
  private final Network network;
  private final Shape picture;
  private final Shape[] shapes;
  private final SynthesisSettings settings;
  private final Scratch scratch;

  /**
   * @param picture shape of the output, [3][H][W]
   */
  StyleTerms(Backend backend, Network network, Shape picture, SynthesisSettings settings) {
    this.backend = backend;
    this.network = network;
    this.picture = picture;
    this.settings = settings;
    shapes = network.shapes(picture);
    scratch = new Scratch(backend);
  }

  /** One style for all of the output. */
  List<Term> of(Map<Tap, GramLoss.Target> targets) {
    return of(List.of(new Share(targets, 1)), null);
  }

  /**
   * Styles that meet in one part of the output: their targets are blended, so that several cost as
   * much as one.
   *
   * @param styles at least one
   * @param region the part, not closed with the terms; null for all
   */
  List<Term> of(List<Share> styles, Region region) {
    List<Term> grams = new ArrayList<>();
    List<Term> means = new ArrayList<>();
    for (Tap tap : network.taps()) {
      List<Share> those = styles.stream().filter(s -> s.targets.containsKey(tap)).toList();
      if (!those.isEmpty() && (region == null || region.reaches(shapes[tap.a()]))) {
        add(tap, those, region, grams, means);
      }
    }
    grams.addAll(means);
    return grams;
  }

  private void add(Tap tap, List<Share> styles, Region region, List<Term> grams, List<Term> means) {
    double share = region == null ? 1 : region.share();
    double[] scales = new double[styles.size()];
    double[] meanScales = new double[styles.size()];
    double sum = 0;
    double magnitude = 0;
    for (int i = 0; i < scales.length; i++) {
      GramLoss.Target target = styles.get(i).targets.get(tap);
      double norm = backend.dot(target.gram(), target.gram());
      double factor =
          settings
              .gramNormalization()
              .factor(norm, shapes[tap.a()].channels(), shapes[tap.a()].pixels(), picture.pixels());
      double weight = share * settings.styleWeight() * styles.get(i).weight;
      scales[i] = weight * tap.weight() * factor;
      magnitude += styles.get(i).weight * (norm > 0 ? norm * factor : 1);
      sum += styles.get(i).weight;
      if (target.centreA() != null) {
        double variance = target.trace();
        meanScales[i] = variance > 0 ? weight / variance : weight;
      }
    }
    if (sum == 0) {
      return;
    }
    List<GramLoss.Target> targets = styles.stream().map(s -> s.targets.get(tap)).toList();
    GramLoss.Target blend = Blend.target(backend, targets, scales);
    double scale = Arrays.stream(scales).sum();
    PairLoss loss =
        region == null
            ? new GramLoss(backend, blend, scale)
            : new RegionGramLoss(backend, blend, scale, region);
    grams.add(new GramTerm(tap, loss, magnitude / sum, blend));
    for (MeanTap mean : network.meanTaps()) {
      if (mean.node() == tap.a() && mean.node() == tap.b()) {
        means.add(meanTerm(mean, targets, meanScales, region));
      }
    }
  }

  private Term meanTerm(
      MeanTap tap, List<GramLoss.Target> targets, double[] scales, Region region) {
    Tensor blend =
        Blend.mean(backend, targets.stream().map(GramLoss.Target::centreA).toList(), scales);
    double scale = tap.weight() * Arrays.stream(scales).sum();
    FeatureLoss loss =
        region == null
            ? new MeanLoss(backend, blend, 1, scale)
            : new RegionMeanLoss(backend, blend, scale, region, scratch);
    return new FeatureTerm(tap.node(), loss, 0, blend, true);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
