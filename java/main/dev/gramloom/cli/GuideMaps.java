package dev.gramloom.cli;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.LabelMap;
import dev.gramloom.image.Plane;
import dev.gramloom.synthesis.Transfer.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two maps in the same colours: where a style's parts are, and where they are to go.
 *
 * @param target the second one, as it was read
 * @param parts a pair for each colour that the target has
 */
record GuideMaps(Image target, List<Part> parts) {
  /**
   * Reads both.
   *
   * @param style the picture that the first one is of
   * @throws Failure USAGE if the first is not as large as the style; BAD_DATA if the second has a
   *     colour that the first has not
   */
  static GuideMaps read(Image style, Path styleFile, Path targetFile) {
    Image source = ImageFile.read(styleFile);
    if (source.width() != style.width() || source.height() != style.height()) {
      throw Numbers.usage(
          "the map must be as large as the style, %d x %d, but %s is %d x %d"
              .formatted(
                  style.width(), style.height(), styleFile, source.width(), source.height()));
    }
    Image target = ImageFile.read(targetFile);
    LabelMap labels = LabelMap.of(source, styleFile.toString());
    float[] missing = labels.missing(LabelMap.of(target, targetFile.toString()));
    if (missing != null) {
      throw new Failure(
          ExitCode.BAD_DATA,
          "%s has a part in #%02x%02x%02x that %s has not"
              .formatted(
                  targetFile,
                  Math.round(255 * missing[0]),
                  Math.round(255 * missing[1]),
                  Math.round(255 * missing[2]),
                  styleFile));
    }
    List<Plane> from = labels.parts(source);
    List<Plane> to = labels.parts(target);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      if (to.get(i).anywhere()) {
        parts.add(new Part(from.get(i), to.get(i)));
      }
    }
    return new GuideMaps(target, parts);
  }
}
