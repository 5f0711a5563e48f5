package dev.gramloom.image;

/**
 * Radiance's HDR, run-length packed or not, sRGB-encoded and clamped to 0..1.
 *
 * <p>Source: Ward, Real Pixels, Graphics Gems II, 1991; Radiance's color.c.
 */
final class HdrReader {
  private static final int LONGEST_LINE = 1024; // bytes
  private static final int MOST_LINES = 1000;

  private HdrReader() {}

  static boolean recognises(PictureBytes in) {
    return in.startsWith("#?RADIANCE\n") || in.startsWith("#?RGBE\n");
  }

  static Raster read(PictureBytes in) {
    in.position(0);
    boolean known = false;
    int lines = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      known |= line.equals("FORMAT=32-bit_rle_rgbe");
      if (++lines > MOST_LINES) {
        throw in.fault("its header does not end");
      }
    }
    String[] size = line(in).trim().split(" +");
    boolean sound =
        size.length == 4
            && size[0].equals("-Y")
            && size[2].equals("+X")
            && (size[1] + size[3]).matches("\\d{2,18}")
            && size[1].length() <= 9
            && size[3].length() <= 9;
    if (!known || !sound) {
      throw in.fault("it is not 32-bit_rle_rgbe, -Y height +X width");
    }
    int height = Integer.parseInt(size[1]);
    int width = Integer.parseInt(size[3]);
    in.requireSize(width, height);
    boolean packed = width >= 8 && width < 32768 && startsPacked(in);
    in.require(packed ? 4L * width * height / 64 : 4L * width * height);
    Raster to = new Raster(in, width, height, false);
    int[] row = new int[4 * width]; // [4][W]: red, green, blue, exponent
    for (int y = 0; y < height; y++) {
      if (packed) {
        packedRow(in, row, width);
      } else {
        for (int i = 0; i < row.length; i++) {
          row[i % 4 * width + i / 4] = in.u8();
        }
      }
      for (int x = 0; x < width; x++) {
        float unit = row[3 * width + x] == 0 ? 0 : Math.scalb(1f, row[3 * width + x] - 136);
        for (int c = 0; c < 3; c++) {
          to.channel(c, y * width + x, ColorSpace.encode(row[c * width + x] * unit));
        }
      }
    }
    return to;
  }

  private static boolean startsPacked(PictureBytes in) {
    int at = in.position();
    boolean packed = in.remaining() >= 4 && in.u8() == 2 && in.u8() == 2 && in.u8() < 128;
    in.position(at);
    return packed;
  }

  private static void packedRow(PictureBytes in, int[] row, int width) {
    if (in.big16() != 0x0202 || in.big16() != width) {
      throw in.fault("a row is not as wide as the picture");
    }
    for (int c = 0; c < 4; c++) {
      int end = (c + 1) * width;
      for (int at = c * width; at < end; ) {
        int head = in.u8();
        int run = head > 128 ? head - 128 : head;
        if (run == 0 || run > end - at) {
          throw in.fault("a row is longer than the picture is wide");
        }
        int value = head > 128 ? in.u8() : 0;
        for (int last = at + run; at < last; at++) {
          row[at] = head > 128 ? value : in.u8();
        }
      }
    }
  }

  private static String line(PictureBytes in) {
    StringBuilder line = new StringBuilder();
    for (int c = in.u8(); c != '\n'; c = in.u8()) {
      if (line.length() == LONGEST_LINE) {
        throw in.fault("a line of its header does not end");
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
