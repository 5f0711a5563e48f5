package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.Main;
import dev.gramloom.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process whose files cannot grow: the system refuses it a write in the middle of a file, as a
 * full disk does.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no limit on a file's size")
class FullDiskTest {
  private static final String RUN =
      "synth stone.png -o %s --scales=32,40 --iterations=3,5 --threads=1 --checkpoint-every=0.01";

  @TempDir Path folder;

  /**
   * Runs with files of so many KiB at most.
   *
   * @return the exit code
   */
  private int run(int most, String output) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(command(java, most, output))
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start()
        .waitFor();
  }

  private static List<String> command(String java, int most, String output) {
    String limited = "ulimit -f " + most + "; exec \"$0\" \"$@\"";
    Stream<String> process =
        Stream.of(
            "bash",
            "-c",
            limited,
            java,
            "-XX:-UsePerfData", // a file of its own
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    return Stream.concat(process, Stream.of(RUN.formatted(output).split(" "))).toList();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("said"));
  }

  @Test
  @Timeout(60)
  void whatDoesNotFitIsOneLineAndTheNextRunGoesOn() throws Exception {
    Path exemplar = Cli.exemplar(folder);
    Path whole = folder.resolve("whole/o.png");
    String[] words = RUN.formatted(whole).split(" ");
    words[1] = exemplar.toString();
    Cli.run((Object[]) words).succeeded();
    long preview = Files.size(whole.resolveSibling("o.preview.png"));
    int most = (int) (preview / 1024); // a bit less: the picture fits, its preview does not
    assertTrue(Files.size(whole) < most * 1024L);

    assertEquals(ExitCode.CANNOT_WRITE.code(), run(most, "out/o.png"), said());
    List<String> errors = said().lines().filter(line -> line.startsWith("gramloom: ")).toList();
    assertEquals(1, errors.size(), said());
    String refusal = "gramloom: cannot write .*o\\.preview\\.png: File too large";
    assertTrue(errors.get(0).matches(refusal), said());
    assertTrue(said().contains("Warning: no checkpoint could be written, the run goes on"), said());
    Path out = folder.resolve("out");
    List<String> left = Cli.names(out);
    assertTrue(
        List.of("o.checkpoint", "o.png").containsAll(left) && left.contains("o.png"), said());

    assertEquals(0, run(1 << 20, "out/o.png"), said());
    assertFalse(said().contains("Warning: "), said());
    for (String name : List.of("o.png", "o.preview.png")) {
      assertEquals(-1, Files.mismatch(whole.resolveSibling(name), out.resolve(name)), name);
    }
    assertEquals(Cli.names(whole.getParent()), Cli.names(out));
  }
}
