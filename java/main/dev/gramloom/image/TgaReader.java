package dev.gramloom.image;

/**
 * Truevision's TGA: palettes, grey and colour, plain and run-length packed, from any corner.
 *
 * <p>Source: Truevision TGA File Format Specification, version 2.0. The format has no mark; {@link
 * #recognises} believes a header whose fields fit together.
 */
final class TgaReader {
  private static final int HEADER = 18; // bytes
  private static final int LONGEST_RUN = 128; // pixels

  private final PictureBytes in;
  private final boolean indexed;
  private final boolean grey;
  private final int bits; // a pixel
  private final int firstIndex;
  private int[] palette; // 0xAARRGGBB

  private TgaReader(PictureBytes in, int kind, int bits, int firstIndex) {
    this.in = in;
    this.bits = bits;
    this.firstIndex = firstIndex;
    indexed = kind == 1;
    grey = kind == 3;
  }

  static boolean recognises(byte[] file) {
    if (file.length < HEADER) {
      return false;
    }
    int colors = file[1];
    int kind = file[2];
    int depth = file[16];
    boolean color = depth == 15 || depth == 16 || depth == 24 || depth == 32;
    boolean sound =
        switch (kind & ~8) {
          case 1 ->
              colors == 1
                  && (depth == 8 || depth == 16)
                  && (file[7] == 15 || file[7] == 16 || file[7] == 24 || file[7] == 32);
          case 2 -> color;
          case 3 -> depth == 8 || depth == 16;
          default -> false;
        };
    return sound && kind < 16 && (colors == 0 || colors == 1);
  }

  static Raster read(PictureBytes in) {
    in.position(0);
    int idLength = in.u8();
    int colors = in.u8();
    int kind = in.u8();
    int firstIndex = in.little16();
    int paletteLength = in.little16();
    int paletteBits = in.u8();
    in.skip(4);
    int width = in.little16();
    int height = in.little16();
    in.requireSize(width, height);
    int bits = in.u8();
    int corner = in.u8() >> 4 & 3; // 1 from the right, 2 from the top
    in.skip(idLength);
    TgaReader reader = new TgaReader(in, kind & 7, bits, firstIndex);
    if (colors == 1) {
      reader.readPalette(paletteLength, paletteBits);
    }
    return reader.pixels(width, height, corner, (kind & 8) != 0);
  }

  private void readPalette(int length, int paletteBits) {
    if (!indexed) { // allowed, and of no use
      in.skip((long) length * ((paletteBits + 7) / 8));
      return;
    }
    palette = new int[length];
    for (int i = 0; i < length; i++) {
      palette[i] = color(paletteBits);
    }
    if (length == 0) {
      throw in.fault("its palette is empty");
    }
  }

  private Raster pixels(int width, int height, int corner, boolean packed) {
    int bytes = (bits + 7) / 8;
    long least = packed ? (long) width * height / LONGEST_RUN : (long) width * height * bytes;
    in.require(least);
    boolean hasAlpha = indexed ? true : grey ? bits == 16 : bits == 32;
    Raster to = new Raster(in, width, height, hasAlpha);
    int run = 0;
    boolean repeats = false;
    int value = 0;
    for (int i = 0; i < to.pixels(); i++) {
      if (run == 0) {
        int head = packed ? in.u8() : 0;
        run = packed ? (head & 127) + 1 : to.pixels();
        repeats = head > 127;
        value = pixel();
      } else if (!repeats) {
        value = pixel();
      }
      run--;
      int x = (corner & 1) == 0 ? i % width : width - 1 - i % width;
      int y = (corner & 2) == 0 ? height - 1 - i / width : i / width;
      to.color(y * width + x, value);
      if (hasAlpha) {
        to.alpha(y * width + x, (value >>> 24) / 255f);
      }
    }
    return to;
  }

  /** 0xAARRGGBB. */
  private int pixel() {
    if (indexed) {
      int index = (bits == 8 ? in.u8() : in.little16()) - firstIndex;
      return palette[index < 0 || index >= palette.length ? 0 : index];
    }
    if (grey) {
      int level = in.u8();
      return level * 0x010101 | (bits == 16 ? in.u8() : 255) << 24;
    }
    return color(bits);
  }

  private int color(int depth) {
    if (depth <= 16) { // the sixteenth bit is not used as alpha, by anyone
      int v = in.little16();
      return 255 << 24 | five(v >> 10) << 16 | five(v >> 5) << 8 | five(v);
    }
    int rgb = in.u8() | in.u8() << 8 | in.u8() << 16;
    return rgb | (depth == 32 ? in.u8() : 255) << 24;
  }

  private static int five(int value) {
    return (value & 31) * 255 / 31;
  }
}
