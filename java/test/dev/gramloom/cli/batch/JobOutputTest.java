package dev.gramloom.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonPrimitive;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobOutputTest {
  @TempDir Path folder;

  @BeforeEach
  void makeInput() throws IOException {
    Files.writeString(folder.resolve("a.png"), "a");
  }

  private JobFile read(String output) throws IOException {
    String value = new JsonPrimitive(output).toString();
    return Gallery.read(folder, List.of("{\"exemplar\":\"a.png\",\"output\":" + value + "}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x.png",
        "a/../../x.png",
        "a/..",
        "..",
        ".",
        "./x.png",
        "/x.png",
        "//x.png",
        "a//x.png",
        "a/",
        "C:/x.png",
        "C:x.png",
        "..\\x.png",
        "\\\\host\\share\\x.png",
        "x.png:stream",
        "~/../x.png",
        ".hidden.png",
        ".git/x.png",
        "frames/x.png",
        "a/Frames/x.png",
        "x.png.",
        "x.png ",
        "a./x.png",
        "x\n.png",
        "x\u007f.png",
        "x?.png",
        "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/x.png"
      })
  void noPathLeavesTheFolder(String output) throws IOException {
    JobFile read = read(output);
    assertEquals(List.of(), read.jobs());
    Failure failure = read.bad().get(0).failure();
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.getMessage().startsWith("output must be a path like"), failure::getMessage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.png",
        "a b/c.png",
        "-x.png",
        "\u77f3/\ud83e\udea8.png",
        "a..b.png",
        "frames.png",
        "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/x.png"
      })
  void plainPathsStayBelowIt(String output) throws IOException {
    assertEquals(Path.of(output), read(output).jobs().get(0).output());
  }

  /** Seeded: whatever is accepted lies below the folder once its dots are worked out. */
  @Test
  void whateverIsAcceptedLiesBelowTheFolder() {
    Random random = new Random(5);
    String[] pieces = {"a", ".", "..", "/", "\\", ":", " ", "frames", "\u00e9", "x.png", "\n", "~"};
    Path root = folder.toAbsolutePath().normalize();
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(8); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        Path path = root.resolve(JobOutput.path(text.toString()));
        assertEquals(path, path.normalize(), text::toString);
        assertTrue(path.startsWith(root) && !path.equals(root), text::toString);
        accepted++;
      } catch (Failure e) {
        assertEquals(ExitCode.USAGE, e.exitCode());
      }
    }
    assertTrue(accepted > 500, "only " + accepted + " were accepted");
  }

  @Test
  void aDefaultNameIsOneThatWouldBeAccepted() {
    for (String input :
        List.of("a.png", ".hid\nden.png", "..", "a\\b:c?.jpg", " . ", "n".repeat(250))) {
      Path name = JobOutput.named(Path.of(input));
      assertEquals(name, JobOutput.path(name.toString()), input);
      JobOutput.requireInside(folder, name);
    }
  }

  @Test
  void aNameTooLongForItsCompanionsIsRefused() {
    Path longest = Path.of("\u00e9".repeat(101) + ".png");
    Failure failure = assertThrows(Failure.class, () -> JobOutput.requireInside(folder, longest));
    assertEquals(ExitCode.CANNOT_WRITE, failure.exitCode());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
  void noLinkLeadsOutOfTheFolder() throws IOException {
    Path out = Files.createDirectories(folder.resolve("out/in"));
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(out.resolve("away"), elsewhere);
    Files.createSymbolicLink(out.resolve("x.png"), elsewhere.resolve("x.png"));
    Files.createSymbolicLink(out.resolve("y.run.json"), elsewhere.resolve("y"));
    Files.createDirectory(out.resolve("f"));
    Files.createSymbolicLink(out.resolve("f/frames"), elsewhere);
    for (String output : List.of("in/away/x.png", "in/x.png", "in/y.png", "in/f/z.png")) {
      JobFile read = read(output);
      assertEquals(List.of(), read.jobs(), output);
      Failure failure = read.bad().get(0).failure();
      assertEquals(ExitCode.USAGE, failure.exitCode());
      assertTrue(failure.getMessage().contains("is a symbolic link"), failure::getMessage);
    }
    assertFalse(read("in/free.png").jobs().isEmpty());
  }
}
