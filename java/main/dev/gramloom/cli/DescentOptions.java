package dev.gramloom.cli;

import dev.gramloom.loss.GramNormalization;
import dev.gramloom.pyramid.Quality;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.StyleLoss;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How the pixels are moved: the options of every command that moves them. */
final class DescentOptions {
  /** Was taken apart before the words were parsed. */
  @Option(
      names = "--preset",
      paramLabel = "gatys|artistyle|titu1994|style-texture",
      description =
          "the settings of another program, but for flags that are given; gramloom explain says"
              + " what it sets")
  private Preset preset;

  @Option(
      names = "--iterations",
      paramLabel = "LIST",
      description = "iterations at each scale: 100,60,60")
  private String iterations;

  @Option(
      names = "--quality",
      paramLabel = "draft|normal|high",
      description =
          "iterations by name: draft 50,40,20  normal 100,60,60, of a texture by the filters"
              + " 100,40,40  high 300,250,200")
  private Quality quality;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "another seed, another picture (default: 0)")
  long seed;

  @Option(
      names = "--gram-normalization",
      paramLabel = "relative|gatys|neural-style|keras",
      defaultValue = "relative",
      description =
          "what Gram losses are divided by; others than relative are for settings of other"
              + " programs (default: relative)")
  GramNormalization gramNormalization;

  @Option(
      names = "--tv-weight",
      paramLabel = "W",
      defaultValue = "0",
      description = "weight of total variation: smoother (default: 0)")
  double tvWeight;

  @Option(
      names = "--optimizer",
      paramLabel = "lbfgs|adam",
      defaultValue = "lbfgs",
      description = "how pixels are moved (default: lbfgs)")
  Method optimizer;

  @Option(
      names = "--style-loss",
      paramLabel = "gram|swd|mrf|histogram",
      defaultValue = "gram",
      description =
          "by what a style is told: gram: features that occur together; swd: their distribution;"
              + " mrf: patches; histogram: gram and each feature's distribution (default: gram)")
  StyleLoss styleLoss;

  @Option(
      names = "--min-improvement",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "end a scale when ten iterations lower the loss by less than P percent (default: 0)")
  private double minImprovement;

  /** The share of the loss that ten iterations must gain. */
  double minImprovement() {
    return minImprovement / 100;
  }

  /** Refuses parts of pictures where the loss cannot tell them apart. */
  void requireGrams(String flag) {
    if (styleLoss != StyleLoss.GRAM) {
      throw Numbers.usage(
          "--style-loss %s is for whole pictures; %s needs gram".formatted(styleLoss, flag));
    }
  }

  /** Refuses what cannot be, before any file is read. */
  void check() {
    Numbers.within("--tv-weight", tvWeight, 0, 1e6);
    Numbers.within("--min-improvement", minImprovement, 0, 100);
  }

  /**
   * Sizes with their iterations.
   *
   * @param sizes [scales][2], width and height, coarse to fine
   * @param ofFilters whether a texture is made that the built-in filters alone judge
   */
  ScaleSchedule schedule(List<int[]> sizes, boolean ofFilters) {
    if (iterations != null && quality != null) {
      throw Numbers.usage("--iterations and --quality exclude each other");
    }
    int[] counts =
        iterations != null
            ? Numbers.counts("--iterations", iterations)
            : named(sizes.size(), ofFilters && optimizer == Method.LBFGS);
    if (counts.length != sizes.size()) {
      throw Numbers.usage(
          "--iterations must be as many numbers as there are scales, %d, got '%s'"
              .formatted(sizes.size(), iterations));
    }
    List<Scale> ladder = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      ladder.add(new Scale(sizes.get(i)[0], sizes.get(i)[1], counts[i]));
    }
    return new ScaleSchedule(ladder);
  }

  private int[] named(int scales, boolean ofFilters) {
    Quality wanted = quality == null ? Quality.NORMAL : quality;
    return ofFilters ? wanted.ofFilters(scales) : wanted.iterations(scales);
  }
}
