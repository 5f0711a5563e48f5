package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The iterations as pictures and as an animation. */
class FramesTest {
  private static final double COLOR_LOSS = 8; // levels of 255, of a palette with dither

  @TempDir Path folder;
  private Path exemplar;
  private Path target;
  private Path frames;

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder);
    target = folder.resolve("out/o.png");
    frames = folder.resolve("out/frames");
  }

  private void synth(Object... flags) {
    Object[] command = {"synth", exemplar, "-o", target, "--quiet", "--no-preview"};
    Object[] all = Arrays.copyOf(command, command.length + flags.length);
    System.arraycopy(flags, 0, all, command.length, flags.length);
    Cli.run(all).succeeded();
  }

  private static List<String> numbered(int count) {
    return IntStream.rangeClosed(1, count).mapToObj("o.%04d.png"::formatted).toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 11", "5, 3", "10, 2", "100, 2"})
  void everyKthIterateAndTheLastPictureAreFrames(int every, int count) throws IOException {
    synth("--scales", "32x40,48x60", "--iterations", "4,6", "--frames-every", every);

    assertEquals(numbered(count), Cli.names(frames));
    for (String name : numbered(count)) {
      Image frame = ImageFile.read(frames.resolve(name));
      assertEquals(48, frame.width());
      assertEquals(60, frame.height());
    }
    Image last = ImageFile.read(frames.resolve("o.%04d.png".formatted(count)));
    assertArrayEquals(ImageFile.read(target).rgb(), last.rgb());
  }

  @Test
  void framesOfALongerRunAreGoneAndThoseOfOthersStay() throws IOException {
    Files.createDirectories(frames);
    List<String> others = List.of("o2.0001.png", "other.0009.png", "o.mine.png");
    for (String name : others) {
      Files.createFile(frames.resolve(name));
    }
    synth("--size", 48, "--iterations", 9, "--frames-every", 1);
    synth("--size", 48, "--iterations", 3, "--frames-every", 1);

    List<String> left = new ArrayList<>(numbered(4));
    left.addAll(others);
    assertEquals(left.stream().sorted().toList(), Cli.names(frames));
    assertEquals(List.of("frames", "o.png", "o.run.json"), Cli.names(folder.resolve("out")));
  }

  @ParameterizedTest
  @CsvSource({"1", "12", "70"})
  void theAnimationPlaysFourToEightSecondsAndEndsWithThePicture(int iterations) throws IOException {
    synth("--size", "40x32", "--iterations", iterations, "--gif");

    assertEquals(List.of("o.gif", "o.png", "o.run.json"), Cli.names(folder.resolve("out")));
    File file = folder.resolve("out/o.gif").toFile();
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file)) {
      reader.setInput(in);
      int count = reader.getNumImages(true);
      int centiseconds = 0;
      for (int i = 0; i < count; i++) {
        assertEquals(40, reader.read(i).getWidth());
        assertEquals(32, reader.read(i).getHeight());
        centiseconds += delay(reader, i);
      }
      assertTrue(count >= 2, "frames: " + count);
      assertTrue(centiseconds >= 400 && centiseconds <= 800, "centiseconds: " + centiseconds);
      BufferedImage last = reader.read(count - 1);
      assertTrue(difference(last, ImageIO.read(target.toFile())) < COLOR_LOSS);
    } finally {
      reader.dispose();
    }
  }

  private static int delay(ImageReader reader, int frame) throws IOException {
    var root =
        (IIOMetadataNode) reader.getImageMetadata(frame).getAsTree("javax_imageio_gif_image_1.0");
    var control = (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
    return Integer.parseInt(control.getAttribute("delayTime"));
  }

  /** Mean over pixels and channels, levels of 255. */
  private static double difference(BufferedImage a, BufferedImage b) {
    double sum = 0;
    for (int i = 0; i < a.getWidth() * a.getHeight(); i++) {
      int p = a.getRGB(i % a.getWidth(), i / a.getWidth());
      int q = b.getRGB(i % a.getWidth(), i / a.getWidth());
      for (int shift = 0; shift < 24; shift += 8) {
        sum += Math.abs((p >> shift & 255) - (q >> shift & 255));
      }
    }
    return sum / 3 / a.getWidth() / a.getHeight();
  }
}
