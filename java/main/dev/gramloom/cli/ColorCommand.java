package dev.gramloom.cli;

import dev.gramloom.cli.batch.Companions;
import dev.gramloom.image.ColorSpace;
import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.ColorTransfer;
import dev.gramloom.image.ColorTransfer.Method;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gramloom color}: one picture in the colours of another. */
@Command(
    name = "color",
    description = "Gives a picture the colours of another one.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class ColorCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "the picture to change")
  private Path sourceFile;

  @Parameters(index = "1", paramLabel = "PALETTE", description = "the picture with the colours")
  private Path paletteFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "default: the source's name with .color.png")
  private Path output;

  @Option(
      names = "--method",
      paramLabel = "luminance|linear|histogram",
      defaultValue = "linear",
      description =
          "histogram: the whole distribution; linear: mean and covariance; luminance: keep the"
              + " light, take the hue of the same place (default: linear)")
  private Method method;

  @Option(
      names = "--space",
      paramLabel = "rgb|ycbcr|lab",
      description = "where it is computed (default: rgb, for luminance ycbcr)")
  private ColorSpace space;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "a picture of the source's size: white = change; soft edges stay soft")
  private Path maskFile;

  ColorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ColorSpace where = space == null ? method.usualSpace() : space;
    if (!method.worksIn(where)) {
      throw Numbers.usage("--method luminance needs a --space with light apart: ycbcr or lab");
    }
    Path target = output == null ? Companions.beside(sourceFile, ".color.png") : output;
    ImageFile.requireWritable(target);
    for (Path input : new Path[] {sourceFile, paletteFile, maskFile}) {
      if (input != null) {
        Outputs.requireOther(input, target);
      }
    }
    Image source = ImageFile.read(sourceFile);
    float[] share = maskFile == null ? null : ImageFile.softMask(source, "source", maskFile);
    Image palette = palette(source);
    var transfer = new ColorTransfer(method, where);
    Image result =
        share == null ? transfer.apply(source, palette) : transfer.apply(source, palette, share);
    ImageFile.write(result, target);
    say(share == null ? result : ColorTransfer.marked(result, share), palette);
    console.result("wrote " + target);
    return 0;
  }

  /** For luminance every pixel has its place in the palette: as large, and without holes. */
  private Image palette(Image source) {
    Image palette = ImageFile.read(paletteFile);
    if (method != Method.LUMINANCE) {
      return palette;
    }
    return SamePlace.resized(palette, paletteFile, source, "--method luminance");
  }

  private void say(Image result, Image palette) {
    ColorStatistics got = ColorStatistics.of(result);
    ColorStatistics wanted = ColorStatistics.of(palette);
    double covariance = got.covarianceDistance(wanted);
    console.result(
        String.format(
            Locale.ROOT,
            "colors differ from the palette's by %.2f levels of 255 in mean%s",
            got.meanDistance(wanted),
            Double.isFinite(covariance)
                ? String.format(Locale.ROOT, " and %.1f %% in covariance", 100 * covariance)
                : ""));
  }
}
