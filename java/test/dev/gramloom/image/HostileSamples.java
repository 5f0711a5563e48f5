package dev.gramloom.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Whole files of every format that is read, to be damaged: name to bytes. */
final class HostileSamples {
  private static final int SIDE = FormatSamples.SIDE;
  private static final int NO_ADOBE = -1;
  private static final Path WEIGHTS = Path.of("java", "test", "dev", "gramloom", "weights/format");

  private HostileSamples() {}

  /** Sound pictures; the name begins with the format's. */
  static Map<String, byte[]> pictures(Path folder) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    int[][] kinds = {
      {0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1}, {3, 2}, {3, 4}, {3, 8},
      {4, 8}, {4, 16}, {6, 8}, {6, 16}
    };
    for (int[] kind : kinds) {
      for (int interlace = 0; interlace < 2; interlace++) {
        for (int extra = 0; extra < 2; extra++) {
          String name = "png type %d, %d bits, %d %d".formatted(kind[0], kind[1], interlace, extra);
          all.put(name, png(kind[0], kind[1], interlace, extra == 1));
        }
      }
    }
    for (String format : new String[] {"bmp", "tga", "jpg"}) {
      Path path = folder.resolve("sample." + format);
      ImageFile.write(Pictures.waves(SIDE, SIDE + 2, 1), path);
      all.put(format, Files.readAllBytes(path));
    }
    all.put("jpg progressive", jpeg(BufferedImage.TYPE_3BYTE_BGR, true));
    all.put("jpg grey", jpeg(BufferedImage.TYPE_BYTE_GRAY, false));
    all.put("gif", gif());
    for (int adobe : new int[] {0, 1, NO_ADOBE}) {
      all.put("jpg 3 components, Adobe " + adobe, ofSamples(3, adobe));
    }
    for (int adobe : new int[] {0, 2, NO_ADOBE}) {
      all.put("jpg 4 components, Adobe " + adobe, ofSamples(4, adobe));
    }
    all.putAll(FormatSamples.all());
    return all;
  }

  /** As many pixels as fit a heap of 320 MB, and as many scans over them as are read. */
  static byte[] longestJpeg() {
    return new ProgressiveJpeg(3050, 3050).scans(33).done();
  }

  /** What other tools wrote, beside the tests of the weights' readers. */
  static Map<String, byte[]> weights() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(WEIGHTS)) {
      for (Path file : files.sorted().toList()) {
        if (!file.toString().matches(".*\\.(java|py)")) {
          all.put("weights " + file.getFileName(), Files.readAllBytes(file));
        }
      }
    }
    return all;
  }

  private static byte[] png(int type, int bits, int interlace, boolean extras) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteBuffer head = ByteBuffer.allocate(13).putInt(SIDE).putInt(SIDE);
    chunk(out, "IHDR", head.put((byte) bits).put((byte) type).put(12, (byte) interlace).array());
    if (extras) {
      chunk(out, "gAMA", new byte[] {0, 0, (byte) 0xB1, (byte) 0x8F});
      chunk(out, "zTXt", join("Comment\0\0", deflated(new byte[1 << 22])));
      chunk(out, "iCCP", join("profile\0\0", deflated(new byte[1 << 22])));
    }
    if (type == 3) {
      chunk(out, "PLTE", random(3 << bits));
    }
    if (extras && type != 4 && type != 6) {
      chunk(out, "tRNS", type == 3 ? new byte[] {0} : new byte[type == 0 ? 2 : 6]);
    }
    int channels = type == 2 ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1;
    int[][] passes =
        interlace == 0
            ? new int[][] {{0, 0, 1, 1}}
            : new int[][] {
              {0, 0, 8, 8},
              {4, 0, 8, 8},
              {0, 4, 4, 8},
              {2, 0, 4, 4},
              {0, 2, 2, 4},
              {1, 0, 2, 2},
              {0, 1, 1, 2}
            };
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    for (int[] p : passes) {
      int columns = (SIDE - p[0] + p[2] - 1) / p[2];
      for (int y = p[1]; y < SIDE; y += p[3]) {
        byte[] row = random(1 + (columns * channels * bits + 7) / 8);
        if (type == 4 || type == 6) {
          Arrays.fill(row, (byte) 255);
        }
        row[0] = (byte) (type == 4 || type == 6 ? 0 : y % 5);
        rows.writeBytes(row);
      }
    }
    chunk(out, "IDAT", deflated(rows.toByteArray()));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  /** Puts right the checksums of a PNG that was changed, so that more of it is read. */
  static void mend(byte[] png) {
    ByteBuffer in = ByteBuffer.wrap(png);
    for (int at = 8; at + 12 <= png.length; ) {
      long length = in.getInt(at) & 0xFFFFFFFFL;
      if (length > png.length - at - 12) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, (int) length + 4);
      in.putInt(at + 8 + (int) length, (int) crc.getValue());
      at += 12 + (int) length;
    }
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    byte[] body = join(type, content);
    CRC32 crc = new CRC32();
    crc.update(body);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(body);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    byte[] packed = new byte[bytes.length + 100];
    int length = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }

  private static byte[] jpeg(int type, boolean progressive) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, type);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, 0x10305 * i);
    }
    return encoded("jpeg", new IIOImage(image, null, null), progressive);
  }

  private static byte[] gif() throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_INDEXED);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, 0x10305 * i);
    }
    return encoded("gif", new IIOImage(image, null, null), true);
  }

  private static byte[] encoded(String format, IIOImage image, boolean progressive)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (var stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.setOutput(stream);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** Components as they are, with Adobe's segment that says what they mean or without. */
  private static byte[] ofSamples(int components, int adobe) throws IOException {
    var samples =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, SIDE, SIDE, components, null);
    for (int i = 0; i < SIDE * SIDE * components; i++) {
      int value = (i % components * 60 + i / components * 2) & 255;
      samples.setSample(i / components % SIDE, i / components / SIDE, i % components, value);
    }
    byte[] file = encoded("jpeg", new IIOImage(samples, null, null), false);
    if (adobe == NO_ADOBE) {
      return file;
    }
    byte[] segment = {
      (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) adobe
    };
    byte[] start = FormatSamples.join(Arrays.copyOf(file, 2), segment);
    return FormatSamples.join(start, Arrays.copyOfRange(file, 2, file.length));
  }

  private static byte[] join(String head, byte[] rest) {
    return FormatSamples.join(FormatSamples.ascii(head), rest);
  }

  private static byte[] random(int count) {
    return FormatSamples.random(count);
  }
}
