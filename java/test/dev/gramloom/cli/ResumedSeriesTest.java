package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that are told to stop in the middle, and gone on with: not a byte differs. */
@Timeout(60)
class ResumedSeriesTest {
  @TempDir Path folder;

  @BeforeEach
  void pictures() {
    write(Pictures.waves(48, 64, 3), "photo.png");
    write(Pictures.waves(70, 64, 5), "painting.png");
    write(Pictures.noise(64, 64, 6), "grain.png");
    float[] left = new float[3 * 48 * 64];
    float[] right = new float[left.length];
    for (int i = 0; i < left.length; i++) {
      left[i] = Math.min(1, Math.max(0, (44 - i % 64) / 24f)); // a soft edge
      right[i] = 1 - left[i];
    }
    write(new Image(48, 64, left), "left.png");
    write(new Image(48, 64, right), "right.png");
  }

  private void write(Image image, String name) {
    ImageFile.write(image, folder.resolve(name));
  }

  private Cli.Run run(String line) {
    Object[] words = Cli.words(line.replaceAll("(\\w+\\.png)", folder + "/$1"));
    return Cli.run(words);
  }

  /** Stops a run once a file of its is there. */
  private Cli.Run stopped(String line, Path sign) throws InterruptedException {
    Thread watcher =
        new Thread(() -> {
          try {
            while (!Files.exists(sign)) {
              Thread.sleep(1);
            }
          } catch (InterruptedException e) {
            return;
          }
          StopSignal.request();
        });
    watcher.start();
    Cli.Run run = run(line);
    watcher.interrupt();
    watcher.join();
    return run;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          photo.png painting.png                                                      | 17
          photo.png painting.png grain.png --style-weight 2,1 --optimizer adam        | 17
          photo.png painting.png grain.png --style-mask left.png,right.png --content-mask left.png | 17
          photo.png painting.png grain.png --interpolate 4                            | 2
          photo.png painting.png --best loss --sheet 7                                | 17
          """)
  void whatWasStoppedEndsAsIfItHadNotBeen(String pictures, int frame) throws Exception {
    boolean series = pictures.contains("--interpolate");
    String line =
        "transfer "
            + pictures
            + " --scales 48,64 --iterations 12,12 --network filters --gif"
            + (series ? "" : " --frames-every 1")
            + " -o ";
    Path sign = folder.resolve("frames/a.%04d.png".formatted(frame));
    Cli.Run first = stopped(line + "a.png", sign);
    assertEquals(ExitCode.STOPPED.code(), first.code(), first::toString);
    assertTrue(Files.exists(folder.resolve("a.checkpoint")));
    assertFalse(Files.exists(folder.resolve("a.png")));

    Cli.Run second = run(line + "a.png").succeeded();
    assertTrue(second.err().contains("Going on from"), second::err);
    run(line + "b.png").succeeded();

    for (String ending : List.of(".png", ".preview.png", ".gif", ".best.png", ".sheet.png")) {
      assertSame(folder.resolve("a" + ending), folder.resolve("b" + ending));
    }
    List<String> frames = Cli.names(folder.resolve("frames"));
    for (String name : frames.stream().filter(n -> n.startsWith("a.")).toList()) {
      Path a = folder.resolve("frames").resolve(name);
      assertSame(a, a.resolveSibling(name.replace("a.", "b.")));
    }
    assertFalse(Files.exists(folder.resolve("a.checkpoint")));
  }

  private static void assertSame(Path a, Path b) throws IOException {
    assertEquals(Files.exists(a), Files.exists(b), a::toString);
    if (Files.exists(a)) {
      assertArrayEquals(Files.readAllBytes(a), Files.readAllBytes(b), a::toString);
    }
  }
}
