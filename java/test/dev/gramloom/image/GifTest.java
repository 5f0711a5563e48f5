package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Dithering, measured at 256² with 256 colours: PSNR, and PSNR after averaging 3x3 pixels, which is
 * nearer to what the eye sees.
 *
 * <pre>
 *   strength      colour waves         water                birch
 *   0             31.1 dB, 37.3 dB     41.3 dB, 47.6 dB     39.7 dB, 47.2 dB
 *   0.75          30.1 dB, 40.3 dB     40.9 dB, 52.2 dB     38.9 dB, 50.9 dB
 *   1             29.2 dB, 40.2 dB     40.2 dB, 52.7 dB     37.7 dB, 51.1 dB
 * </pre>
 */
class GifTest {
  @TempDir Path folder;

  /** What a reader sees of a GIF; delays in centiseconds. */
  private record Decoded(List<BufferedImage> frames, int[] delays, byte[] loop) {}

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "5, 5", "40, 40", "300, 300", "350, 350", "1000, 350", "1500, 350"})
  void playsFourToEightSecondsHoweverManyPicturesCome(int pictures, int frames) throws IOException {
    Path path = folder.resolve("a.gif");
    try (Gif gif = Gif.open(path)) {
      for (int i = 0; i < pictures; i++) {
        gif.add(grey(i, pictures));
      }
      gif.publish();
    }

    Decoded decoded = decode(path);

    assertEquals(frames, decoded.frames().size());
    int sum = Arrays.stream(decoded.delays()).sum();
    assertTrue(sum >= 400 && sum <= 800, sum + " cs");
    assertTrue(Arrays.stream(decoded.delays()).min().getAsInt() >= 2);
    assertTrue(decoded.delays()[frames - 1] >= 100);
    assertArrayEquals(new byte[] {1, 0, 0}, decoded.loop());
    assertEquals(grey(decoded, 0), ColorSpace.level(grey(0, pictures).rgb()[0]));
    assertEquals(grey(decoded, frames - 1), ColorSpace.level(grey(1, 2).rgb()[0]));
    for (int i = 1; i < frames; i++) { // evenly spaced, in order
      int step = grey(decoded, i) - grey(decoded, i - 1);
      assertTrue(step >= 0 && step <= 2 + 255 / (frames - 1), "step " + step + " at " + i);
    }
    assertEquals(1, folder.toFile().list().length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void staysWithinThirtyDecibelOfASmoothColourfulPicture(long seed) throws IOException {
    Path path = folder.resolve("a.gif");
    Image last = Pictures.waves(96, 128, seed);
    Image noise = Pictures.noise(96, 128, seed);
    List<Image> pictures = new ArrayList<>();
    try (Gif gif = Gif.open(path)) {
      for (int i = 0; i < 4; i++) {
        float[] rgb = last.rgb().clone();
        for (int k = 0; k < rgb.length; k++) {
          rgb[k] += (noise.rgb()[k] - rgb[k]) * (3 - i) / 10;
        }
        pictures.add(new Image(96, 128, rgb));
        gif.add(pictures.get(i));
      }
      gif.publish();
    }

    List<BufferedImage> frames = decode(path).frames();

    for (int i = 0; i < 4; i++) {
      double psnr = Pictures.psnr(pictures.get(i).rgb(), rgb(frames.get(i)));
      assertTrue(psnr >= 30, "frame %d: %.1f dB".formatted(i, psnr));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "13, 7", "1, 300"})
  void takesAwkwardSizesExactlyWhereTheColoursSuffice(int height, int width) throws IOException {
    Path path = folder.resolve("a.gif");
    Image image = Pictures.noise(height, Math.min(width, 200), 1);
    try (Gif gif = Gif.open(path)) {
      gif.add(image);
      gif.publish();
    }

    BufferedImage frame = decode(path).frames().get(0);

    assertTrue(Pictures.psnr(image.rgb(), rgb(frame)) > 33);
  }

  @Test
  void leavesNothingWhenAborted() {
    try (Gif gif = Gif.open(folder.resolve("a.gif"))) {
      gif.add(Pictures.noise(8, 8, 1));
    }

    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void refusesAPictureOfAnotherSize() {
    try (Gif gif = Gif.open(folder.resolve("a.gif"))) {
      gif.add(Pictures.noise(8, 9, 1));
      var error =
          assertThrows(IllegalArgumentException.class, () -> gif.add(Pictures.noise(9, 8, 1)));
      assertEquals("the first picture is 9 x 8, this one is 8 x 9", error.getMessage());
    }
  }

  @Test
  void saysThatItCannotWrite() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    ImageFileTest.assertFails(
        ExitCode.CANNOT_WRITE, "cannot write", () -> Gif.open(file.resolve("a.gif")));
  }

  private static Image grey(int i, int of) {
    float light = of == 1 ? 1 : (float) i / (of - 1);
    return Pictures.plain(2, 3, light, light, light);
  }

  private static int grey(Decoded decoded, int frame) {
    return decoded.frames().get(frame).getRGB(1, 1) & 255;
  }

  private static float[] rgb(BufferedImage image) {
    int m = image.getHeight() * image.getWidth();
    float[] rgb = new float[3 * m];
    for (int i = 0; i < 3 * m; i++) {
      int pixel = image.getRGB(i % m % image.getWidth(), i % m / image.getWidth());
      rgb[i] = (pixel >> 16 - 8 * (i / m) & 255) / 255f;
    }
    return rgb;
  }

  private static Decoded decode(Path path) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(path.toFile())) {
      reader.setInput(in);
      int count = reader.getNumImages(true);
      List<BufferedImage> frames = new ArrayList<>();
      int[] delays = new int[count];
      byte[] loop = null;
      for (int i = 0; i < count; i++) {
        frames.add(reader.read(i));
        var tree =
            (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
        var control =
            (IIOMetadataNode) tree.getElementsByTagName("GraphicControlExtension").item(0);
        delays[i] = Integer.parseInt(control.getAttribute("delayTime"));
        if (i == 0) {
          var loops = (IIOMetadataNode) tree.getElementsByTagName("ApplicationExtension").item(0);
          loop = (byte[]) loops.getUserObject();
        }
      }
      return new Decoded(frames, delays, loop);
    } finally {
      reader.dispose();
    }
  }
}
