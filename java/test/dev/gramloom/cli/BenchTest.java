package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.weights.VggFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gramloom bench} measures, and says it so that people and scripts can read it. */
class BenchTest {
  /** A line of the table: what, calls or none, milliseconds, rate or none, percent. */
  private static final Pattern ROW =
      Pattern.compile("(\\S.*?) {2,}(?:\\d+ +)?\\d+\\.\\d{3} +(?:\\d+\\.\\d +)?(\\d+\\.\\d)");

  @TempDir private Path folder;

  private static JsonObject json(String flags) {
    String line = "bench --size 32 --rounds 1 --json " + flags;
    Cli.Run run = Cli.run(Cli.words(line)).succeeded();
    assertEquals("", run.err());
    assertEquals(1, run.outLines().size(), run::toString);
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static void assertText(JsonObject json, String key, String expected) {
    JsonPrimitive value = json.getAsJsonPrimitive(key);
    assertTrue(value.isString(), key);
    assertEquals(expected, value.getAsString(), key);
  }

  private static void assertPositive(JsonObject json, String... keys) {
    for (String key : keys) {
      assertTrue(json.getAsJsonPrimitive(key).isNumber(), key);
      assertTrue(json.get(key).getAsDouble() > 0, key);
    }
  }

  private static void assertOfTheYardstick(JsonObject json) {
    assertText(json, "peer", "gramloom development");
    assertText(json, "device", "cpu");
    assertText(json, "mode", "fp32");
    assertEquals(32, json.get("size").getAsInt());
    assertPositive(json, "seconds_median", "seconds_min", "gflops", "peak_mib", "threads");
    assertPositive(json, "planned_mib");
    assertPositive(json, "forward_seconds_median", "forward_seconds_min");
    assertText(json, "java", Runtime.version().toString());
    assertEquals(json.get("seconds_min"), json.get("seconds_median"), "of one round");
  }

  @Test
  void randomWeightsOnTheCpuHaveAShareOfThePeak() {
    JsonObject json = json("--network random-vgg19 --backend cpu --threads 1 --pool max");
    assertOfTheYardstick(json);
    assertText(json, "network", "random-vgg19");
    assertText(json, "backend", "cpu");
    assertText(json, "pool", "max");
    assertEquals(1, json.get("threads").getAsInt());
    assertPositive(json, "peak_gflops", "share_of_peak");
    double work = json.get("gflops").getAsDouble() * json.get("seconds_median").getAsDouble();
    assertEquals(1.4446e-3 * 32 * 32, work, 1e-3, json::toString);
    double share = json.get("gflops").getAsDouble() / json.get("peak_gflops").getAsDouble();
    assertEquals(share, json.get("share_of_peak").getAsDouble(), 0.01);
  }

  @Test
  void theReferenceHasNoShare() {
    JsonObject json = json("--network filters --backend reference");
    assertOfTheYardstick(json);
    assertText(json, "network", "filters");
    assertText(json, "backend", "reference");
    assertText(json, "pool", "avg");
    assertEquals(1, json.get("threads").getAsInt());
    assertTrue(json.get("peak_gflops").isJsonNull());
    assertTrue(json.get("share_of_peak").isJsonNull());
  }

  @ParameterizedTest
  @CsvSource({"filters, cpu", "filters, reference", "random-vgg19, cpu"})
  void theTableAddsUp(String network, String backend) {
    String line =
        "bench --size 32 --rounds 5 --network %s --backend %s".formatted(network, backend);
    Cli.Run run = Cli.run(Cli.words(line)).succeeded();
    List<String> lines = run.outLines();
    if (network.equals("random-vgg19")) {
      assertTrue(run.out().contains("1.4446 MFLOP a pixel"), run::out);
      assertTrue(run.err().contains("Network random-vgg19"), run::err);
    }
    assertTrue(run.err().matches("(?s).*Memory \\d+ MiB needed, \\d+ MiB allowed\\R"), run::err);
    for (String name : List.of("forward", "forward and backward", "work", "rate", "peak memory")) {
      assertTrue(lines.stream().anyMatch(l -> l.startsWith(name + "  ")), lines::toString);
    }
    boolean share = lines.stream().anyMatch(l -> l.startsWith("machine's peak"));
    assertEquals(backend.equals("cpu"), share);
    List<String> table = lines.subList(lines.indexOf("") + 2, lines.size());
    double sum = 0;
    for (String text : table) {
      Matcher row = ROW.matcher(text);
      assertTrue(row.matches(), text);
      double percent = Double.parseDouble(row.group(2));
      assertTrue(percent >= 0.5 || row.group(1).equals("other"), text);
      sum += percent;
    }
    assertEquals(100, sum, 0.05 * table.size());
    assertTrue(table.get(table.size() - 1).startsWith("other"), table::toString);
    assertTrue(table.stream().anyMatch(l -> l.startsWith("convolve ")), table::toString);
  }

  @Test
  void installedWeightsAreMeasuredByTheirName() {
    Path file = VggFiles.small().write(folder);
    String line = "bench --size 32 --rounds 1 --json --layers conv1_1,pool1 --network " + file;
    Cli.Run run = Cli.run(Cli.words(line)).succeeded();
    JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
    assertText(json, "network", file.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --size 31                              | USAGE         | --size must be from 32 to 16384, got 31
          --size 16385                           | USAGE         | --size must be from 32 to 16384, got 16385
          --size 64x64                           | USAGE         | --size must be a whole number
          --size -5                              | USAGE         | got -5
          --rounds 0                             | USAGE         | --rounds must be from 1 to 1000, got 0
          --rounds 1001                          | USAGE         | got 1001
          --rounds x                             | USAGE         | --rounds must be a whole number
          --threads 0                            | USAGE         | from 1 to 1024
          --backend gpu                          | USAGE         | auto, cuda, cpu or reference
          --recipe x                             | USAGE         | gatys, pyramid, deep
          --network filters --pool max           | USAGE         | --pool is for VGG
          --network vgg19                        | MISSING_INPUT | weights install vgg19
          --network none.safetensors             | MISSING_INPUT | no such file
          --network random-vgg19 --layers conv1_9 | BAD_DATA     | it has no conv1_9; its last layer is conv5_4
          --network random-vgg19 --size 16384    | OUT_OF_MEMORY | out of memory
          picture.png                            | USAGE         | one argument too many
          --bogus                                | USAGE         | bench has no option '--bogus'
          """)
  void whatCannotBeMeasuredIsRefused(String flags, ExitCode code, String said) throws IOException {
    Object[] words = Cli.words("bench " + flags + " --json");
    String line = Cli.refused(code, folder, words);
    assertTrue(line.contains(said), line);
  }

  @Test
  void randomWeightsAreForMeasuringOnly() throws IOException {
    Path exemplar = Cli.exemplar(folder);
    String line =
        Cli.refused(
            ExitCode.MISSING_INPUT,
            folder,
            "synth",
            exemplar,
            "-o",
            folder.resolve("o.png"),
            "--network",
            "random-vgg19");
    assertTrue(line.contains("no such file"), line);
  }

  @Test
  void linuxTellsThePeakOfMemoryAndElseJavaDoes() throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nVmPeak:\t 9999999 kB\nVmHWM:\t  204800 kB\n");
    assertEquals(200, PeakMemory.mebibytes(status));
    Files.writeString(status, "Name:\tjava\n");
    assertTrue(PeakMemory.mebibytes(status) > 0);
    assertTrue(PeakMemory.mebibytes(folder.resolve("none")) > 0);
  }
}
