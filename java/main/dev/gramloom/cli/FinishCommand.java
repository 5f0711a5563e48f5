package dev.gramloom.cli;

import dev.gramloom.cli.batch.Companions;
import dev.gramloom.image.GuidedFilter;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Resample;
import dev.gramloom.image.Sharpen;
import dev.gramloom.metric.Seam;
import dev.gramloom.synthesis.Tiling;
import dev.gramloom.weights.WeightStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code gramloom finish}: what comes after a picture is made.
 *
 * <p>The steps have one order, whatever that of the flags: denoise, so that noise is neither
 * enlarged nor sharpened; the new size, with new detail; sharpen, at the size that is looked at;
 * and content put back last, so that it is the content and nothing else.
 */
@Command(
    name = "finish",
    description = {
      "Denoises, enlarges and sharpens a picture, and puts content back, in this order.",
      "What tiles before tiles after."
    },
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class,
    sortOptions = false)
final class FinishCommand implements Callable<Integer> {
  /** A border rougher than so many % of the steps inside is one that does not meet itself. */
  private static final double SEAM = 98;

  private final Console console;
  private final WeightStore store;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PICTURE", description = "the picture to finish")
  private Path pictureFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "default: the picture's name with .finish.png")
  private Path output;

  @Option(
      names = "--denoise",
      paramLabel = "A",
      description = "smooth contrasts below A levels of 255 and leave edges: 4 is little, 16 much")
  private Double denoise;

  @Option(names = "--upscale", paramLabel = "2|4", description = "enlarge so many times (Lanczos)")
  private Integer upscale;

  @Option(names = "--resize", paramLabel = "WxH", description = "to this size (Lanczos)")
  private String resize;

  @Option(
      names = "--sharpen",
      paramLabel = "A",
      description = "add A times what a blur takes away, halos limited: 0.5 is little, 2 much")
  private Double sharpen;

  @Option(
      names = "--mask-from",
      paramLabel = "CONTENT",
      description = "put this picture back where --mask is white")
  private Path contentFile;

  @Option(names = "--mask", paramLabel = "FILE", description = "a picture of the content's size")
  private Path maskFile;

  @Option(
      names = "--tile",
      paramLabel = "both|x|y|none",
      description = "where the picture tiles (default: found by its borders)")
  private Tiling tile;

  @Mixin private DetailOptions detail;

  FinishCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    check();
    Path target = output == null ? Companions.beside(pictureFile, ".finish.png") : output;
    ImageFile.requireWritable(target);
    for (Path input : Arrays.asList(pictureFile, contentFile, maskFile, detail.exemplarFile())) {
      if (input != null) {
        Outputs.requireOther(input, target);
      }
    }
    Image whole = HoleFill.fill(ImageFile.read(pictureFile));
    Image picture = new Image(whole.height(), whole.width(), whole.rgb());
    int[] size = size(picture);
    Content content = contentFile == null ? null : content(size);
    DetailOptions.Pass pass = detail.exemplarFile() == null ? null : detail.prepare(store, console);
    Tiling tiling = tile == null ? found(picture) : tile;
    ImageFile.write(finished(picture, size, content, pass, tiling), target);
    console.result("wrote " + target);
    return 0;
  }

  private void check() {
    if (denoise == null
        && upscale == null
        && resize == null
        && sharpen == null
        && contentFile == null
        && maskFile == null
        && detail.exemplarFile() == null) {
      throw Numbers.usage(
          "nothing to do: give --denoise, --upscale, --resize, --detail, --sharpen or --mask-from");
    }
    if (denoise != null) {
      Numbers.within("--denoise", denoise, 0.1, 255);
    }
    if (sharpen != null) {
      Numbers.within("--sharpen", sharpen, 0.01, 10);
    }
    if (upscale != null && resize != null) {
      throw Numbers.usage("--upscale and --resize exclude each other");
    }
    if (upscale != null && upscale != 2 && upscale != 4) {
      throw Numbers.usage("--upscale must be 2 or 4, got " + upscale);
    }
    if ((contentFile == null) != (maskFile == null)) {
      throw Numbers.usage("--mask-from and --mask need each other: what to put back, and where");
    }
    if (resize != null) {
      Numbers.size("--resize", resize);
    }
    detail.check(spec.commandLine().getParseResult(), upscale != null || resize != null);
  }

  /** Width and height of the result. */
  private int[] size(Image picture) {
    int times = upscale == null ? 1 : upscale;
    int[] size =
        resize == null
            ? new int[] {times * picture.width(), times * picture.height()}
            : Numbers.size("--resize", resize);
    boolean tooLarge =
        Math.max(size[0], size[1]) > ImageFile.LARGEST_SIDE
            || (long) size[0] * size[1] > ImageFile.LARGEST_AREA;
    if (Math.min(size[0], size[1]) < 1 || tooLarge) {
      throw Numbers.usage(
          "the result must be from 1 to %d pixels a side and %d million in all, got %d x %d"
              .formatted(
                  ImageFile.LARGEST_SIDE, ImageFile.LARGEST_AREA / 1_000_000, size[0], size[1]));
    }
    return size;
  }

  /**
   * @param image at the result's size
   * @param share [H][W] how much of it is put back
   */
  private record Content(Image image, float[] share) {}

  private Content content(int[] size) {
    Image content = ImageFile.read(contentFile);
    float[] share = ImageFile.softMask(content, "content", maskFile);
    float[] planes = new float[3 * share.length];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(share, 0, planes, c * share.length, share.length);
    }
    Image like = new Image(size[1], size[0], new float[3 * size[0] * size[1]]);
    Image mask = new Image(content.height(), content.width(), planes);
    Image resized = SamePlace.resized(mask, maskFile, like, "--mask");
    return new Content(
        SamePlace.resized(content, contentFile, like, "--mask-from"),
        Arrays.copyOf(resized.rgb(), size[0] * size[1]));
  }

  private Tiling found(Image picture) {
    Seam seam = Seam.of(picture);
    Tiling tiling =
        seam.x() <= SEAM
            ? (seam.y() <= SEAM ? Tiling.BOTH : Tiling.X)
            : (seam.y() <= SEAM ? Tiling.Y : Tiling.NONE);
    console.say(
        switch (tiling) {
          case BOTH -> "Its borders meet: --tile both";
          case X -> "Only left and right meet: --tile x";
          case Y -> "Only top and bottom meet: --tile y";
          case NONE -> "Its borders do not meet: --tile none";
        });
    return tiling;
  }

  private Image finished(
      Image picture, int[] size, Content content, DetailOptions.Pass pass, Tiling tiling) {
    Image image = picture;
    if (denoise != null) {
      image = GuidedFilter.denoise(image, denoise, tiling.edges());
    }
    image =
        pass == null
            ? Resample.resize(image, size[1], size[0], tiling.edges()).clamped()
            : pass.apply(image, size[0], size[1], tiling);
    if (sharpen != null) {
      image = Sharpen.unsharp(image, sharpen, tiling.edges());
    }
    return content == null ? image : image.under(content.image(), content.share());
  }
}
