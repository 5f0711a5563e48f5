package dev.gramloom.image;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.tensor.Edges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pictures to judge a texture by: laid out as tiles, and beside its exemplar. */
public final class Preview {
  /** Pixels on the longer side of a composition, at most. */
  public static final int LARGEST_SIDE = 4096;

  private static final float GREY = 0.5f;

  private Preview() {}

  /**
   * Lays a tile out, native size.
   *
   * @param columns tiles side by side, at least 1
   * @param rows tiles one above the other, at least 1
   * @throws Failure USAGE if that is more than {@link ImageFile#LARGEST_AREA} pixels
   */
  public static Image tile(Image tile, int columns, int rows) {
    requirePositive(columns, rows);
    long height = (long) rows * tile.height();
    long width = (long) columns * tile.width();
    if (height * width > ImageFile.LARGEST_AREA) {
      throw new Failure(
          ExitCode.USAGE,
          "%d x %d tiles of %d x %d are %d x %d pixels; at most %d million are laid out"
              .formatted(
                  columns,
                  rows,
                  tile.width(),
                  tile.height(),
                  width,
                  height,
                  ImageFile.LARGEST_AREA / 1_000_000));
    }
    Image out = grey((int) height, (int) width);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        paste(tile, out, row * tile.height(), column * tile.width());
      }
    }
    return out;
  }

  /**
   * The exemplar left, the tiling right, on grey; what the exemplar's mask leaves out is grey too.
   *
   * <p>The exemplar has the tile's scale unless it is larger than the tiling; it is never enlarged.
   * Where all that is longer than {@link #LARGEST_SIDE}, tile and exemplar are made smaller first,
   * the tile on its torus, so that a seam shows as it would in the large.
   *
   * @throws Failure USAGE if tiles of a single pixel would still be too many
   */
  public static Image compose(Image exemplar, Image tile, int columns, int rows) {
    requirePositive(columns, rows);
    double high = (double) rows * tile.height();
    double wide = (double) columns * tile.width();
    double fit = Math.min(1, Math.min(high / exemplar.height(), wide / exemplar.width()));
    // Three margins are at most 6 % of the tiling's width; 64 pixels are for the least margin.
    double longer = Math.max(1.06 * high, 1.06 * wide + fit * exemplar.width());
    double scale = Math.min(1, (LARGEST_SIDE - 64) / longer);
    Image tiling = tile(scaled(tile, scale, Edges.WRAP), columns, rows);
    Image left = scaled(exemplar, scale * fit, Edges.REFLECT);
    int margin = Math.max(4, Math.min(tiling.height(), tiling.width()) / 50);
    int height = Math.max(tiling.height(), left.height()) + 2 * margin;
    Image out = grey(height, left.width() + tiling.width() + 3 * margin);
    paste(left, out, (height - left.height()) / 2, margin);
    paste(tiling, out, (height - tiling.height()) / 2, left.width() + 2 * margin);
    return out;
  }

  /**
   * Pictures from left to right, on grey; none is enlarged, and what a mask leaves out is grey too.
   *
   * @param images at least one; the last one's height is the others', where they are higher
   */
  public static Image row(List<Image> images) {
    double height = images.get(images.size() - 1).height();
    double wide = 0;
    for (Image image : images) {
      wide += 1.06 * image.width() * Math.min(1, height / image.height());
    }
    double scale = Math.min(1, (LARGEST_SIDE - 64) / Math.max(wide, 1.06 * height));
    int margin = Math.max(4, (int) (scale * height / 50));
    List<Image> shown = new ArrayList<>();
    int width = margin;
    for (Image image : images) {
      Image one = scaled(image, scale * Math.min(1, height / image.height()), Edges.REFLECT);
      shown.add(one);
      width += one.width() + margin;
    }
    Image out = grey((int) Math.ceil(scale * height) + 2 * margin, width);
    int left = margin;
    for (Image image : shown) {
      paste(image, out, (out.height() - image.height()) / 2, left);
      left += image.width() + margin;
    }
    return out;
  }

  private static Image scaled(Image image, double scale, Edges edges) {
    int height = Math.max(1, (int) Math.floor(scale * image.height() + 1e-6));
    int width = Math.max(1, (int) Math.floor(scale * image.width() + 1e-6));
    return Resample.resize(image, height, width, edges);
  }

  private static Image grey(int height, int width) {
    float[] rgb = new float[3 * height * width];
    Arrays.fill(rgb, GREY);
    return new Image(height, width, rgb);
  }

  /** Copies the used pixels of one picture into another. */
  static void paste(Image from, Image to, int top, int left) {
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < from.height(); y++) {
        int target = c * to.pixels() + (top + y) * to.width() + left;
        for (int x = 0; x < from.width(); x++) {
          int i = y * from.width() + x;
          if (from.uses(i)) {
            to.rgb()[target + x] = from.rgb()[c * from.pixels() + i];
          }
        }
      }
    }
  }

  private static void requirePositive(int columns, int rows) {
    if (columns < 1 || rows < 1) {
      throw new IllegalArgumentException("a layout of %d x %d tiles".formatted(columns, rows));
    }
  }
}
