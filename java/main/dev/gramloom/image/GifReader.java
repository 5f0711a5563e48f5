package dev.gramloom.image;

import java.util.Arrays;

/**
 * The first frame of a GIF on its canvas; what it leaves out is transparent.
 *
 * <p>Source: CompuServe, Graphics Interchange Format, version 89a.
 */
final class GifReader {
  private static final int CODES = 4096;
  private static final int CLEAR = -1; // no transparent index

  private final PictureBytes in;
  private int left; // bytes in the block that is being read
  private boolean ended; // the empty block was read
  private int bits;
  private int bitCount;

  private GifReader(PictureBytes in) {
    this.in = in;
  }

  static boolean recognises(PictureBytes in) {
    return in.startsWith("GIF87a") || in.startsWith("GIF89a");
  }

  static Raster read(PictureBytes in) {
    return new GifReader(in).read();
  }

  private Raster read() {
    in.position(6);
    int width = in.little16();
    int height = in.little16();
    in.requireSize(width, height);
    int flags = in.u8();
    in.skip(2);
    int[] colors = flags > 127 ? palette(flags) : null;
    int transparent = CLEAR;
    while (true) {
      switch (in.u8()) {
        case 0x21 -> transparent = extension(transparent);
        case 0x2C -> {
          return frame(width, height, colors, transparent);
        }
        default -> throw in.fault("it has no frame");
      }
    }
  }

  /** Skips an extension; the transparent index, if it is the one that says. */
  private int extension(int otherwise) {
    boolean control = in.u8() == 0xF9;
    int transparent = otherwise;
    for (int length = in.u8(); length != 0; length = in.u8()) {
      int next = in.position() + length;
      if (control && length == 4) {
        boolean has = (in.u8() & 1) != 0;
        in.skip(2);
        transparent = has ? in.u8() : CLEAR;
      }
      in.position(next);
    }
    return transparent;
  }

  private int[] palette(int flags) {
    int[] colors = new int[2 << (flags & 7)];
    for (int i = 0; i < colors.length; i++) {
      colors[i] = in.u8() << 16 | in.u8() << 8 | in.u8();
    }
    return colors;
  }

  private Raster frame(int width, int height, int[] global, int transparent) {
    int across = in.little16();
    int top = in.little16();
    int columns = in.little16();
    int rows = in.little16();
    if (columns == 0 || rows == 0 || across + columns > width || top + rows > height) {
      throw in.fault("its frame lies outside the canvas");
    }
    int flags = in.u8();
    int[] colors = flags > 127 ? palette(flags) : global;
    if (colors == null) {
      throw in.fault("its palette is missing");
    }
    in.require((long) columns * rows / CODES);
    Raster to = new Raster(in, width, height, true);
    for (int i = 0; i < to.pixels(); i++) {
      to.alpha(i, 0);
    }
    byte[] indices = unpack(columns * rows);
    boolean interlaced = (flags & 0x40) != 0;
    for (int i = 0; i < indices.length; i++) {
      int index = indices[i] & 255;
      int y = interlaced ? row(i / columns, rows) : i / columns;
      int at = (top + y) * width + across + i % columns;
      if (index != transparent) {
        to.color(at, index < colors.length ? colors[index] : 0);
        to.alpha(at, 1);
      }
    }
    return to;
  }

  /** The row of the picture that the file's row {@code n} is. */
  private static int row(int n, int rows) {
    int[] starts = {0, 4, 2, 1};
    int[] steps = {8, 8, 4, 2};
    int rest = n;
    for (int pass = 0; pass < 4; pass++) {
      int count = Math.max(0, (rows - starts[pass] + steps[pass] - 1) / steps[pass]);
      if (rest < count) {
        return starts[pass] + rest * steps[pass];
      }
      rest -= count;
    }
    throw new IllegalArgumentException("row %d of %d".formatted(n, rows));
  }

  /** LZW (appendix F): so many indices. */
  private byte[] unpack(int count) {
    int smallest = in.u8();
    if (smallest < 1 || smallest > 11) {
      throw in.fault("its code size is none of GIF's");
    }
    int clear = 1 << smallest;
    short[] prefix = new short[CODES];
    byte[] suffix = new byte[CODES];
    byte[] first = new byte[CODES];
    for (int i = 0; i < clear; i++) {
      suffix[i] = (byte) i;
      first[i] = (byte) i;
    }
    byte[] out = new byte[count];
    byte[] text = new byte[CODES + 1];
    int next = clear + 2;
    int size = smallest + 1;
    int before = -1;
    for (int done = 0; done < count; ) {
      int code = code(size);
      if (code == clear) {
        next = clear + 2;
        size = smallest + 1;
        before = -1;
        continue;
      }
      if (code == clear + 1) {
        throw in.truncated();
      }
      if (before < 0 ? code > clear : code > next || code == next && next == CODES) {
        throw in.fault("a code of its pixels is out of place");
      }
      if (before >= 0 && next < CODES) {
        prefix[next] = (short) before;
        first[next] = first[before];
        suffix[next] = code == next ? first[before] : first[code];
        next++;
        if (next == 1 << size && size < 12) {
          size++;
        }
      }
      int at = text.length;
      for (int c = code; ; c = prefix[c]) {
        text[--at] = suffix[c];
        if (c < clear) {
          break;
        }
      }
      int run = Math.min(text.length - at, count - done);
      System.arraycopy(Arrays.copyOfRange(text, at, at + run), 0, out, done, run);
      done += run;
      before = code;
    }
    return out;
  }

  private int code(int size) {
    while (bitCount < size) {
      if (left == 0) {
        left = ended ? 0 : in.u8();
        ended |= left == 0;
        if (ended) {
          throw in.truncated();
        }
      }
      bits |= in.u8() << bitCount;
      bitCount += 8;
      left--;
    }
    int code = bits & (1 << size) - 1;
    bits >>>= size;
    bitCount -= size;
    return code;
  }
}
