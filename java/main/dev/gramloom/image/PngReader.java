package dev.gramloom.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * PNG's pixels: every colour type, depth and interlace of the standard. Gamma and profiles are left
 * as they are; text and profiles are never unpacked.
 *
 * <p>Source: Portable Network Graphics, ISO/IEC 15948.
 */
final class PngReader {
  private static final int MOST_PACKED = 1032; // bytes that one byte of deflate can make
  private static final int[][] PASSES = { // Adam7: first x, first y, step x, step y
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };
  private static final int[][] WHOLE = {{0, 0, 1, 1}};

  private final PictureBytes in;
  private final Inflater inflater = new Inflater();
  private int depth;
  private int type; // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  private int channels;
  private byte[] palette;
  private byte[] transparency;
  private int left; // bytes in the chunk that is being unpacked

  private PngReader(PictureBytes in) {
    this.in = in;
  }

  /** Decodes a file that {@link PngScan} found whole. */
  static Raster read(PictureBytes in) {
    PngReader reader = new PngReader(in);
    try {
      return reader.read();
    } finally {
      reader.inflater.end();
    }
  }

  private Raster read() {
    in.position(8);
    if (in.big32() != 13 || in.big32() != 0x49484452) {
      throw in.fault("its header is missing");
    }
    long width = in.big32();
    long height = in.big32();
    in.requireSize(width, height);
    depth = in.u8();
    type = in.u8();
    channels = type == 2 ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1;
    boolean sound =
        switch (type) {
          case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case 2, 4, 6 -> depth == 8 || depth == 16;
          default -> false;
        };
    int methods = in.big16();
    int interlace = in.u8();
    if (!sound || methods != 0 || interlace > 1) {
      throw in.fault("its colour type, depth or packing is none of PNG's");
    }
    in.skip(4);
    seekPixels();
    if (type == 3 && palette == null) {
      throw in.fault("its palette is missing");
    }
    if ((width * channels * depth + 7) / 8 * height > (long) MOST_PACKED * in.all().length) {
      throw in.truncated();
    }
    boolean hasAlpha = type == 4 || type == 6 || transparency != null;
    Raster to = new Raster(in, width, height, hasAlpha);
    for (int[] pass : interlace == 1 ? PASSES : WHOLE) {
      pass(to, pass);
    }
    return to;
  }

  /** Goes to the first IDAT and notes the chunks before it that pixels depend on. */
  private void seekPixels() {
    while (true) {
      long length = in.big32();
      int chunk = (int) in.big32();
      in.require(length);
      switch (chunk) {
        case 0x49444154 -> { // IDAT
          left = (int) length;
          return;
        }
        case 0x504C5445 -> { // PLTE
          palette = in.take(length);
          if (length % 3 != 0 || length > 768) {
            throw in.fault("its palette is damaged");
          }
        }
        case 0x74524E53 -> transparency(in.take(length)); // tRNS
        default -> {
          if ((chunk & 0x20000000) == 0) {
            throw in.fault("it has a chunk that is none of PNG's or out of order");
          }
          in.skip(length);
        }
      }
      in.skip(4);
    }
  }

  private void transparency(byte[] chunk) {
    int wanted = type == 0 ? 2 : type == 2 ? 6 : 0;
    if (type == 3 ? palette == null || chunk.length > palette.length / 3 : chunk.length < wanted) {
      throw in.fault("its transparency is damaged");
    }
    transparency = type == 4 || type == 6 ? null : chunk;
  }

  private void pass(Raster to, int[] pass) {
    int columns = (to.width() - pass[0] + pass[2] - 1) / pass[2];
    int rows = (to.height() - pass[1] + pass[3] - 1) / pass[3];
    if (columns <= 0 || rows <= 0) {
      return;
    }
    int step = Math.max(1, channels * depth / 8); // bytes to the pixel on the left
    byte[] above = new byte[(columns * channels * depth + 7) / 8];
    byte[] row = new byte[above.length];
    byte[] filter = new byte[1];
    for (int y = 0; y < rows; y++) {
      unpack(filter);
      unpack(row);
      unfilter(filter[0], row, above, step);
      int start = (pass[1] + y * pass[3]) * to.width() + pass[0];
      for (int x = 0; x < columns; x++) {
        pixel(to, start + x * pass[2], row, x * channels);
      }
      byte[] spare = above;
      above = row;
      row = spare;
    }
  }

  /** Fills an array with the next unpacked bytes. */
  private void unpack(byte[] to) {
    try {
      for (int done = 0; done < to.length; ) {
        int got = inflater.inflate(to, done, to.length - done);
        done += got;
        if (got == 0) {
          if (inflater.finished() || inflater.needsDictionary()) {
            throw in.truncated();
          }
          feed();
        }
      }
    } catch (DataFormatException e) {
      throw in.fault("its pixels cannot be unpacked");
    }
  }

  private void feed() {
    while (left == 0) {
      in.skip(4);
      long length = in.big32();
      if (in.big32() != 0x49444154) {
        throw in.truncated();
      }
      in.require(length);
      left = (int) length;
    }
    inflater.setInput(in.all(), in.position(), left);
    in.skip(left);
    left = 0;
  }

  private void unfilter(int filter, byte[] row, byte[] above, int step) {
    if (filter < 0 || filter > 4) {
      throw in.fault("a row has a filter that is none of PNG's");
    }
    for (int i = 0; i < row.length; i++) {
      int a = i < step ? 0 : row[i - step] & 255;
      int b = above[i] & 255;
      int c = i < step ? 0 : above[i - step] & 255;
      row[i] +=
          (byte)
              switch (filter) {
                case 1 -> a;
                case 2 -> b;
                case 3 -> (a + b) / 2;
                case 4 -> paeth(a, b, c);
                default -> 0;
              };
    }
  }

  private static int paeth(int a, int b, int c) {
    int toA = Math.abs(b - c);
    int toB = Math.abs(a - c);
    int toC = Math.abs(a + b - 2 * c);
    return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
  }

  private void pixel(Raster to, int i, byte[] row, int sample) {
    float most = (1 << depth) - 1;
    int first = sample(row, sample);
    if (type == 3) {
      if (3 * first >= palette.length) {
        throw in.fault("a pixel is outside the palette");
      }
      int p = 3 * first;
      to.color(i, (palette[p] & 255) << 16 | (palette[p + 1] & 255) << 8 | palette[p + 2] & 255);
      if (transparency != null && first < transparency.length) {
        to.alpha(i, (transparency[first] & 255) / 255f);
      }
      return;
    }
    boolean grey = channels <= 2;
    int green = grey ? first : sample(row, sample + 1);
    int blue = grey ? first : sample(row, sample + 2);
    to.color(i, first / most, green / most, blue / most);
    if (type == 4 || type == 6) {
      to.alpha(i, sample(row, sample + channels - 1) / most);
    } else if (transparency != null) {
      boolean clear = first == key(0) && (grey || green == key(1) && blue == key(2));
      to.alpha(i, clear ? 0 : 1);
    }
  }

  private int key(int channel) {
    int value = (transparency[2 * channel] & 255) << 8 | transparency[2 * channel + 1] & 255;
    return value & (1 << depth) - 1;
  }

  private int sample(byte[] row, int i) {
    return switch (depth) {
      case 8 -> row[i] & 255;
      case 16 -> (row[2 * i] & 255) << 8 | row[2 * i + 1] & 255;
      default -> {
        int bit = i * depth;
        yield (row[bit >> 3] & 255) >> 8 - depth - (bit & 7) & (1 << depth) - 1;
      }
    };
  }
}
