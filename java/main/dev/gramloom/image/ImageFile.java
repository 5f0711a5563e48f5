package dev.gramloom.image;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.file.AtomicFile;
import dev.gramloom.file.InputFile;
import dev.gramloom.file.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Pictures on disk.
 *
 * <p>Files come from strangers and are read in Java alone, where a lie in one ends in an exception
 * and not in the memory of others; JPEG by the JDK's own reader ({@link JpegReader}). A decoder in
 * C would need a process of its own, and with that a third of a second a picture.
 *
 * <p>Read: PNG, JPEG, TGA, BMP, PSD, HDR, GIF (its first frame), PNM; recognised by content, not by
 * name. Written: PNG, JPEG, TGA, BMP, by extension.
 */
public final class ImageFile {
  /** Pixels a side, at most. */
  public static final int LARGEST_SIDE = 16_384;

  /** Pixels in all, at most. */
  public static final int LARGEST_AREA = 100_000_000;

  private static final int LARGEST_FILE = 1 << 30; // bytes
  private static final List<String> WRITABLE = List.of("png", "jpg", "jpeg", "tga", "bmp");

  private ImageFile() {}

  /**
   * Reads a picture, upright as its EXIF orientation wants it.
   *
   * <p>16-bit pictures keep their precision, high-dynamic-range ones are sRGB-encoded and clamped
   * to 0..1. Pixels that are not fully opaque are outside the mask; their colours are as stored.
   *
   * @return mask is null where every pixel is opaque
   * @throws Failure MISSING_INPUT if there is no such file or it may not be read; BAD_DATA if it is
   *     not a picture, damaged, truncated, fully transparent or larger than {@link #LARGEST_SIDE}
   *     and {@link #LARGEST_AREA} allow, which is found before anything is decoded
   */
  public static Image read(Path path) {
    return decode(path, bytes(path));
  }

  /**
   * {@link #read(Path)}, and shows the file that the pixels come from, though it be another's by
   * now.
   *
   * @param watcher sees all its bytes, which are not to be changed
   * @throws Failure as {@link #read(Path)}
   */
  public static Image read(Path path, Consumer<byte[]> watcher) {
    byte[] file = bytes(path);
    watcher.accept(file);
    return decode(path, file);
  }

  /**
   * Reads a picture that is in memory.
   *
   * @param name what messages call it
   * @throws Failure BAD_DATA as {@link #read}
   */
  public static Image decode(Path name, byte[] file) {
    PictureBytes in = new PictureBytes(name, file);
    if (PngScan.recognises(file)) {
      return png(name, in);
    }
    if (JpegScan.recognises(file)) {
      JpegScan scan = JpegScan.of(file);
      if (!scan.complete()) {
        throw badData(name + ": the JPEG is truncated");
      }
      return Orientation.upright(JpegReader.read(in).image(in, true), scan.orientation());
    }
    if (GifReader.recognises(in)) {
      return GifReader.read(in).image(in, true);
    }
    return plain(in).image(in, false);
  }

  private static Image png(Path path, PictureBytes in) {
    long[] size = PngScan.size(in.all());
    if (size != null) {
      in.requireSize(size[0], size[1]);
    }
    String damage = PngScan.damage(in.all());
    if (damage != null) {
      throw badData("%s: the PNG is %s".formatted(path, damage));
    }
    return PngReader.read(in).image(in, true);
  }

  /** Formats whose alpha may be an unused byte. */
  private static Raster plain(PictureBytes in) {
    if (BmpReader.recognises(in)) {
      return BmpReader.read(in);
    }
    if (PsdReader.recognises(in)) {
      return PsdReader.read(in);
    }
    if (HdrReader.recognises(in)) {
      return HdrReader.read(in);
    }
    if (PnmReader.recognises(in.all())) {
      return PnmReader.read(in);
    }
    if (TgaReader.recognises(in.all())) { // last, having no mark
      return TgaReader.read(in);
    }
    throw in.fault("it begins like none of them");
  }

  /**
   * Narrows a picture to what a mask picture marks.
   *
   * <p>White (luma of at least one half, opaque) = use, black = leave out. What the picture's own
   * mask leaves out stays left out.
   *
   * @throws Failure as {@link #read}; USAGE if the sizes differ; BAD_DATA if nothing is left
   */
  public static Image withMask(Image image, Path maskFile) {
    float[] mask = drawn(image, "exemplar", maskFile);
    int used = 0;
    for (int i = 0; i < mask.length; i++) {
      boolean use = mask[i] >= 0.5f && image.uses(i);
      mask[i] = use ? 1 : 0;
      used += use ? 1 : 0;
    }
    if (used == 0) {
      throw badData(maskFile + ": the mask leaves no pixel to use; white = use, black = leave out");
    }
    return new Image(image.height(), image.width(), image.rgb(), used == mask.length ? null : mask);
  }

  /**
   * How much a mask picture marks each pixel, with soft edges.
   *
   * @param whose what the mask is for, in words: "picture", "content"
   * @return [H][W], luma, 0..1: white = wholly, black or transparent = not at all
   * @throws Failure as {@link #read}; USAGE if the sizes differ; BAD_DATA if nothing is marked
   */
  public static float[] softMask(Image image, String whose, Path maskFile) {
    float[] mask = drawn(image, whose, maskFile);
    for (float share : mask) {
      if (share > 0) {
        return mask;
      }
    }
    throw badData(maskFile + ": the mask marks no pixel; white = marked, black = not");
  }

  /** [H][W]: a mask picture's luma, 0 where it is transparent. */
  private static float[] drawn(Image image, String whose, Path maskFile) {
    Image drawn = read(maskFile);
    if (drawn.height() != image.height() || drawn.width() != image.width()) {
      throw new Failure(
          ExitCode.USAGE,
          "the mask must be as large as the %s, %d x %d, but %s is %d x %d"
              .formatted(
                  whose, image.width(), image.height(), maskFile, drawn.width(), drawn.height()));
    }
    float[] luma = ColorSpace.luma(drawn);
    for (int i = 0; i < luma.length; i++) {
      luma[i] = drawn.uses(i) ? Math.min(1, luma[i]) : 0;
    }
    return luma;
  }

  /**
   * Writes a picture, 8 bits a channel, JPEG at quality 95; whole or not at all. The mask is not
   * written: it says where the texture is, not how the picture looks.
   *
   * @throws Failure USAGE if the extension names no format we write; CANNOT_WRITE
   * @throws IllegalArgumentException if a pixel is not a number
   */
  public static void write(Image image, Path path) {
    String format = format(path);
    byte[] encoded = StbPictures.encode(image, format);
    AtomicFile.write(path, out -> out.write(encoded));
  }

  /** A picture as the bytes of a JPEG file, quality 95. */
  public static byte[] jpeg(Image image) {
    return StbPictures.encode(image, "jpg");
  }

  /**
   * Says before long work what {@link #write} would say after it.
   *
   * @throws Failure USAGE if the extension names no format we write; CANNOT_WRITE if the place does
   *     not take a file
   */
  public static void requireWritable(Path path) {
    format(path);
    AtomicFile.requireWritable(path);
  }

  /**
   * Says before long work what {@link #read} would say of a file that is not there. Reads nothing.
   *
   * @throws Failure MISSING_INPUT if there is no such file or it may not be read
   */
  public static void requireReadable(Path path) {
    InputFile.requireReadable(path);
  }

  /**
   * @throws Failure BAD_DATA if a picture is too large to be read
   */
  static void requireSize(Path path, long width, long height) {
    if (Math.max(width, height) > LARGEST_SIDE || width * height > LARGEST_AREA) {
      throw badData(
          "%s is %d x %d pixels; at most %d a side and %d million in all are read"
              .formatted(path, width, height, LARGEST_SIDE, LARGEST_AREA / 1_000_000));
    }
  }

  static Failure badData(String message) {
    return new Failure(ExitCode.BAD_DATA, message);
  }

  /** The path's extension, one of {@link #WRITABLE}. */
  private static String format(Path path) {
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!name.contains(".") || !WRITABLE.contains(extension)) {
      throw new Failure(
          ExitCode.USAGE,
          "a picture's name must end in .%s, got %s".formatted(String.join(", .", WRITABLE), path));
    }
    return extension;
  }

  private static byte[] bytes(Path path) {
    long size = InputFile.size(path);
    long allowed = Runtime.getRuntime().maxMemory() / 4;
    if (size > LARGEST_FILE) {
      throw badData(
          "%s is larger than the %d MiB that are read".formatted(path, LARGEST_FILE >> 20));
    }
    if (size > allowed) {
      throw new Failure(
          ExitCode.OUT_OF_MEMORY,
          "%s is %d MiB; Java's memory suffices for files of %d MiB"
              .formatted(path, size >> 20, allowed >> 20));
    }
    byte[] file;
    try (InputStream in = Files.newInputStream(path)) {
      file = in.readNBytes((int) size); // no more than was allowed, should it grow
    } catch (IOException e) {
      throw IoReason.cannotRead(path, e);
    }
    if (file.length == 0) {
      throw badData(path + " is empty");
    }
    return file;
  }
}
