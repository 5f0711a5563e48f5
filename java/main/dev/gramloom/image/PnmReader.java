package dev.gramloom.image;

/**
 * Binary PGM and PPM (P5, P6), 8 and 16 bits.
 *
 * <p>Source: Netpbm, pgm(5) and ppm(5).
 */
final class PnmReader {
  private PnmReader() {}

  static boolean recognises(byte[] file) {
    return file.length >= 3
        && file[0] == 'P'
        && (file[1] == '5' || file[1] == '6')
        && isSpace(file[2]);
  }

  static Raster read(PictureBytes in) {
    in.position(1);
    int channels = in.u8() == '6' ? 3 : 1;
    int width = number(in);
    int height = number(in);
    int most = number(in);
    in.requireSize(width, height);
    if (most < 1 || most > 65535) {
      throw in.fault("its largest value must be 1 to 65535, got " + most);
    }
    in.require((long) width * height * channels * (most > 255 ? 2 : 1));
    Raster to = new Raster(in, width, height, false);
    for (int i = 0; i < to.pixels(); i++) {
      float value = 0;
      for (int c = 0; c < 3; c++) {
        if (c < channels) {
          value = Math.min(1, (most > 255 ? in.big16() : in.u8()) / (float) most);
        }
        to.channel(c, i, value);
      }
    }
    return to;
  }

  /** The next number of the header, and the one byte behind it. */
  private static int number(PictureBytes in) {
    int c = in.u8();
    while (isSpace(c) || c == '#') {
      while (c == '#' || c != '\n' && !isSpace(c)) {
        c = in.u8() == '\n' ? '\n' : '#';
      }
      c = in.u8();
    }
    int value = 0;
    int digits = 0;
    for (; c >= '0' && c <= '9'; c = in.u8()) {
      value = 10 * value + c - '0';
      if (++digits > 9) {
        throw in.fault("a number of its header is too long");
      }
    }
    if (digits == 0 || !isSpace(c)) {
      throw in.fault("its header is damaged");
    }
    return value;
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }
}
