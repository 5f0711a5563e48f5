package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lwjgl.stb.STBImage;
import org.lwjgl.system.MemoryUtil;

/** Sound files of every kind hold the same pixels for our readers and for stb_image, in C. */
class ReadersAgainstStbTest {
  private static final Map<String, String> STB_IS_WRONG =
      Map.of(
          "jpg 4 components, Adobe -1", "it takes inks for YCbCr and something",
          "bmp 8 bits, OS/2", "it leaves out the palette's last four colours",
          "tga from the right", "it does not mirror",
          "psd 16 bits, 3 channels, packed", "it unpacks bytes, not words",
          "psd 16 bits, 4 channels, packed", "it unpacks bytes, not words",
          "hdr plain", "it leaves every second row black",
          "pnm 16 bits", "it swaps the bytes",
          "pnm to 99", "it takes the largest value for 255");

  @TempDir Path folder;

  /** [H][W][4], 0..1, high dynamic range sRGB-encoded. */
  private static float[] stb(byte[] file) {
    ByteBuffer memory = MemoryUtil.memAlloc(file.length).put(file).flip();
    int[] w = new int[1];
    int[] h = new int[1];
    try {
      if (STBImage.stbi_is_hdr_from_memory(memory)) {
        FloatBuffer in = STBImage.stbi_loadf_from_memory(memory, w, h, new int[1], 4);
        float[] out = new float[in.remaining()];
        for (int i = 0; i < out.length; i++) {
          out[i] = i % 4 == 3 ? in.get(i) : ColorSpace.encode(in.get(i));
        }
        STBImage.stbi_image_free(in);
        return out;
      }
      ShortBuffer in = STBImage.stbi_load_16_from_memory(memory, w, h, new int[1], 4);
      float[] out = new float[in.remaining()];
      for (int i = 0; i < out.length; i++) {
        out[i] = (in.get(i) & 65535) / 65535f;
      }
      STBImage.stbi_image_free(in);
      return out;
    } finally {
      MemoryUtil.memFree(memory);
    }
  }

  /** The largest difference of a colour where the picture is used, in 8-bit levels. */
  private static double levels(Image image, float[] theirs) {
    double most = 0;
    for (int i = 0; i < image.pixels(); i++) {
      if (image.mask() != null && image.mask()[i] == 0) {
        continue;
      }
      for (int c = 0; c < 3; c++) {
        float ours = image.rgb()[c * image.pixels() + i];
        most = Math.max(most, 255 * Math.abs(ours - theirs[4 * i + c]));
      }
    }
    return most;
  }

  /** Levels by which two ways to compute the same may differ. */
  private static double allowed(String name) {
    return name.startsWith("jpg")
        ? 2.5 // cosines and rounding
        : name.startsWith("bmp 16") ? 1 : 1e-3; // stb repeats the high bits, we scale
  }

  private boolean agrees(String name, byte[] file) {
    Image image = read(file);
    float[] theirs = stb(file);
    assertEquals(4 * image.pixels(), theirs.length, name);
    float[] ours = image.mask();
    for (int i = 0; i < image.pixels(); i++) {
      boolean opaque = theirs[4 * i + 3] > 0.99f;
      if (opaque != (ours == null || ours[i] == 1)) {
        return false;
      }
    }
    return levels(image, theirs) <= allowed(name);
  }

  private Image read(byte[] file) {
    return ImageFile.read(Pictures.file(folder, "sample", file));
  }

  @Test
  void readTheSamePixels() throws IOException {
    Map<String, byte[]> samples = HostileSamples.pictures(folder);
    for (Map.Entry<String, byte[]> sample : samples.entrySet()) {
      String name = sample.getKey();
      String excuse = STB_IS_WRONG.get(name);
      assertEquals(excuse == null, agrees(name, sample.getValue()), name + ": " + excuse);
    }
    assertTrue(samples.keySet().containsAll(STB_IS_WRONG.keySet()));
  }

  /** Where stb is no judge, the same picture in another kind of file is. */
  @Test
  void readOnePictureInTwoKindsOfFileAlike() throws IOException {
    Map<String, byte[]> samples = HostileSamples.pictures(folder);
    for (int channels = 3; channels <= 4; channels++) {
      String name = "psd 16 bits, %d channels".formatted(channels);
      Image plain = read(samples.get(name));
      Image packed = read(samples.get(name + ", packed"));
      assertArrayEquals(plain.rgb(), packed.rgb(), name);
      assertArrayEquals(plain.mask(), packed.mask(), name);
    }
    Image left = read(samples.get("tga 24 bits"));
    Image right = read(samples.get("tga from the right"));
    int side = left.width();
    for (int i = 0; i < left.rgb().length; i++) {
      int mirrored = i / side * side + side - 1 - i % side;
      assertEquals(left.rgb()[i], right.rgb()[mirrored]);
    }
    Image inks = read(samples.get("jpg 4 components, Adobe -1")); // 0, 60, 120, 180 at first
    double[] first = {1, 195 / 255.0, 135 / 255.0};
    for (int c = 0; c < 3; c++) {
      assertEquals(first[c] * 75 / 255, inks.rgb()[c * inks.pixels()], 0.02);
    }
  }

  @Test
  void readWhatStbGetsWrongAsItsFormatSays() {
    Map<String, byte[]> samples = FormatSamples.all();
    byte[] deep = samples.get("pnm 16 bits");
    byte[] scaled = samples.get("pnm to 99");
    byte[] flat = samples.get("hdr plain");
    byte[] indexed = samples.get("bmp 8 bits, OS/2");
    float[] grey = read(deep).rgb();
    Image colored = read(scaled);
    Image light = read(flat);
    Image palette = read(indexed);
    for (int i = 0; i < 16; i++) {
      assertEquals(big16(deep, deep.length - 32 + 2 * i) / 65535f, grey[i], 1e-7f);
      assertEquals(scaled[scaled.length - 48 + 3 * i] / 99f, colored.rgb()[i], 1e-7f);
    }
    for (int i = 0; i < light.pixels(); i++) {
      int at = flat.length - 80 + 4 * i;
      double red = (flat[at] & 255) * Math.pow(2, (flat[at + 3] & 255) - 136);
      assertEquals(ColorSpace.encode((float) red), light.rgb()[i], 1e-6f);
    }
    int side = FormatSamples.SIDE;
    for (int i = 0; i < side * side; i++) {
      int index =
          indexed[indexed.length - 12 * (i / side + 1) + i % side] & 255; // rows of 12 bytes
      assertEquals((indexed[26 + 3 * index + 2] & 255) / 255f, palette.rgb()[i], 1e-7f);
    }
  }

  private static int big16(byte[] bytes, int at) {
    return (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
  }
}
