package dev.gramloom.cli;

import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import picocli.CommandLine.Option;

/** {@code --exemplar-scale}: how large the photograph is seen. */
final class ExemplarScale {
  private static final String FIT = "fit";

  @Option(
      names = "--exemplar-scale",
      paramLabel = "fit|F",
      description =
          "fit: shrink the exemplar until its shorter side is the texture's; F: multiply its size"
              + " (default: fit for synth, 1 for compare)")
  private String text;

  /** Refuses what cannot be, before any file is read. */
  void check() {
    number();
  }

  /**
   * The factor from an exemplar's own size to the size at which it is seen.
   *
   * @param fits whether "fit" is the default, else the exemplar's own size is
   * @param shortSide of the texture, pixels
   */
  double factor(boolean fits, Image exemplar, int shortSide) {
    Double number = number();
    boolean fit = text == null ? fits : number == null;
    int shorter = Math.min(exemplar.height(), exemplar.width());
    double factor = fit ? Math.min(1, (double) shortSide / shorter) : number == null ? 1 : number;
    double width = exemplar.width() * factor;
    double height = exemplar.height() * factor;
    if (width * height > ImageFile.LARGEST_AREA) {
      throw Numbers.usage(
          "--exemplar-scale may make at most %d million pixels, got %.0f x %.0f"
              .formatted(ImageFile.LARGEST_AREA / 1_000_000, width, height));
    }
    return factor;
  }

  /** The number given, or null where none is. */
  private Double number() {
    if (text == null || text.equals(FIT)) {
      return null;
    }
    try {
      return Numbers.within("--exemplar-scale", Double.parseDouble(text), 0.01, 16);
    } catch (NumberFormatException e) {
      throw Numbers.usage("--exemplar-scale must be fit or a number, got '" + text + "'");
    }
  }
}
