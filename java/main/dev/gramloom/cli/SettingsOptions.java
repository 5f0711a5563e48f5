package dev.gramloom.cli;

import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Tiling;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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

  @Mixin private DescentOptions descent;

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
      names = "--color",
      paramLabel = "match|free",
      defaultValue = "match",
      description = "match: bring the colours' distribution to the exemplar's (default: match)")
  private ColorMode color;

  private enum ColorMode {
    MATCH,
    FREE
  }

  /** The exemplar, its mask and what to start from. */
  List<Path> inputs(Path exemplar) {
    return Stream.of(exemplar, mask, startPicture()).filter(Objects::nonNull).toList();
  }

  /** Refuses what cannot be, before any file is read. */
  void check() {
    schedule(false);
    Numbers.within("--style-weight", styleWeight, 1e-6, 1e6);
    descent.check();
    exemplarScale.check();
  }

  /** Refuses parts of pictures where the loss cannot tell them apart. */
  void requireGrams(String flag) {
    descent.requireGrams(flag);
  }

  /**
   * The settings for an exemplar.
   *
   * @param ofFilters whether the built-in filters alone say what the texture is to be like
   */
  SynthesisSettings settings(Image exemplar, boolean ofFilters) {
    ScaleSchedule schedule = schedule(ofFilters);
    return new SynthesisSettings(
        schedule,
        descent.seed,
        tile,
        start(),
        exemplarScale.factor(true, exemplar, schedule.finest().shortSide()),
        styleWeight,
        descent.gramNormalization,
        descent.tvWeight,
        color == ColorMode.MATCH,
        descent.optimizer,
        descent.styleLoss,
        descent.minImprovement());
  }

  private ScaleSchedule schedule(boolean ofFilters) {
    if (size != null && scales != null) {
      throw Numbers.usage("--size and --scales exclude each other");
    }
    List<int[]> sizes;
    if (scales != null) {
      sizes = Numbers.sizes("--scales", scales);
    } else {
      int[] finest = Numbers.size("--size", size == null ? DEFAULT_SIZE : size);
      sizes = ScaleSchedule.ladder(finest[0], finest[1]);
    }
    return descent.schedule(sizes, ofFilters);
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
