package dev.gramloom.image;

/**
 * Windows' and OS/2's BMP: palettes, 16, 24 and 32 bits, bit fields; not run-length packed.
 *
 * <p>Source: Microsoft, BITMAPV5HEADER and its predecessors (wingdi.h).
 */
final class BmpReader {
  private static final int BIT_FIELDS = 3;
  private static final int ALPHA_BIT_FIELDS = 6;

  private final PictureBytes in;
  private int width;
  private int height;
  private boolean topDown;
  private int bits;
  private final int[] masks = new int[4]; // red, green, blue, alpha
  private int[] palette = {}; // 0xRRGGBB

  private BmpReader(PictureBytes in) {
    this.in = in;
  }

  static boolean recognises(PictureBytes in) {
    return in.startsWith("BM");
  }

  static Raster read(PictureBytes in) {
    return new BmpReader(in).read();
  }

  private Raster read() {
    in.position(10);
    long start = in.little32();
    long header = in.little32();
    if (header == 12) {
      width = in.little16();
      height = (short) in.little16();
    } else if (header >= 40 && header <= 124) {
      width = (int) in.little32();
      height = (int) in.little32();
    } else {
      throw in.fault("its header is none of BMP's");
    }
    topDown = height < 0;
    in.requireSize(width, Math.abs((long) height));
    height = Math.abs(height);
    int planes = in.little16();
    bits = in.little16();
    long packing = header == 12 ? 0 : in.little32();
    boolean fields = packing == BIT_FIELDS || packing == ALPHA_BIT_FIELDS;
    boolean wide = bits == 16 || bits == 32;
    if (planes != 1 || packing != 0 && !(fields && wide)) {
      throw in.fault("it is packed in a way that is not read");
    }
    if (wide) {
      masks(header, fields, packing == ALPHA_BIT_FIELDS || header >= 56);
    } else if (bits == 1 || bits == 4 || bits == 8) {
      long used = header == 12 ? 0 : at(46);
      palette(14 + header, start, header == 12 ? 3 : 4, used);
    } else if (bits != 24) {
      throw in.fault("it has %d bits a pixel; 1, 4, 8, 16, 24 and 32 are read".formatted(bits));
    }
    return pixels(start);
  }

  private long at(int position) {
    in.position(position);
    return in.little32();
  }

  private void masks(long header, boolean fields, boolean withAlpha) {
    if (!fields) {
      System.arraycopy(
          bits == 16
              ? new int[] {0x7C00, 0x3E0, 0x1F, 0}
              : new int[] {0xFF0000, 0xFF00, 0xFF, -1 << 24},
          0,
          masks,
          0,
          4);
      return;
    }
    in.position(54);
    for (int c = 0; c < (withAlpha ? 4 : 3); c++) {
      masks[c] = (int) in.little32();
      int low = masks[c] >>> Integer.numberOfTrailingZeros(masks[c]);
      if (masks[c] == 0 ? c < 3 : (low & low + 1) != 0) {
        throw in.fault("its bit fields are damaged");
      }
    }
  }

  private void palette(long from, long to, int bytes, long used) {
    long room = Math.min((to - from) / bytes, 1 << bits);
    long count = used > 0 ? Math.min(used, room) : room;
    if (count <= 0) {
      throw in.fault("its palette is missing");
    }
    in.position(from);
    palette = new int[(int) count];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = in.u8() | in.u8() << 8 | in.u8() << 16;
      in.skip(bytes - 3);
    }
  }

  private Raster pixels(long start) {
    long stride = ((long) width * bits + 31) / 32 * 4;
    in.position(start);
    in.require(stride * (height - 1) + ((long) width * bits + 7) / 8);
    Raster to = new Raster(in, width, height, masks[3] != 0);
    for (int row = 0; row < height; row++) {
      int y = topDown ? row : height - 1 - row;
      in.position(start + row * stride);
      int packed = 0;
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        if (bits <= 8) {
          int bit = x * bits & 7;
          packed = bit == 0 ? in.u8() : packed;
          int index = packed >> 8 - bits - bit & (1 << bits) - 1;
          if (index >= palette.length) {
            throw in.fault("a pixel is outside the palette");
          }
          to.color(i, palette[index]);
        } else if (bits == 24) {
          to.color(i, in.u8() | in.u8() << 8 | in.u8() << 16);
        } else {
          fields(to, i, bits == 16 ? in.little16() : (int) in.little32());
        }
      }
    }
    return to;
  }

  private void fields(Raster to, int i, int value) {
    for (int c = 0; c < (masks[3] == 0 ? 3 : 4); c++) {
      int shift = Integer.numberOfTrailingZeros(masks[c]);
      to.channel(
          c,
          i,
          (float) ((double) ((value & masks[c]) >>> shift) / ((masks[c] >>> shift) & 0xFFFFFFFFL)));
    }
  }
}
