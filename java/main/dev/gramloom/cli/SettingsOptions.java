package dev.gramloom.cli;

import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.loss.GramNormalization;
import dev.gramloom.pyramid.Quality;
import dev.gramloom.pyramid.Scale;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.SynthesisSettings.Method;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Tiling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags that decide the pixels, and the settings they stand for. */
final class SettingsOptions {
  private static final String DEFAULT_SIZE = "768";

  @Option(
      names = "--size",
      paramLabel = "N|WxH",
      description = "pixels of the texture; quarter and half come first (default: 768)")
  private String size;

  @Option(
      names = "--scales",
      paramLabel = "LIST",
      description = "all sizes, coarse to fine, in place of --size: 192,384,768")
  private String scales;

  @Option(
      names = "--iterations",
      paramLabel = "LIST",
      description = "iterations at each scale: 100,100,60")
  private String iterations;

  @Option(
      names = "--quality",
      paramLabel = "draft|normal|high",
      description = "iterations by name: draft 50,40,20  normal 100,100,60  high 300,250,200")
  private Quality quality;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "another seed, another texture (default: 0)")
  private long seed;

  @Option(
      names = "--tile",
      paramLabel = "both|x|y|none",
      defaultValue = "both",
      description = "where the texture tiles (default: both)")
  private Tiling tile;

  @Option(
      names = "--init",
      paramLabel = "noise|exemplar|FILE",
      defaultValue = "noise",
      description = "what to start from (default: noise)")
  private String init;

  @Mixin private ExemplarScale exemplarScale;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "a picture of the exemplar's size: white = use")
  Path mask;

  @Option(
      names = "--style-weight",
      paramLabel = "W",
      defaultValue = "1",
      description = "weight of the texture statistics (default: 1)")
  private double styleWeight;

  @Option(
      names = "--gram-normalization",
      paramLabel = "relative|gatys|neural-style|keras",
      defaultValue = "relative",
      description =
          "what Gram losses are divided by; others than relative are for settings of other"
              + " programs (default: relative)")
  private GramNormalization gramNormalization;

  @Option(
      names = "--tv-weight",
      paramLabel = "W",
      defaultValue = "0",
      description = "weight of total variation: smoother (default: 0)")
  private double tvWeight;

  @Option(
      names = "--color",
      paramLabel = "match|free",
      defaultValue = "match",
      description = "match: bring the colours' distribution to the exemplar's (default: match)")
  private ColorMode color;

  @Option(
      names = "--optimizer",
      paramLabel = "lbfgs|adam",
      defaultValue = "lbfgs",
      description = "how pixels are moved (default: lbfgs)")
  private Method optimizer;

  private enum ColorMode {
    MATCH,
    FREE
  }

  /** The exemplar and its mask. */
  List<Path> inputs(Path exemplar) {
    return mask == null ? List.of(exemplar) : List.of(exemplar, mask);
  }

  /** Refuses what cannot be, before any file is read. */
  void check() {
    schedule();
    Numbers.within("--style-weight", styleWeight, 1e-6, 1e6);
    Numbers.within("--tv-weight", tvWeight, 0, 1e6);
    exemplarScale.check();
  }

  /** Refuses pictures that are not there; decodes none. */
  void requireReadable() {
    if (mask != null) {
      ImageFile.requireReadable(mask);
    }
    if (startPicture() != null) {
      ImageFile.requireReadable(startPicture());
    }
  }

  /** The settings for an exemplar. */
  SynthesisSettings settings(Image exemplar) {
    ScaleSchedule schedule = schedule();
    return new SynthesisSettings(
        schedule,
        seed,
        tile,
        start(),
        exemplarScale.factor(true, exemplar, schedule.finest().shortSide()),
        styleWeight,
        gramNormalization,
        tvWeight,
        color == ColorMode.MATCH,
        optimizer);
  }

  private ScaleSchedule schedule() {
    if (size != null && scales != null) {
      throw Numbers.usage("--size and --scales exclude each other");
    }
    if (iterations != null && quality != null) {
      throw Numbers.usage("--iterations and --quality exclude each other");
    }
    List<int[]> sizes;
    if (scales != null) {
      sizes = Numbers.sizes("--scales", scales);
    } else {
      int[] finest = Numbers.size("--size", size == null ? DEFAULT_SIZE : size);
      sizes = ScaleSchedule.ladder(finest[0], finest[1]);
    }
    int[] counts =
        iterations != null
            ? Numbers.counts("--iterations", iterations)
            : (quality == null ? Quality.NORMAL : quality).iterations(sizes.size());
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

  private Start start() {
    Path picture = startPicture();
    if (picture != null) {
      return new Start.Picture(ImageFile.read(picture));
    }
    return init.equalsIgnoreCase("noise") ? new Start.Noise() : new Start.Exemplar();
  }

  /** The file that {@code --init} names, or null. */
  private Path startPicture() {
    boolean word = init.equalsIgnoreCase("noise") || init.equalsIgnoreCase("exemplar");
    return word ? null : FileName.of("--init", init);
  }
}
