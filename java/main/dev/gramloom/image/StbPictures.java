package dev.gramloom.image;

import dev.gramloom.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.lwjgl.stb.STBIWriteCallback;
import org.lwjgl.stb.STBImage;
import org.lwjgl.stb.STBImageWrite;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/**
 * Pixels out of and into files in memory, by stb_image 2.30 and stb_image_write 1.16 through LWJGL.
 * The only code that knows LWJGL.
 */
final class StbPictures {
  private static final int CHANNELS = 4; // asked of stb: red, green, blue, alpha
  private static final float OPAQUE = 0.99f;
  private static final int JPEG_QUALITY = 95; // above 90 stb does not subsample the colours
  private static final int BEYOND = 1 << 17; // bytes; more than the longest row of four channels

  static {
    if (Runtime.version().feature() >= 25) {
      // LWJGL's default there warns of sun.misc.Unsafe at every start; 17 has no other
      Configuration.MEMORY_BACKEND.set("ffm");
    }
  }

  private StbPictures() {}

  /**
   * Decodes.
   *
   * <p>Formats without an end mark are decoded twice, with nothing and with something beyond their
   * end: stb takes what is missing for zeros and says nothing, so where the two differ, the file
   * was truncated.
   *
   * @throws Failure BAD_DATA if it is no picture, truncated or too large
   */
  static Image decode(Path path, byte[] file) {
    boolean endSeen = PngScan.recognises(file) || JpegScan.recognises(file);
    ByteBuffer memory = MemoryUtil.memAlloc(file.length + BEYOND);
    try {
      memory.put(file);
      MemoryUtil.memSet(memory.slice(file.length, BEYOND), 1);
      float[] pixels = pixels(path, memory.position(0).limit(file.length));
      int[] size = size(path, memory);
      if (!endSeen && !Arrays.equals(pixels, pixels(path, memory.limit(file.length + BEYOND)))) {
        throw ImageFile.badData(path + ": the picture is truncated");
      }
      return image(path, size[1], size[0], pixels, PngScan.recognises(file));
    } finally {
      MemoryUtil.memFree(memory);
    }
  }

  /** Width and height, pixels, from the header. */
  private static int[] size(Path path, ByteBuffer file) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer width = stack.mallocInt(1);
      IntBuffer height = stack.mallocInt(1);
      if (!STBImage.stbi_info_from_memory(file, width, height, stack.mallocInt(1))) {
        throw unreadable(path);
      }
      ImageFile.requireSize(path, width.get(0), height.get(0));
      return new int[] {width.get(0), height.get(0)};
    }
  }

  /** [H][W][4], 0..1, sRGB-encoded. */
  private static float[] pixels(Path path, ByteBuffer file) {
    size(path, file);
    if (STBImage.stbi_is_hdr_from_memory(file)) {
      return highDynamicRange(path, file);
    }
    return STBImage.stbi_is_16_bit_from_memory(file) ? sixteenBits(path, file) : bytes(path, file);
  }

  private static float[] bytes(Path path, ByteBuffer file) {
    int[] w = new int[1];
    int[] h = new int[1];
    ByteBuffer in = STBImage.stbi_load_from_memory(file, w, h, new int[1], CHANNELS);
    if (in == null) {
      throw unreadable(path);
    }
    float[] out = new float[in.remaining()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (in.get(i) & 255) / 255f;
    }
    STBImage.stbi_image_free(in);
    return out;
  }

  private static float[] sixteenBits(Path path, ByteBuffer file) {
    ShortBuffer in =
        STBImage.stbi_load_16_from_memory(file, new int[1], new int[1], new int[1], CHANNELS);
    if (in == null) {
      throw unreadable(path);
    }
    float[] out = new float[in.remaining()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (in.get(i) & 65535) / 65535f;
    }
    STBImage.stbi_image_free(in);
    return out;
  }

  private static float[] highDynamicRange(Path path, ByteBuffer file) {
    FloatBuffer in =
        STBImage.stbi_loadf_from_memory(file, new int[1], new int[1], new int[1], CHANNELS);
    if (in == null) {
      throw unreadable(path);
    }
    float[] out = new float[in.remaining()];
    for (int i = 0; i < out.length; i++) {
      out[i] = i % CHANNELS == 3 ? in.get(i) : ColorSpace.encode(in.get(i));
    }
    STBImage.stbi_image_free(in);
    return out;
  }

  /**
   * Planes and mask from [H][W][4].
   *
   * @param alphaIsMeant false where all-zero alpha means an unused fourth byte, as in many TGAs
   */
  private static Image image(
      Path path, int height, int width, float[] pixels, boolean alphaIsMeant) {
    int m = height * width;
    float[] rgb = new float[3 * m];
    float[] mask = new float[m];
    int opaque = 0;
    float most = 0;
    for (int i = 0; i < m; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[c * m + i] = pixels[CHANNELS * i + c];
      }
      float alpha = pixels[CHANNELS * i + 3];
      mask[i] = alpha > OPAQUE ? 1 : 0;
      opaque += alpha > OPAQUE ? 1 : 0;
      most = Math.max(most, alpha);
    }
    if (opaque == m || (most == 0 && !alphaIsMeant)) {
      return new Image(height, width, rgb);
    }
    if (opaque == 0) {
      throw ImageFile.badData(path + " has no opaque pixel; at least one is wanted");
    }
    return new Image(height, width, rgb, mask);
  }

  /** A whole file in memory, 8 bits a channel, no alpha. */
  static byte[] encode(Image image, String format) {
    ByteBuffer pixels = MemoryUtil.memAlloc(3 * image.pixels());
    var out = new ByteArrayOutputStream(image.pixels());
    STBIWriteCallback sink =
        STBIWriteCallback.create((context, data, size) -> {
          byte[] part = new byte[size];
          MemoryUtil.memByteBuffer(data, size).get(part);
          out.write(part, 0, size);
        });
    try {
      interleave(image, pixels);
      int w = image.width();
      int h = image.height();
      boolean done =
          switch (format) {
            case "png" -> STBImageWrite.stbi_write_png_to_func(sink, 0, w, h, 3, pixels, 3 * w);
            case "tga" -> STBImageWrite.stbi_write_tga_to_func(sink, 0, w, h, 3, pixels);
            case "bmp" -> STBImageWrite.stbi_write_bmp_to_func(sink, 0, w, h, 3, pixels);
            default ->
                STBImageWrite.stbi_write_jpg_to_func(sink, 0, w, h, 3, pixels, JPEG_QUALITY) != 0;
          };
      if (!done) {
        throw new IllegalStateException("stb cannot encode %d x %d as %s".formatted(w, h, format));
      }
      return out.toByteArray();
    } finally {
      sink.free();
      MemoryUtil.memFree(pixels);
    }
  }

  private static void interleave(Image image, ByteBuffer to) {
    int m = image.pixels();
    for (int i = 0; i < m; i++) {
      for (int c = 0; c < 3; c++) {
        to.put(3 * i + c, (byte) ColorSpace.level(image.rgb()[c * m + i]));
      }
    }
  }

  private static Failure unreadable(Path path) {
    return ImageFile.badData(
        "%s is not a picture that can be read (PNG, JPEG, TGA, BMP, PSD, HDR, GIF or PNM): %s"
            .formatted(path, STBImage.stbi_failure_reason()));
  }
}
