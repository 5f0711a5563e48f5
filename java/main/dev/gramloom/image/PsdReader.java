package dev.gramloom.image;

/**
 * Photoshop's flattened picture: RGB, 8 or 16 bits, plain or run-length packed, with alpha.
 *
 * <p>Source: Adobe Photoshop File Formats Specification, version 1 (PSD).
 */
final class PsdReader {
  private static final int RGB = 3;

  private PsdReader() {}

  static boolean recognises(PictureBytes in) {
    return in.startsWith("8BPS");
  }

  static Raster read(PictureBytes in) {
    in.position(4);
    if (in.big16() != 1) {
      throw in.fault("it is not of Photoshop's version 1");
    }
    in.skip(6);
    int channels = in.big16();
    long height = in.big32();
    long width = in.big32();
    in.requireSize(width, height);
    int bits = in.big16();
    int mode = in.big16();
    if (bits != 8 && bits != 16 || mode != RGB || channels < RGB || channels > 16) {
      throw in.fault("it is not RGB of 8 or 16 bits");
    }
    for (int section = 0; section < 3; section++) {
      in.skip(in.big32());
    }
    int packing = in.big16();
    if (packing > 1) {
      throw in.fault("it is packed in a way that is not read");
    }
    long plane = width * height * bits / 8; // bytes
    long least = packing == 0 ? plane * channels : plane * channels / 64;
    in.require(least);
    Raster to = new Raster(in, width, height, channels > RGB);
    if (packing == 1) {
      in.skip(2 * height * channels); // the rows' lengths, which are not needed
    }
    byte[] row = new byte[(int) (width * bits / 8)];
    for (int c = 0; c < Math.min(channels, 4); c++) {
      for (int y = 0; y < height; y++) {
        row(in, row, packing == 1);
        for (int x = 0; x < width; x++) {
          float value =
              bits == 8
                  ? (row[x] & 255) / 255f
                  : ((row[2 * x] & 255) << 8 | row[2 * x + 1] & 255) / 65535f;
          to.channel(c, y * to.width() + x, value);
        }
      }
    }
    if (channels > RGB) {
      removeWhite(to);
    }
    return to;
  }

  private static void row(PictureBytes in, byte[] row, boolean packed) {
    int done = 0;
    while (done < row.length) {
      int head = packed ? in.u8() : 0;
      if (head == 128) {
        continue;
      }
      int run = !packed ? row.length : head < 128 ? head + 1 : 257 - head;
      if (run > row.length - done) {
        throw in.fault("a row is longer than the picture is wide");
      }
      int value = head > 128 ? in.u8() : 0;
      for (int end = done + run; done < end; done++) {
        row[done] = (byte) (head > 128 ? value : in.u8());
      }
    }
  }

  /** Photoshop blends what is translucent with white; undone, as stb_image does. */
  private static void removeWhite(Raster to) {
    for (int i = 0; i < to.pixels(); i++) {
      float alpha = to.channel(3, i);
      if (alpha > 0 && alpha < 1) {
        for (int c = 0; c < RGB; c++) {
          float value = to.channel(c, i) / alpha + 1 - 1 / alpha;
          to.channel(c, i, Math.max(0, Math.min(1, value)));
        }
      }
    }
  }
}
