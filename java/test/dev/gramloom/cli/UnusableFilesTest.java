package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be read, or written, or must not be. */
class UnusableFilesTest {
  private static final int WIDTH = 16; // bytes into a PNG

  @TempDir Path folder;
  private Path exemplar;
  private Path target;

  @BeforeEach
  void makeFiles() throws IOException {
    exemplar = Cli.exemplar(folder);
    target = folder.resolve("new/o.png");
    byte[] png = Files.readAllBytes(exemplar);
    Files.writeString(folder.resolve("text.png"), "not a picture");
    Files.write(folder.resolve("cut.png"), Arrays.copyOf(png, png.length / 2));
    Files.write(folder.resolve("empty.png"), new byte[0]);
    Files.createDirectory(folder.resolve("folder.png"));
    byte[] bomb = ByteBuffer.wrap(png.clone()).putInt(WIDTH, 60_000).putInt(20, 60_000).array();
    Files.write(folder.resolve("bomb.png"), bomb);
    var clear = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
    ImageIO.write(clear, "png", folder.resolve("clear.png").toFile());
    ImageFile.write(Pictures.plain(64, 64, 0, 0, 0), folder.resolve("black.png"));
    ImageFile.write(Pictures.noise(8, 8, 1), folder.resolve("tiny.png"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          missing.png | MISSING_INPUT | no such file
          folder.png  | MISSING_INPUT | it is a folder
          text.png    | BAD_DATA      | is not a picture that can be read (PNG, JPEG,
          cut.png     | BAD_DATA      | truncated
          empty.png   | BAD_DATA      | is empty
          bomb.png    | BAD_DATA      | 60000 x 60000 pixels; at most 16384 a side
          clear.png   | BAD_DATA      | no opaque pixel
          """)
  void aPictureThatCannotBeReadIsNamed(String name, ExitCode code, String said) throws IOException {
    Path file = folder.resolve(name);
    List<Object[]> commands =
        List.of(
            new Object[] {"synth", file, "-o", target},
            new Object[] {"synth", exemplar, "--mask", file, "-o", target},
            new Object[] {"synth", exemplar, "--init", file, "-o", target},
            new Object[] {"preview", file, "-o", target},
            new Object[] {"compare", file, exemplar},
            new Object[] {"compare", exemplar, file},
            new Object[] {"compare", exemplar, exemplar, "--mask", file});
    for (Object[] command : commands) {
      String line = Cli.refused(code, folder, command);
      assertTrue(line.contains(said) && line.contains(name), line);
    }
  }

  @Test
  void aFileThatMayNotBeReadIsMissing() throws IOException {
    exemplar.toFile().setReadable(false);
    assumeFalse(Files.isReadable(exemplar), "root may read everything");
    String line = Cli.refused(ExitCode.MISSING_INPUT, folder, "synth", exemplar, "-o", target);
    assertTrue(line.contains("permission denied"), line);
  }

  @Test
  void anExemplarTooSmallForTheScalesIsRefused() throws IOException {
    Path tiny = folder.resolve("tiny.png");
    String line = Cli.refused(ExitCode.USAGE, folder, "synth", tiny, "-o", target);
    assertTrue(line.contains("at least 8 pixels a side at the coarsest scale, it is 2.0"), line);
  }

  @Test
  void aMaskHasTheExemplarsSizeAndLeavesSomething() throws IOException {
    String line =
        Cli.refused(
            ExitCode.USAGE, folder, "synth", exemplar, "-o", target, "--mask", path("tiny.png"));
    assertTrue(line.contains("64 x 64") && line.contains("8 x 8"), line);
    line =
        Cli.refused(
            ExitCode.BAD_DATA,
            folder,
            "synth",
            exemplar,
            "-o",
            target,
            "--mask",
            path("black.png"));
    assertTrue(line.contains("white = use"), line);
  }

  @ParameterizedTest
  @CsvSource({
    "missing.safetensors, MISSING_INPUT",
    "folder.png, BAD_DATA",
    "text.png, BAD_DATA",
    "empty.png, BAD_DATA",
    "stone.png, BAD_DATA"
  })
  void weightsThatCannotBeReadAreNamed(String name, ExitCode code) throws IOException {
    String line =
        Cli.refused(code, folder, "synth", exemplar, "-o", target, "--network", path(name));
    assertTrue(
        line.contains(name) && (line.contains("no such file") || line.contains("weights")), line);
    Cli.refused(code, folder, "compare", exemplar, exemplar, "--network", path(name));
  }

  @ParameterizedTest
  @CsvSource({
    "o, USAGE, must end in .png",
    "o.webp, USAGE, must end in .png",
    "., USAGE, must end in .png",
    "text.png/o.png, CANNOT_WRITE, is not a folder",
    "folder.png, CANNOT_WRITE, it is a folder"
  })
  void aTargetThatCannotBeWrittenIsRefused(String name, ExitCode code, String said)
      throws IOException {
    for (String command : List.of("synth", "preview")) {
      String line = Cli.refused(code, folder, command, exemplar, "-o", path(name));
      assertTrue(line.contains(said) && line.contains(name), line);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"o.preview.png", "o.run.json", "o.gif", "frames/o.0001.png"})
  void aCompanionThatCannotBeWrittenIsRefused(String name) throws IOException {
    Files.createDirectories(path(name));
    String line = Cli.refused(ExitCode.CANNOT_WRITE, folder, all("synth", exemplar));
    assertTrue(line.contains(name), line);
  }

  @Test
  void aFileInPlaceOfTheFramesFolderIsRefused() throws IOException {
    Files.createFile(path("frames"));
    String line = Cli.refused(ExitCode.CANNOT_WRITE, folder, all("synth", exemplar));
    assertTrue(line.contains("frames is not a folder"), line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "o.png",
        "o.preview.png",
        "o.run.json",
        "o.gif",
        "frames/o.0001.png",
        "frames/o.0042.png"
      })
  void nothingReplacesTheExemplarOrItsMask(String name) throws IOException {
    Files.createDirectories(path("frames"));
    Path input = Files.copy(exemplar, path(name));
    Path link = Files.createSymbolicLink(path("link.png"), input);
    byte[] before = Files.readAllBytes(input);

    for (Path given : List.of(input, link)) {
      String line = Cli.refused(ExitCode.USAGE, folder, all("synth", given));
      assertTrue(line.contains("must not replace the input"), line);
      Object[] masked = all("synth", exemplar, "--mask", given);
      Cli.refused(ExitCode.USAGE, folder, masked);
    }
    assertArrayEquals(before, Files.readAllBytes(input));
  }

  /** An output folder may come from elsewhere; only what -o names is followed. */
  @ParameterizedTest
  @ValueSource(strings = {"frames", "o.preview.png", "o.run.json", "o.gif", "o.best.png"})
  void noLinkLeadsOutOfTheOutputFolder(String name) throws IOException {
    Path elsewhere = Files.createDirectory(path("elsewhere"));
    Path target = name.equals("frames") ? elsewhere : elsewhere.resolve("file");
    Files.writeString(elsewhere.resolve("o.0007.png"), "somebody's");
    Files.createSymbolicLink(path(name), target);
    List<Object[]> commands =
        List.of(
            all("synth", exemplar, "--best", "loss"),
            all("transfer", exemplar, exemplar, "--best", "loss"),
            all(
                "doodle",
                exemplar,
                "--style-map",
                exemplar,
                "--target-map",
                exemplar,
                "--best=loss"));
    for (Object[] command : commands) {
      String line = Cli.refused(ExitCode.CANNOT_WRITE, folder, command);
      assertTrue(line.contains(name + ": it is a symbolic link; -o alone may be one"), line);
    }
    if (name.equals("frames")) {
      Cli.refused(
          ExitCode.CANNOT_WRITE,
          folder,
          Cli.words(
              "transfer S S --interpolate 2 --style-weight 1:1 -o O"
                  .replace("S", exemplar.toString())
                  .replace("O", path("o.png").toString())));
    }
  }

  @Test
  void aPreviewDoesNotReplaceItsPicture() throws IOException {
    Cli.refused(ExitCode.USAGE, folder, "preview", exemplar, "-o", exemplar);
  }

  @Test
  void whatIsNotAskedForMayBeInTheWay() throws IOException {
    for (String name : List.of("o.preview.png", "o.gif", "frames")) {
      Files.createDirectories(path(name));
    }
    Cli.run("synth", exemplar, "-o", path("o.png"), "--no-preview", "--size", 48, "--iterations", 1)
        .succeeded();
    assertEquals(List.of(), Cli.names(path("frames")));
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  /** The words and flags that ask for every output. */
  private Object[] all(Object... words) {
    Object[] flags = {"-o", path("o.png"), "--gif", "--frames-every", 1};
    Object[] command = Arrays.copyOf(words, words.length + flags.length);
    System.arraycopy(flags, 0, command, words.length, flags.length);
    return command;
  }
}
