package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ProgressiveJpeg;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes on the worst files of strangers: what they take is measured. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "its names are others")
class HostileProcessTest {
  private static final int MOST_TIME = 2000; // milliseconds, the JVM's start included
  private static final int MOST_MEMORY = 512; // MiB, what Java needs besides its heap included

  @TempDir Path folder;
  private Path exemplar;
  private long mostTime = 2 * MOST_TIME; // beside whatever else the machine does

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder);
  }

  /** What a process says, after it ended with that code within its memory. */
  private String process(ExitCode code, Object... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-Xmx320m"));
    Path watched = Files.createTempFile("hostile", ".watched");
    command.add("-D" + WatchedMain.FILE + "=" + watched);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WatchedMain.class.getName());
    for (Object word : words) {
      command.add(word.toString());
    }
    Path said = Files.createTempFile("hostile", ".said");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it hangs");
      List<String> lines =
          Files.readAllLines(said).stream().filter(line -> !line.startsWith("WARNING")).toList();
      assertEquals(code.code(), process.exitValue(), lines::toString);
      assertTrue(code == ExitCode.DONE || lines.size() == 1, lines::toString);
      String[] taken = Files.readString(watched).split(" ");
      assertTrue(Long.parseLong(taken[0]) < mostTime, taken[0] + " ms: " + lines);
      assertTrue(Long.parseLong(taken[1]) < MOST_MEMORY, taken[1] + " MiB: " + lines);
      return String.join("\n", lines);
    } finally {
      process.destroyForcibly();
      Files.delete(said);
      Files.delete(watched);
    }
  }

  /** The line of a process that refuses a file and leaves nothing behind. */
  private String refused(Object... words) throws Exception {
    String line = process(ExitCode.BAD_DATA, words);
    assertFalse(Files.exists(folder.resolve("o.png")));
    return line;
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aPictureIsRefusedWithLittleMemory() throws Exception {
    Path claim = file("claim.ppm", ascii("P6 65535 65535 255\n"));
    Path scans = file("scans.jpg", new ProgressiveJpeg(3000, 3000).scans(150).done());
    assertTrue(refused("preview", claim, "-o", "o.png").contains("65535 x"));
    assertTrue(refused("synth", exemplar, "--mask", scans, "-o", "o.png").contains("too often"));
  }

  @Test
  void aNameWithALeadingDashIsAFileBehindTwoDashes() throws Exception {
    Files.copy(exemplar, folder.resolve("-o.png"));
    process(ExitCode.DONE, "preview", "-o", "o.png", "--", "-o.png");
    assertTrue(Files.exists(folder.resolve("o.png")));
  }

  /** A zip that unpacks to a hundred times its size. */
  private Path bomb(String name, String entry, byte[] head) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream raw = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(raw)) {
      zip.setLevel(Deflater.BEST_SPEED);
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(head);
      byte[] zeros = new byte[1 << 20];
      for (int mebibyte = 0; mebibyte < 400; mebibyte++) {
        zip.write(zeros);
      }
    }
    return file;
  }

  @Test
  void anArchiveThatUnpacksToMoreThanMemoryIsRefused() throws Exception {
    String shape = "{'descr': '<f4', 'fortran_order': False, 'shape': (104857600,), }";
    byte[] head =
        ByteBuffer.allocate(128)
            .put((byte) 0x93)
            .put(ascii("NUMPY"))
            .put((byte) 1)
            .put((byte) 0)
            .put((byte) 118)
            .put((byte) 0)
            .put(ascii(shape))
            .array();
    List<Path> bombs =
        List.of(
            bomb("a.npz", "conv1_1_W.npy", head),
            bomb("b.pth", "archive/data.pkl", new byte[] {(byte) 0x80, 2}));
    for (Path bomb : bombs) {
      String line = refused("synth", exemplar, "--network", bomb, "-o", "o.png");
      assertTrue(line.contains(bomb.getFileName().toString()), line);
    }
  }

  /** The tests above leave room for what else a machine does; this one is run when it is quiet. */
  @Test
  @Tag("slow")
  void theWorstFilesEndInTwoSeconds() throws Exception {
    mostTime = MOST_TIME;
    aPictureIsRefusedWithLittleMemory();
    anArchiveThatUnpacksToMoreThanMemoryIsRefused();
    Path longest = file("longest.jpg", new ProgressiveJpeg(3050, 3050).scans(33).done());
    process(ExitCode.BAD_DATA, "compare", longest, file("text.png", ascii("no picture")));
  }
}
