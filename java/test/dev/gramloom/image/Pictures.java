package dev.gramloom.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Pictures to test with, made on the spot. */
public final class Pictures {
  private Pictures() {}

  /** Independent uniform values. */
  public static Image noise(int height, int width, long seed) {
    var random = new Random(seed);
    float[] rgb = new float[3 * height * width];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = random.nextFloat();
    }
    return new Image(height, width, rgb);
  }

  /** Colourful waves of whole periods: smooth, and it tiles. Within 0.05..0.95. */
  public static Image waves(int height, int width, long seed) {
    var random = new Random(seed);
    int m = height * width;
    float[] rgb = new float[3 * m];
    for (int wave = 0; wave < 8; wave++) {
      double fx = random.nextInt(7) - 3;
      double fy = random.nextInt(7) - 3;
      for (int c = 0; c < 3; c++) {
        double phase = random.nextDouble() * 2 * Math.PI;
        for (int i = 0; i < m; i++) {
          double turns = fx * (i % width) / width + fy * (i / width) / height;
          rgb[c * m + i] += (float) Math.cos(2 * Math.PI * turns + phase);
        }
      }
    }
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = 0.5f + 0.45f * rgb[i] / 8;
    }
    return new Image(height, width, rgb);
  }

  /** One colour. */
  public static Image plain(int height, int width, float red, float green, float blue) {
    int m = height * width;
    float[] rgb = new float[3 * m];
    Arrays.fill(rgb, 0, m, red);
    Arrays.fill(rgb, m, 2 * m, green);
    Arrays.fill(rgb, 2 * m, 3 * m, blue);
    return new Image(height, width, rgb);
  }

  /** The picture on its torus, moved down and right. */
  public static Image rolled(Image image, int down, int right) {
    int h = image.height();
    int w = image.width();
    float[] rgb = new float[image.rgb().length];
    for (int row = 0; row < 3 * h; row++) {
      int target = row / h * h + Math.floorMod(row % h + down, h);
      for (int x = 0; x < w; x++) {
        rgb[target * w + Math.floorMod(x + right, w)] = image.rgb()[row * w + x];
      }
    }
    return new Image(h, w, rgb, image.mask());
  }

  /** The picture with a rectangle outside its mask. */
  public static Image withHole(Image image, int top, int left, int height, int width) {
    float[] mask = new float[image.pixels()];
    for (int i = 0; i < mask.length; i++) {
      int y = i / image.width() - top;
      int x = i % image.width() - left;
      mask[i] = y >= 0 && y < height && x >= 0 && x < width ? 0 : 1;
    }
    return new Image(image.height(), image.width(), image.rgb(), mask);
  }

  /** The values as 8 bits leave them. */
  public static float[] rounded(Image image) {
    float[] rgb = image.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = ColorSpace.level(rgb[i]) / 255f;
    }
    return rgb;
  }

  /** Decibel below white. */
  public static double psnr(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) (a[i] - b[i]) * (a[i] - b[i]);
    }
    return -10 * Math.log10(sum / a.length);
  }

  /**
   * A PNG by hand.
   *
   * @param type 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
   * @param palette chunk PLTE, or null
   * @param rows each row with its leading filter byte 0
   */
  static byte[] png(int width, int height, int bits, int type, byte[] palette, byte[] rows) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    var header = new ByteArrayOutputStream();
    header.writeBytes(bigEndian(width));
    header.writeBytes(bigEndian(height));
    header.writeBytes(new byte[] {(byte) bits, (byte) type, 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    if (palette != null) {
      chunk(out, "PLTE", palette);
    }
    var deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] packed = new byte[rows.length + 100];
    chunk(out, "IDAT", Arrays.copyOf(packed, deflater.deflate(packed)));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  static Path file(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    var body = new ByteArrayOutputStream();
    body.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(content);
    var crc = new CRC32();
    crc.update(body.toByteArray());
    out.writeBytes(bigEndian(content.length));
    out.writeBytes(body.toByteArray());
    out.writeBytes(bigEndian((int) crc.getValue()));
  }

  private static byte[] bigEndian(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
