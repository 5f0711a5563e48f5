package dev.gramloom.cli;

import dev.gramloom.cli.batch.JobCommand;
import dev.gramloom.cli.batch.Made;
import dev.gramloom.cli.batch.Workbench;
import dev.gramloom.image.FrameSequence;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Plane;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.Transfer;
import dev.gramloom.synthesis.Transfer.Part;
import dev.gramloom.synthesis.Transfer.Style;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gramloom transfer}: what one picture shows, in the style of others. */
@Command(
    name = "transfer",
    description = "Paints what one picture shows in the style of others.",
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class TransferCommand implements JobCommand, Callable<Integer> {
  private final Console console;
  private final WeightStore store;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "CONTENT", description = "the picture of what to show")
  private Path contentFile;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "STYLE",
      description = "the picture, or pictures, of how to paint it")
  private List<Path> styleFiles;

  @Option(
      names = "--style-weight",
      paramLabel = "LIST",
      description = "a weight for each style: 1,0.5 (default: 1 shared equally)")
  private String styleWeight;

  @Option(
      names = "--style-mask",
      paramLabel = "FILE",
      split = ",",
      description =
          "a picture of the content's size for each style: it paints where that is white; soft"
              + " edges blend")
  private List<Path> styleMasks = List.of();

  @Option(
      names = "--style-area",
      paramLabel = "FILE",
      split = ",",
      description = "a picture of each style's size: white = has the style")
  private List<Path> styleAreas = List.of();

  @Option(
      names = "--interpolate",
      paramLabel = "N",
      description =
          "N pictures in frames/, from the first of two weightings to the second:"
              + " --style-weight 1,0:0,1; the last one is the result")
  private Integer interpolate;

  @Option(
      names = "--content-mask",
      paramLabel = "FILE",
      description = "a picture of the content's size: white = must show the content")
  private Path contentMask;

  @Mixin private PaintOptions paint;
  @Mixin private NetworkOptions networkOptions;
  @Mixin private EngineOptions engine;
  @Mixin private OutputOptions outputOptions;

  TransferCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    outputOptions.beginOn(console);
    return engine.runAlone(this);
  }

  @Override
  public void check() {
    outputOptions.check();
    outputOptions.series().requireNoMetric();
    if (interpolate != null) {
      outputOptions.series().requireNone("--interpolate");
    }
    paint.check(networkOptions, true);
    networkOptions.check();
    weights();
    requireOneEach("--style-mask", styleMasks);
    if (!styleMasks.isEmpty()) {
      paint.requireGrams("--style-mask");
    }
    requireOneEach("--style-area", styleAreas);
    networkOptions.choose(store);
    List<Path> inputs = inputs();
    inputs.forEach(ImageFile::requireReadable);
    outputOptions.checkWritable(outputs(), inputs);
    if (interpolate != null) { // its pictures are frames
      FrameSequence.requireOwnFolder(outputs().picture());
    }
  }

  @Override
  public Made run(Workbench bench) {
    try (StopSignal stop = StopSignal.open()) {
      NetworkChoice network = networkOptions.choose(store);
      stop.requireGoingOn();
      PaintRun.Job job = job(network);
      return new PaintRun(console, engine, networkOptions, outputOptions, paint, network)
          .paint(job, outputs(), bench, stop);
    }
  }

  private Outputs outputs() {
    return outputOptions.outputs(Outputs.forTransfer(contentFile, styleFiles.get(0)));
  }

  private PaintRun.Job job(NetworkChoice network) {
    Exemplar content = Exemplar.read(contentFile, null);
    List<Exemplar> styles = new ArrayList<>();
    for (int i = 0; i < styleFiles.size(); i++) {
      styles.add(Exemplar.read(styleFiles.get(i), styleAreas.isEmpty() ? null : styleAreas.get(i)));
    }
    Image shown = HoleFill.fill(content.image());
    SynthesisSettings settings = paint.settings(shown, shown);
    List<Transfer> series = new ArrayList<>();
    for (double[] some : weights()) {
      series.add(transfer(shown, styles, some, settings, paint.contentWeight(network)));
    }
    List<String> words = spec.commandLine().getParseResult().originalArgs();
    return new PaintRun.Job("transfer", words, content, styles, settings, series);
  }

  private void requireOneEach(String flag, List<Path> pictures) {
    if (!pictures.isEmpty() && pictures.size() != styleFiles.size()) {
      throw Numbers.usage(
          "%s must be as many pictures as there are styles, %d, got %d"
              .formatted(flag, styleFiles.size(), pictures.size()));
    }
  }

  /** [pictures][styles]. */
  private double[][] weights() {
    String[] both = styleWeight == null ? new String[0] : styleWeight.split(":", -1);
    if (interpolate == null) {
      if (both.length > 1) {
        throw Numbers.usage("--style-weight with two weightings is for --interpolate");
      }
      return new double[][] {both.length == 0 ? shared() : weighting(both[0])};
    }
    Numbers.within("--interpolate", interpolate, 2, 1000);
    if (both.length != 2 && !(both.length == 0 && styleFiles.size() == 2)) {
      throw Numbers.usage(
          "--interpolate needs two styles, or two weightings like --style-weight 1,0,0:0,0,1");
    }
    double[] from = both.length == 0 ? new double[] {1, 0} : weighting(both[0]);
    double[] to = both.length == 0 ? new double[] {0, 1} : weighting(both[1]);
    double[][] series = new double[interpolate][from.length];
    for (int i = 0; i < interpolate; i++) {
      double share = (double) i / (interpolate - 1);
      for (int k = 0; k < from.length; k++) {
        series[i][k] = (1 - share) * from[k] + share * to[k];
      }
    }
    return series;
  }

  private double[] shared() {
    double[] weights = new double[styleFiles.size()];
    Arrays.fill(weights, 1.0 / weights.length);
    return weights;
  }

  private double[] weighting(String text) {
    double[] weights = Numbers.weights("--style-weight", text);
    if (weights.length != styleFiles.size()) {
      throw Numbers.usage(
          "--style-weight must be as many numbers as there are styles, %d, got '%s'"
              .formatted(styleFiles.size(), text));
    }
    return weights;
  }

  private List<Path> inputs() {
    List<Path> inputs = new ArrayList<>(styleFiles);
    inputs.add(contentFile);
    inputs.addAll(styleMasks);
    inputs.addAll(styleAreas);
    inputs.addAll(paint.inputs());
    if (contentMask != null) {
      inputs.add(contentMask);
    }
    return inputs;
  }

  private Transfer transfer(
      Image content,
      List<Exemplar> exemplars,
      double[] weights,
      SynthesisSettings settings,
      double contentWeight) {
    List<Style> styles = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      Image image = exemplars.get(i).image();
      Part part =
          styleMasks.isEmpty() ? Part.ALL : new Part(null, mask(content, styleMasks.get(i)));
      double scale = paint.scale(image, settings.schedule());
      styles.add(new Style(image, scale, weights[i], List.of(part)));
    }
    Plane shown = contentMask == null ? null : mask(content, contentMask);
    return new Transfer(content, shown, contentWeight, styles);
  }

  private static Plane mask(Image content, Path file) {
    float[] marked = ImageFile.softMask(content, "content", file);
    return new Plane(content.height(), content.width(), marked);
  }
}
