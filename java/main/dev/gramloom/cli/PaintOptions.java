package dev.gramloom.cli;

import com.google.gson.JsonObject;
import dev.gramloom.image.ColorTransfer;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.SynthesisSettings;
import dev.gramloom.synthesis.SynthesisSettings.Start;
import dev.gramloom.synthesis.Tiling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What transfer and doodle have in common: the picture's size and start, content and colours. */
final class PaintOptions {
  private static final int DEFAULT_WIDTH = 768;
  private static final String CONVOLUTION = "conv[1-5]_[1-9]";

  /** Of Gatys, Ecker and Bethge 2016. */
  private static final String DEFAULT_CONTENT = "conv4_2";

  /** At which one sees both content and style; the filters see content in few of their taps. */
  private static final double VGG_CONTENT_WEIGHT = 0.5;

  private static final double FILTERS_CONTENT_WEIGHT = 10;

  private static final String CONTENT = "content";
  private static final String NOISE = "noise";

  @Option(
      names = "--width",
      paramLabel = "W",
      description =
          "width of the picture, pixels; a quarter and a half come first (default: 768, or the"
              + " content's width if that is less)")
  private Integer width;

  @Option(
      names = "--scales",
      paramLabel = "LIST",
      description = "all widths, coarse to fine, in place of --width: 192,384,768")
  private String scales;

  @Mixin private DescentOptions descent;
  @Mixin private ResumeOptions resumeOptions;

  @Option(
      names = "--tile",
      paramLabel = "both|x|y|none",
      defaultValue = "none",
      description = "where the picture tiles (default: none)")
  private Tiling tile;

  @Option(
      names = "--init",
      paramLabel = "content|noise|gray|FILE",
      description = "what to start from (default: content, or noise where there is none)")
  private String init;

  @Option(
      names = "--style-scale",
      paramLabel = "F",
      defaultValue = "1",
      description =
          "size of the style's features: at 1 a style is shrunk until its shorter side is the"
              + " picture's, 2 makes them twice as large (default: 1)")
  private double styleScale;

  @Option(
      names = "--content-weight",
      paramLabel = "W",
      description =
          "how much the content counts, the styles counting 1 (default: 0.5, with the built-in"
              + " filters 10)")
  private Double contentWeight;

  @Option(
      names = "--content-layer",
      paramLabel = "LIST",
      description = "the convolution of VGG that sees the content, or several (default: conv4_2)")
  private String contentLayer;

  @Option(
      names = "--preserve-color",
      paramLabel = "luminance|linear|histogram",
      description =
          "keep the content's colours: light alone is painted; or bring back their mean and"
              + " covariance, or their distribution")
  private ColorTransfer.Method preserveColor;

  /** Refuses what cannot be, before any file is read. */
  void check(NetworkOptions network, boolean hasContent) {
    descent.check();
    resumeOptions.check();
    Numbers.within("--style-scale", styleScale, 0.1, 10);
    if (contentWeight != null) {
      Numbers.within("--content-weight", contentWeight, 0, 1e6);
    }
    if (width != null) {
      if (scales != null) {
        throw Numbers.usage("--width and --scales exclude each other");
      }
      Numbers.within("--width", width, ScaleSchedule.MIN_SIDE, ScaleSchedule.MAX_SIDE);
    }
    if (network.asksFor(NetworkOptions.FILTERS)) {
      NetworkOptions.requireNone("--content-layer", contentLayer);
    }
    if (!hasContent && contentLayer != null) {
      throw Numbers.usage("--content-layer is for a --content, there is none");
    }
    if (!hasContent && preserveColor != null) {
      throw Numbers.usage("--preserve-color is for a --content, there is none");
    }
    if (!hasContent && CONTENT.equals(init)) {
      throw Numbers.usage("--init content is for a --content, there is none");
    }
    network.lookAtContent(hasContent ? contentLayers() : List.of());
  }

  private List<String> contentLayers() {
    List<String> layers = new ArrayList<>();
    String text = contentLayer == null ? DEFAULT_CONTENT : contentLayer;
    for (String item : text.split(",", -1)) {
      if (!item.strip().matches(CONVOLUTION) || layers.contains(item.strip())) {
        throw Numbers.usage(
            "--content-layer must be a convolution like conv4_2, or several, got '" + text + "'");
      }
      layers.add(item.strip());
    }
    return layers;
  }

  /** Refuses parts of pictures where the loss cannot tell them apart. */
  void requireGrams(String flag) {
    descent.requireGrams(flag);
  }

  /** How a run goes on that was stopped. */
  ResumeOptions resumeOptions() {
    return resumeOptions;
  }

  /** What to start from, if it is a file. */
  List<Path> inputs() {
    boolean file = init != null && !List.of(CONTENT, NOISE, "gray", "grey").contains(word());
    return file ? List.of(FileName.of("--init", init)) : List.of();
  }

  private String word() {
    return init.toLowerCase(Locale.ROOT);
  }

  /**
   * The settings for a picture of another one's proportions.
   *
   * @param like its width is the default, if it is less than 768
   * @param content what the picture shows; null for nothing
   */
  SynthesisSettings settings(Image like, Image content) {
    return new SynthesisSettings(
        schedule(like),
        descent.seed,
        tile,
        start(content),
        1,
        1,
        descent.gramNormalization,
        descent.tvWeight,
        false,
        descent.optimizer,
        descent.styleLoss,
        descent.minImprovement());
  }

  private ScaleSchedule schedule(Image like) {
    List<int[]> sizes = new ArrayList<>();
    if (scales == null) {
      int wide = width == null ? Math.min(DEFAULT_WIDTH, like.width()) : width;
      return descent.schedule(ScaleSchedule.ladder(wide, height(like, wide)), false);
    }
    for (int wide : Numbers.counts("--scales", scales)) {
      sizes.add(new int[] {wide, height(like, wide)});
    }
    return descent.schedule(sizes, false);
  }

  private static int height(Image like, int width) {
    return Math.max(1, (int) Math.round((double) like.height() * width / like.width()));
  }

  private Start start(Image content) {
    String word = init == null ? content == null ? NOISE : CONTENT : word();
    return switch (word) {
      case NOISE -> new Start.Noise();
      case CONTENT -> new Start.Picture(content);
      case "gray", "grey" -> new Start.Grey();
      default -> new Start.Picture(ImageFile.read(FileName.of("--init", init)));
    };
  }

  /** From a style's own size to its size at the finest scale. */
  double scale(Image style, ScaleSchedule schedule) {
    int shorter = Math.min(style.height(), style.width());
    double factor = styleScale * Math.min(1, (double) schedule.finest().shortSide() / shorter);
    if (factor * style.width() * factor * style.height() > ImageFile.LARGEST_AREA) {
      throw Numbers.usage(
          "--style-scale may make a style of at most %d million pixels, got %.0f x %.0f"
              .formatted(
                  ImageFile.LARGEST_AREA / 1_000_000,
                  factor * style.width(),
                  factor * style.height()));
    }
    return factor;
  }

  /**
   * The picture in the content's colours, where that was asked for. Light alone is first brought to
   * the content's brightness and contrast, as Gatys et al. 2016, arXiv:1606.05897, section 4.2, do
   * with the style's before; and what mean and covariance lose by the exchange is put back.
   *
   * @param content of the picture's size; null for nothing
   */
  Image colored(Image picture, Image content) {
    if (preserveColor == null) {
      return picture;
    }
    var transfer = new ColorTransfer(preserveColor, preserveColor.usualSpace());
    if (preserveColor != ColorTransfer.Method.LUMINANCE) {
      return transfer.apply(picture, content);
    }
    var linear =
        new ColorTransfer(ColorTransfer.Method.LINEAR, ColorTransfer.Method.LINEAR.usualSpace());
    return linear.apply(transfer.apply(linear.apply(picture, content), content), content);
  }

  /** How much the content counts where such a network looks. */
  double contentWeight(NetworkChoice network) {
    if (contentWeight != null) {
      return contentWeight;
    }
    return network.vgg() == null ? FILTERS_CONTENT_WEIGHT : VGG_CONTENT_WEIGHT;
  }

  /** For the report: the flags that no settings have. */
  void describe(JsonObject tree, NetworkChoice network) {
    tree.addProperty("style_scale", styleScale);
    tree.addProperty("content_weight", contentWeight(network));
    tree.addProperty(
        "preserve_color",
        preserveColor == null ? null : preserveColor.name().toLowerCase(Locale.ROOT));
  }
}
