package dev.gramloom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Sound files of the formats that are simple enough to be written by hand, in all their kinds. */
final class FormatSamples {
  static final int SIDE = 11;

  private final Map<String, byte[]> all = new LinkedHashMap<>();

  private FormatSamples() {}

  /** Name to bytes; the name begins with the format's. */
  static Map<String, byte[]> all() {
    FormatSamples samples = new FormatSamples();
    samples.bitmaps();
    samples.targas();
    samples.photoshop();
    samples.radiance();
    samples.gifs();
    samples.portable();
    return samples.all;
  }

  private void bitmaps() {
    for (int bits : new int[] {1, 4, 8, 16, 24, 32}) {
      all.put("bmp %d bits".formatted(bits), bitmap(40, bits, SIDE));
    }
    all.put("bmp 8 bits, OS/2", bitmap(12, 8, SIDE));
    all.put("bmp 24 bits, OS/2", bitmap(12, 24, SIDE));
    all.put("bmp 24 bits, from the top", bitmap(40, 24, -SIDE));
    all.put("bmp 16 bits, fields", bitmap(40, 16, SIDE, 0xF800, 0x7E0, 0x1F));
    all.put("bmp 32 bits, fields", bitmap(40, 32, SIDE, 0xFF, 0xFF00, 0xFF0000));
    int[] masks = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};
    all.put("bmp 32 bits, version 4", bitmap(108, 32, SIDE, masks));
    all.put("bmp 32 bits, version 5", bitmap(124, 32, -SIDE, masks));
  }

  private static byte[] bitmap(int header, int bits, int height, int... masks) {
    int colors = bits > 8 ? 0 : 1 << bits;
    int entry = header == 12 ? 3 : 4;
    int outside = header == 40 ? 4 * masks.length : 0;
    int start = 14 + header + outside + colors * entry;
    int stride = (SIDE * bits + 31) / 32 * 4;
    ByteBuffer file = ByteBuffer.allocate(start + SIDE * stride).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(start);
    file.putInt(header);
    if (header == 12) {
      file.putShort((short) SIDE).putShort((short) height);
    } else {
      file.putInt(SIDE).putInt(height);
    }
    file.putShort((short) 1).putShort((short) bits);
    if (header > 12) {
      file.putInt(masks.length > 0 ? 3 : 0).position(54);
    }
    for (int mask : masks) {
      file.putInt(mask);
    }
    file.position(14 + header + outside).put(random(colors * entry));
    byte[] pixels = random(SIDE * stride);
    fillAlpha(pixels, masks.length == 4 ? 4 : 0);
    return file.put(pixels).array();
  }

  private void targas() {
    for (int packed = 0; packed <= 8; packed += 8) {
      String how = packed == 0 ? "" : ", packed";
      for (int bits : new int[] {16, 24, 32}) {
        all.put("tga %d bits%s".formatted(bits, how), targa(2 + packed, bits, 0, 0));
        all.put("tga palette of %d bits%s".formatted(bits, how), targa(1 + packed, 8, bits, 0));
      }
      all.put("tga grey" + how, targa(3 + packed, 8, 0, 0));
      all.put("tga grey and alpha" + how, targa(3 + packed, 16, 0, 0));
    }
    all.put("tga from the top", targa(2, 24, 0, 0x20));
    all.put("tga from the right", targa(2, 24, 0, 0x10));
  }

  private static byte[] targa(int kind, int bits, int paletteBits, int corner) {
    int colors = paletteBits == 0 ? 0 : 256;
    ByteBuffer head = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    head.put(1, (byte) (colors == 0 ? 0 : 1)).put(2, (byte) kind);
    head.putShort(5, (short) colors).put(7, (byte) paletteBits);
    head.putShort(12, (short) SIDE).putShort(14, (short) SIDE).put(16, (byte) bits);
    head.put(17, (byte) corner);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.array());
    byte[] palette = random(colors * paletteBits / 8);
    fillAlpha(palette, paletteBits == 32 ? 4 : 0);
    out.writeBytes(palette);
    int bytes = bits / 8;
    byte[] pixels = random(SIDE * SIDE * bytes);
    fillAlpha(pixels, bytes == 4 || kind % 8 == 3 ? bytes : 0);
    for (int done = 0; done < SIDE * SIDE; ) {
      int run = kind < 8 ? SIDE * SIDE : Math.min(SIDE * SIDE - done, 1 + done % 7);
      boolean repeats = kind >= 8 && done % 2 == 0;
      if (kind >= 8) {
        out.write(run - 1 | (repeats ? 128 : 0));
      }
      out.write(pixels, done * bytes, repeats ? bytes : run * bytes);
      done += run;
    }
    return out.toByteArray();
  }

  /** Makes every pixel's last byte opaque or clear, where pixels of so many bytes have alpha. */
  private static void fillAlpha(byte[] pixels, int bytes) {
    for (int i = bytes - 1; (bytes == 2 || bytes == 4) && i < pixels.length; i += bytes) {
      pixels[i] = (byte) (i % 3 == 0 ? 0 : 255);
    }
  }

  private void photoshop() {
    for (int bits = 8; bits <= 16; bits += 8) {
      for (int channels = 3; channels <= 4; channels++) {
        for (int packing = 0; packing < 2; packing++) {
          String name = "psd %d bits, %d channels%s";
          all.put(
              name.formatted(bits, channels, packing == 0 ? "" : ", packed"),
              photoshop(bits, channels, packing));
        }
      }
    }
  }

  private static byte[] photoshop(int bits, int channels, int packing) {
    ByteBuffer head = ByteBuffer.allocate(40);
    head.put("8BPS".getBytes(StandardCharsets.US_ASCII)).putShort((short) 1);
    head.putShort(12, (short) channels).putInt(14, SIDE).putInt(18, SIDE);
    head.putShort(22, (short) bits).putShort(24, (short) 3).putShort(38, (short) packing);
    ByteArrayOutputStream lengths = new ByteArrayOutputStream();
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    Random random = new Random(bits + channels);
    for (int i = 0; i < channels * SIDE; i++) {
      byte[] row = new byte[SIDE * bits / 8];
      random.nextBytes(row);
      Arrays.fill(row, 0, 4, row[0]);
      if (i >= 3 * SIDE) {
        Arrays.fill(row, (byte) (i % 3 == 0 ? 0 : 255)); // alpha
      }
      byte[] stored = packing == 0 ? row : packBits(row);
      lengths.write(stored.length >> 8);
      lengths.write(stored.length);
      rows.writeBytes(stored);
    }
    return join(join(head.array(), packing == 0 ? new byte[0] : lengths.toByteArray()), rows);
  }

  private static byte[] packBits(byte[] row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < row.length; ) {
      int run = 1;
      while (at + run < row.length && row[at + run] == row[at]) {
        run++;
      }
      out.write(run > 1 ? 257 - run : 0);
      out.write(row[at]);
      at += run;
    }
    return out.toByteArray();
  }

  private void radiance() {
    byte[] rows = new byte[SIDE * (4 + 4 * 6)];
    Random random = new Random(4);
    for (int row = 0; row < SIDE; row++) {
      ByteBuffer in = ByteBuffer.wrap(rows, 28 * row, 28).put(new byte[] {2, 2, 0, (byte) SIDE});
      for (int c = 0; c < 4; c++) {
        byte[] some = new byte[4];
        random.nextBytes(some);
        if (c == 3) {
          some = new byte[] {(byte) 129, (byte) 128, 127, 0}; // exponents
        }
        in.put((byte) (128 + 8)).put(some[0]).put((byte) 3).put(some, 1, 3);
      }
    }
    String head = "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y %d +X %d\n";
    all.put("hdr", join(ascii(head.formatted(SIDE, SIDE)), rows));
    byte[] flat = random(4 * 4 * 5);
    for (int i = 3; i < flat.length; i += 4) {
      flat[i] = (byte) (124 + i % 7);
    }
    all.put("hdr plain", join(ascii(head.formatted(4, 5)), flat));
  }

  private void gifs() {
    all.put("gif plain", gif("GIF87a", false, false, 0));
    all.put("gif interlaced", gif("GIF89a", true, false, 0));
    all.put("gif palette of its own", gif("GIF89a", false, true, 0));
    all.put("gif part of the canvas", gif("GIF89a", false, false, 2));
  }

  /** Pixels in codes of nine bits, of which the dictionary never needs more. */
  private static byte[] gif(String version, boolean interlaced, boolean own, int edge) {
    int side = SIDE - edge;
    ByteBuffer file = ByteBuffer.allocate(2048).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii(version)).putShort((short) SIDE).putShort((short) SIDE);
    file.put((byte) (own ? 0 : 0x87)).putShort((short) 0);
    if (!own) {
      file.put(random(768));
    }
    if (version.endsWith("9a")) {
      file.put(new byte[] {0x21, (byte) 0xF9, 4, 1, 0, 0, 7, 0}); // index 7 is clear
    }
    file.put((byte) 0x2C).putShort((short) edge).putShort((short) (edge / 2));
    file.putShort((short) side).putShort((short) side);
    file.put((byte) ((interlaced ? 0x40 : 0) | (own ? 0x87 : 0)));
    if (own) {
      file.put(random(768));
    }
    byte[] indices = random(side * side);
    indices[5] = 7;
    byte[] codes = new byte[(9 * (indices.length + 2) + 7) / 8];
    for (int i = 0; i < indices.length + 2; i++) {
      int code = i == 0 ? 256 : i > indices.length ? 257 : indices[i - 1] & 255;
      for (int bit = 9 * i; bit < 9 * i + 9; bit++) {
        codes[bit / 8] |= (byte) ((code >> bit - 9 * i & 1) << bit % 8);
      }
    }
    file.put((byte) 8).put((byte) codes.length).put(codes).put((byte) 0).put((byte) 0x3B);
    return Arrays.copyOf(file.array(), file.position());
  }

  private void portable() {
    all.put("pnm", join(ascii("P6 4 4 255\n"), random(48)));
    all.put("pnm grey", join(ascii("P5\n# grey\n4 4\n255\n"), random(16)));
    all.put("pnm 16 bits", join(ascii("P5\n# deep\n4 4\n65535\n"), random(32)));
    byte[] to99 = random(48);
    for (int i = 0; i < to99.length; i++) {
      to99[i] = (byte) ((to99[i] & 255) % 100);
    }
    all.put("pnm to 99", join(ascii("P6 4 4 99\n"), to99));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] join(byte[] head, byte[] rest) {
    byte[] all = Arrays.copyOf(head, head.length + rest.length);
    System.arraycopy(rest, 0, all, head.length, rest.length);
    return all;
  }

  private static byte[] join(byte[] head, ByteArrayOutputStream rest) {
    return join(head, rest.toByteArray());
  }

  static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }
}
