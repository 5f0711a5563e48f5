package dev.gramloom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.lwjgl.stb.STBIWriteCallback;
import org.lwjgl.stb.STBImageWrite;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.MemoryUtil;

/**
 * Pixels out of and into files in memory, by stb_image 2.30 and stb_image_write 1.16 through LWJGL.
 * The only code that knows LWJGL.
 */
final class StbPictures {
  private static final int JPEG_QUALITY = 95; // above 90 stb does not subsample the colours

  static {
    if (Runtime.version().feature() >= 25) {
      // LWJGL's default there warns of sun.misc.Unsafe at every start; 17 has no other
      Configuration.MEMORY_BACKEND.set("ffm");
    }
  }

  private StbPictures() {}

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
}
