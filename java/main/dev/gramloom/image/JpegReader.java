package dev.gramloom.image;

import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * JPEG's pixels, by the JDK's reader: libjpeg, native, but fed by everyone's strangers for decades
 * and mended with the JDK. It sees the segments that pixels depend on and no others, so no profile,
 * thumbnail or text of a stranger reaches the native colour library; and it gives samples as they
 * are stored, which are made red, green and blue here.
 *
 * <p>Source: ITU-T T.81, T.871 (JFIF: the colours), Adobe's Technical Note 5116 (APP14).
 */
final class JpegReader {
  /**
   * Pixels, at most, that a byte can stand for: in the largest component each block of 8 x 8 has at
   * least one bit.
   */
  private static final int MOST_PACKED = 8 * 64;

  private static final int MOST_SCANS = 200;

  /**
   * How often all scans together may come by each place of the picture: libjpeg's own progressions
   * take 14 visits to three whole components and 24 to four; a second is enough for five million.
   */
  private static final int MOST_VISITS = 36;

  private static final int FEW_VISITS = 1 << 22; // blocks; so many are always read
  private static final int APP0 = 0xE0;
  private static final int APP14 = 0xEE;
  private static final int COMMENT = 0xFE;
  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int NO_ADOBE = -1;

  private final PictureBytes in;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private int width;
  private int height;
  private int[] components; // their identifiers
  private long[] blocks; // of 8 x 8, in each component
  private long visits; // of blocks, by all scans
  private int adobe = NO_ADOBE; // Adobe's colour transform: 0 none, 1 YCbCr, 2 YCCK
  private boolean jfif;

  private JpegReader(PictureBytes in) {
    this.in = in;
  }

  /** Decodes a file that {@link JpegScan} found complete. */
  static Raster read(PictureBytes in) {
    JpegReader reader = new JpegReader(in);
    reader.keepWhatPixelsNeed();
    return reader.decode();
  }

  private void keepWhatPixelsNeed() {
    in.position(2);
    kept.write(0xFF);
    kept.write(0xD8);
    int scans = 0;
    for (int marker = marker(); marker != END_OF_IMAGE; marker = marker()) {
      int length = in.big16();
      if (length < 2) {
        throw in.fault("a segment has no length");
      }
      byte[] segment = in.take(length - 2);
      boolean needed = marker < APP0 && marker >= 0xC0;
      if (marker == APP0) {
        jfif |= segment.length >= 5 && segment[0] == 'J' && segment[3] == 'F';
      } else if (marker == APP14 && segment.length >= 12 && segment[0] == 'A') {
        adobe = segment[11];
      } else if (marker >= 0xC0 && marker <= 0xCF && (marker & 3) != 0 || marker == 0xC0) {
        frame(marker, segment);
      } else if (!needed && (marker < APP0 || marker > 0xEF && marker != COMMENT)) {
        throw in.fault("it has a segment that is none of JPEG's");
      }
      if (needed) {
        kept.write(0xFF);
        kept.write(marker);
        kept.write(length >> 8);
        kept.write(length);
        kept.writeBytes(segment);
      }
      if (marker == START_OF_SCAN) {
        if (components == null || ++scans > MOST_SCANS) {
          throw in.fault("it has a scan too many");
        }
        visit(segment);
        keepScan();
      }
    }
    if (scans == 0) {
      throw in.fault("it has no pixels");
    }
    kept.write(0xFF);
    kept.write(END_OF_IMAGE);
  }

  /** A few bytes can send the decoder over all blocks once more; it is not sent without end. */
  private void visit(byte[] scan) {
    for (int i = 1; i + 1 < scan.length && i < 2 * scan[0]; i += 2) {
      for (int c = 0; c < components.length; c++) {
        visits += components[c] == (scan[i] & 255) ? blocks[c] : 0;
      }
    }
    long most = MOST_VISITS * (((long) width + 7) / 8) * ((height + 7) / 8);
    if (visits > Math.max(most, FEW_VISITS)) {
      throw in.fault("its scans come by the same pixels too often");
    }
  }

  /** The next marker; rubbish before it is left out. */
  private int marker() {
    int marker = 0;
    while (marker == 0 || marker >= 0xD0 && marker <= 0xD8 || marker == 1) {
      while (in.u8() != 0xFF) {
        continue;
      }
      do {
        marker = in.u8();
      } while (marker == 0xFF);
    }
    return marker;
  }

  private void keepScan() {
    byte[] file = in.all();
    int start = in.position();
    int at = start;
    while (at + 1 < file.length) {
      int next = file[at + 1] & 255;
      if ((file[at] & 255) == 0xFF && next != 0 && next != 0xFF && (next & 0xF8) != 0xD0) {
        break;
      }
      at++;
    }
    kept.write(file, start, at - start);
    in.position(at);
  }

  private void frame(int marker, byte[] segment) {
    if (marker == 0xC4 || marker == 0xC8 || marker == 0xCC) { // tables, and what is reserved
      return;
    }
    if (marker > 0xC2 || components != null || segment.length < 6 || segment[0] != 8) {
      throw in.fault("it is not a baseline or progressive JPEG of 8 bits");
    }
    height = (segment[1] & 255) << 8 | segment[2] & 255;
    width = (segment[3] & 255) << 8 | segment[4] & 255;
    in.requireSize(width, height);
    components = new int[segment[5] & 255];
    boolean sound = components.length == 1 || components.length == 3 || components.length == 4;
    if (!sound || segment.length < 6 + 3 * components.length) {
      throw in.fault("it has %d components; 1, 3 and 4 are read".formatted(components.length));
    }
    for (int c = 0; c < components.length; c++) {
      components[c] = segment[6 + 3 * c] & 255;
    }
    countBlocks(segment);
    if ((long) width * height > (long) MOST_PACKED * in.all().length) {
      throw in.truncated();
    }
  }

  private void countBlocks(byte[] frame) {
    int across = 1;
    int down = 1;
    for (int c = 0; c < components.length; c++) {
      across = Math.max(across, frame[7 + 3 * c] >> 4 & 15);
      down = Math.max(down, frame[7 + 3 * c] & 15);
    }
    blocks = new long[components.length];
    for (int c = 0; c < components.length; c++) {
      int factors = frame[7 + 3 * c];
      long columns = ((long) width * (factors >> 4 & 15) / across + 7) / 8;
      blocks[c] = columns * (((long) height * (factors & 15) / down + 7) / 8);
    }
  }

  private Raster decode() {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    java.awt.image.Raster samples;
    try (var stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(kept.toByteArray()))) {
      reader.setInput(stream, true, true);
      String[] damage = new String[1];
      IIOReadWarningListener listener =
          (source, warning) -> {
            // stray bytes between scans do no harm, whatever else is said does
            damage[0] = warning.contains("extraneous bytes") ? damage[0] : warning;
          };
      reader.addIIOReadWarningListener(listener);
      samples = reader.readRaster(0, null);
      if (damage[0] != null) {
        throw in.fault("it is damaged (%s)".formatted(damage[0]));
      }
    } catch (IIOException e) {
      throw in.fault("it is damaged (%s)".formatted(e.getMessage()));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw in.fault("it is damaged");
    } finally {
      reader.dispose();
    }
    boolean fits = samples.getWidth() == width && samples.getHeight() == height;
    if (!fits || samples.getNumBands() != components.length) {
      throw in.fault("its headers contradict each other");
    }
    Raster to = new Raster(in, width, height, false);
    DataBuffer buffer = samples.getDataBuffer();
    for (int i = 0; i < to.pixels(); i++) {
      pixel(to, i, buffer);
    }
    return to;
  }

  private void pixel(Raster to, int i, DataBuffer samples) {
    int count = components.length;
    int first = samples.getElem(count * i);
    if (count == 1) {
      to.color(i, first * 0x010101);
      return;
    }
    int second = samples.getElem(count * i + 1);
    int third = samples.getElem(count * i + 2);
    if (count == 3) {
      boolean named = components[0] == 'R' && components[1] == 'G' && components[2] == 'B';
      boolean stored = named || adobe == 0 && !jfif;
      to.color(i, stored ? first << 16 | second << 8 | third : rgb(first, second, third));
      return;
    }
    int black = samples.getElem(4 * i + 3);
    int inks =
        adobe == 2 ? rgb(first, second, third) ^ 0xFFFFFF : first << 16 | second << 8 | third;
    if (adobe == NO_ADOBE) { // Adobe stores inks inverted: 255 = none
      inks ^= 0xFFFFFF;
      black ^= 255;
    }
    float light = black / 65025f;
    to.color(i, (inks >> 16) * light, (inks >> 8 & 255) * light, (inks & 255) * light);
  }

  /** T.871, clause 7, in 8-bit levels: 0xRRGGBB. */
  private static int rgb(int luma, int blue, int red) {
    int cb = blue - 128;
    int cr = red - 128;
    return level(luma + 1.402 * cr) << 16
        | level(luma - 0.344136286 * cb - 0.714136286 * cr) << 8
        | level(luma + 1.772 * cb);
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.floor(value + 0.5)));
  }
}
