package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole commands on files, names and folders from strangers. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "its names and links are others")
class HostileInputTest {
  private static final int SIDE = 65_535;
  private static final Object[] TINY = {"--size", 32, "--iterations", 1, "--no-preview"};

  @TempDir Path folder;
  private Path exemplar;
  private Path target;

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder);
    target = folder.resolve("out/o.png");
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Files whose headers say that they are 65,535 x 65,535. */
  private Map<String, byte[]> tooLarge() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (String format : List.of("png", "jpg", "bmp", "tga")) {
      Path whole = folder.resolve("whole." + format);
      ImageFile.write(Pictures.noise(16, 16, 1), whole);
      all.put(format, Files.readAllBytes(whole));
    }
    ByteBuffer.wrap(all.get("png")).putInt(16, SIDE).putInt(20, SIDE);
    byte[] jpeg = all.get("jpg");
    int frame = 2;
    while (jpeg[frame + 1] != (byte) 0xC0) {
      frame += 2 + ByteBuffer.wrap(jpeg).getShort(frame + 2);
    }
    ByteBuffer.wrap(jpeg).putInt(frame + 5, -1);
    ByteBuffer.wrap(all.get("bmp"))
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(18, SIDE)
        .putInt(22, SIDE);
    ByteBuffer.wrap(all.get("tga")).putInt(12, -1);
    all.put("gif", ByteBuffer.allocate(64).put(ascii("GIF89a")).putInt(-1).array());
    ByteBuffer psd = ByteBuffer.allocate(64).put(ascii("8BPS")).putShort((short) 1);
    all.put("psd", psd.putShort(12, (short) 3).putInt(14, SIDE).putInt(18, SIDE).array());
    String size = "-Y %d +X %d\n".formatted(SIDE, SIDE);
    all.put("hdr", ascii("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n" + size));
    all.put("pnm", ascii("P6 %d %d 255\n".formatted(SIDE, SIDE)));
    return all;
  }

  @Test
  void aHeaderOfEveryFormatThatClaimsTooMuchIsRefusedByEveryCommand() throws IOException {
    for (Map.Entry<String, byte[]> claim : tooLarge().entrySet()) {
      Path file = file("claim", claim.getValue());
      List<Object[]> commands =
          List.of(
              new Object[] {"synth", file, "-o", target},
              new Object[] {"synth", exemplar, "--mask", file, "-o", target},
              new Object[] {"synth", exemplar, "--init", file, "-o", target},
              new Object[] {"preview", file, "-o", target},
              new Object[] {"compare", exemplar, file});
      for (Object[] command : commands) {
        String line = Cli.refused(ExitCode.BAD_DATA, folder, command);
        assertTrue(line.contains("is 65535 x 65535 pixels; at most"), claim.getKey() + line);
      }
    }
  }

  @Test
  void aNameThatLiesAboutTheFormatDoesNoHarm() throws IOException {
    for (String format : List.of("png", "jpg", "bmp", "tga")) {
      Path whole = folder.resolve("whole." + format);
      ImageFile.write(Pictures.noise(16, 16, 1), whole);
      for (String name : List.of("a.png", "a.jpg", "a.gif", "a.exr", "a")) {
        Path liar = file(name, Files.readAllBytes(whole));
        Cli.run("preview", liar, "-o", folder.resolve("o.png")).succeeded();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " a b .png",
        "line\nend.png",
        "\u001b[2J.png",
        "\uD83C\uDF0B.png",
        "-o.png",
        "$(x)"
      })
  void aNameIsJustAName(String name) throws Exception {
    Path file = Files.copy(exemplar, folder.resolve(name));
    Cli.run("preview", file, "-o", folder.resolve("o.png")).succeeded();
    Path missing = folder.resolve("no" + name);
    String line = Cli.refused(ExitCode.MISSING_INPUT, folder, "preview", missing, "-o", target);
    assertFalse(line.contains("\u001b"), line);
    Path broken = Files.write(folder.resolve("broken" + name), ascii("no picture"));
    line = Cli.refused(ExitCode.BAD_DATA, folder, "synth", broken, "-o", target);
    assertFalse(line.contains("\u001b"), line);
  }

  @Test
  void linksThatLeadNowhereAndWhatIsNoFileAreMissing() throws Exception {
    Path loop = Files.createSymbolicLink(folder.resolve("a.png"), folder.resolve("b.png"));
    Files.createSymbolicLink(folder.resolve("b.png"), loop);
    Path pipe = folder.resolve("pipe.png");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (Path file : List.of(loop, pipe, Path.of("/dev/zero"))) {
      Cli.refused(ExitCode.MISSING_INPUT, folder, "preview", file, "-o", target);
      Cli.refused(ExitCode.MISSING_INPUT, folder, "synth", file, "-o", target);
      Cli.refused(ExitCode.MISSING_INPUT, folder, "synth", exemplar, "--init", file, "-o", target);
      Cli.refused(
          ExitCode.MISSING_INPUT, folder, "synth", exemplar, "--network", file, "-o", target);
    }
  }

  @Test
  void fourInksMakeAPicture() throws IOException {
    Raster samples = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    Path file = folder.resolve("inks.jpg");
    var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(new IIOImage(samples, null, null));
    } finally {
      writer.dispose();
    }
    Cli.run("preview", file, "-o", target, "--repeat", "1x1").succeeded();
    assertEquals(1, ImageFile.read(target).rgb()[0], 0.01);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[],", "{\"identity\":", "{\"identity\":{},\"identity\":\"", "\0"})
  void aReportFromElsewhereIsNotBelieved(String part) throws IOException {
    Files.createDirectories(target.getParent());
    Files.write(target, ascii("no picture"));
    Files.writeString(target.resolveSibling("o.run.json"), part.repeat(1_000_000));
    Cli.run(words(TINY, "synth", exemplar, "-o", target)).succeeded();
    assertEquals(32, ImageFile.read(target).width());
  }

  @Test
  void aCheckpointFromElsewhereIsNotBelieved() throws IOException {
    Path kept = folder.resolve("out/o.checkpoint");
    Files.createDirectories(kept.getParent());
    Files.write(kept, ByteBuffer.allocate(4096).putLong(0x4752_4d4c_4f4f_4d43L).putInt(-1).array());
    Cli.Run run = Cli.run(words(TINY, "synth", exemplar, "-o", target)).succeeded();
    assertTrue(run.err().contains("o.checkpoint cannot be used, its checksum is wrong"), run::err);
    assertEquals(List.of("o.png", "o.run.json"), Cli.names(kept.getParent()));

    Files.createSymbolicLink(kept, Path.of("/dev/zero"));
    Files.delete(target);
    run = Cli.run(words(TINY, "synth", exemplar, "-o", target)).succeeded();
    assertTrue(run.err().contains("o.checkpoint cannot be used, it is not a file"), run::err);
  }

  /** What would make a task write outside of its run, or do something else than its job. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"arguments\":[\"-o\",\"EVIL\",\"--\",\"EXEMPLAR\",\"--output=x.png\"]",
        "\"arguments\":[\"-oEVIL\",\"--output=x.png\",\"--\",\"EXEMPLAR\"]",
        "\"arguments\":[\"--output=x.png\",\"--output\",\"EVIL\",\"--\",\"EXEMPLAR\"]",
        "\"arguments\":[\"--output=x.png\",\"--output=EVIL\",\"--\",\"EXEMPLAR\"]",
        "\"arguments\":[\"EXEMPLAR\"]",
        "\"output\":\"../evil.png\"",
        "\"output\":\"EVIL\"",
        "\"arguments\":null",
        "\"line\":{}",
      })
  void aJobOfARunFromElsewhereCannotWriteOutsideOfIt(String change) throws IOException {
    Path run = folder.resolve("run");
    Path jobs = file("jobs.jsonl", ascii("{\"exemplar\":\"stone.png\",\"size\":32}\n"));
    Cli.run("farm", "export", jobs, "--format", "sbatch", "-o", run).succeeded();
    Path accepted = run.resolve(".gramloom-farm/jobs.jsonl");
    String job = Files.readString(accepted).strip();
    String hostile =
        change
            .replace("EVIL", folder.resolve("evil.png").toString())
            .replace("EXEMPLAR", exemplar.toString());
    String key = change.substring(0, change.indexOf(':') + 1);
    String changed =
        job.replaceFirst(key + "(\\[[^]]*]|\"[^\"]*\"|\\d+)", Matcher.quoteReplacement(hostile));
    assertFalse(changed.equals(job), job);
    Files.writeString(accepted, changed + "\n");

    String line = Cli.refused(ExitCode.BAD_DATA, folder, "task", "--run", run, "--index", 0);

    assertTrue(line.contains("jobs.jsonl is damaged"), line);
  }

  @Test
  void aRunFromElsewhereHoldsNoLineThatNeverEnds() throws IOException {
    Path run = folder.resolve("run");
    Path jobs = file("jobs.jsonl", ascii("{\"exemplar\":\"stone.png\",\"size\":32}\n"));
    Cli.run("farm", "export", jobs, "--format", "sbatch", "-o", run).succeeded();
    Path accepted = run.resolve(".gramloom-farm/jobs.jsonl");
    for (byte[] content : List.of(new byte[3 << 20], new byte[] {(byte) 0xFF, '\n'}, new byte[0])) {
      Files.write(accepted, content);
      Cli.refused(ExitCode.BAD_DATA, folder, "task", "--run", run, "--index", 0);
    }
  }

  private static Object[] words(Object[] more, Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray();
  }
}
