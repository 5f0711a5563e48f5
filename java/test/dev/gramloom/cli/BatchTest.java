package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.failure.ExitCode;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches of real, tiny textures. */
class BatchTest {
  private static final String TINY = "\"exemplar\":\"stone.png\",\"scales\":48,\"iterations\":2";

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void makeExemplars() throws IOException {
    Cli.exemplar(folder);
    Files.writeString(folder.resolve("broken.png"), "no picture");
    out = folder.resolve("out");
  }

  private Path jobs(String... lines) throws IOException {
    return Files.write(folder.resolve("jobs.jsonl"), List.of(lines));
  }

  private static String tiny(String more) {
    return "{" + TINY + more + "}";
  }

  private Cli.Run batch(Path jobs, Object... more) {
    List<Object> words = new ArrayList<>(List.of("batch", jobs, "-o", out));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private JsonObject report() throws IOException {
    return Cli.json(out.resolve("report.json"));
  }

  private List<JsonObject> reported() throws IOException {
    List<JsonObject> jobs = new ArrayList<>();
    report().getAsJsonArray("jobs").forEach(job -> jobs.add(job.getAsJsonObject()));
    return jobs;
  }

  @Test
  void makesWhatTheCommandsMakeOneByOne() throws IOException {
    Path jobs =
        jobs(
            tiny(",\"seed\":7,\"gif\":true"),
            tiny(",\"output\":\"walls/b.jpg\",\"no-preview\":true"));
    batch(jobs).succeeded();

    Path alone = folder.resolve("alone.png");
    Object[] words = {"--scales", 48, "--iterations", 2, "--seed", 7, "--gif", "-o", alone};
    Cli.run(
            Stream.concat(Stream.of("synth", folder.resolve("stone.png")), Stream.of(words))
                .toArray())
        .succeeded();
    assertArrayEquals(Files.readAllBytes(alone), Files.readAllBytes(out.resolve("stone.png")));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("alone.gif")),
        Files.readAllBytes(out.resolve("stone.gif")));
    assertEquals(
        List.of(
            "index.html",
            "report.json",
            "stone.gif",
            "stone.png",
            "stone.preview.png",
            "stone.run.json",
            "walls"),
        Cli.names(out));
    assertEquals(List.of("b.jpg", "b.run.json"), Cli.names(out.resolve("walls")));
  }

  @Test
  void reportsEveryJobWithItsMeasurements() throws IOException {
    batch(jobs(tiny(""), "", tiny(",\"seed\":1"))).succeeded();
    assertEquals(0, report().get("exit_code").getAsInt());
    List<JsonObject> reported = reported();
    assertEquals(List.of(1, 3), reported.stream().map(job -> job.get("line").getAsInt()).toList());
    for (JsonObject job : reported) {
      assertEquals("synth", job.get("command").getAsString());
      assertEquals(0, job.get("exit_code").getAsInt());
      assertTrue(job.get("reason").isJsonNull());
      double seconds = job.get("seconds").getAsDouble();
      double synthesis = job.get("synthesis_seconds").getAsDouble();
      assertTrue(synthesis > 0 && synthesis < seconds, job::toString);
      String name = job.get("output").getAsString().replace(".png", ".run.json");
      JsonObject run = Cli.json(out.resolve(name));
      JsonObject metrics = job.getAsJsonObject("metrics");
      for (String metric : List.of("relative_gram_distance", "seam", "color_emd", "spectrum")) {
        assertEquals(run.get(metric), metrics.get(metric));
      }
    }
    assertEquals("stone-3.png", reported.get(1).get("output").getAsString());
  }

  @Test
  void aFailedJobKeepsTheNextFromRunning() throws IOException {
    Path jobs = jobs(tiny(""), "{\"exemplar\":\"broken.png\"}", tiny(""));
    Cli.Run run = batch(jobs);
    assertEquals(ExitCode.BAD_DATA.code(), run.code(), run::toString);
    assertTrue(run.err().contains("jobs.jsonl line 2: " + folder.resolve("broken.png")), run::err);
    assertFalse(Files.exists(out.resolve("stone-3.png")));
    assertEquals("not run", reported().get(2).get("reason").getAsString());
    assertTrue(reported().get(2).get("exit_code").isJsonNull());
    assertTrue(run.err().contains("1 of 3 done, 1 failed, 1 not run"), run::err);
  }

  @Test
  void keptGoingTheRestIsMade() throws IOException {
    Path jobs =
        jobs(
            tiny(""),
            "{\"exemplar\":\"broken.png\"}",
            "{\"exemplar\":\"stone.png\",\"exemplar-scale\":0.02}",
            tiny(""));
    Cli.Run run = batch(jobs, "--keep-going", "--report", folder.resolve("r.json"));
    assertEquals(ExitCode.BAD_DATA.code(), run.code(), run::toString);
    JsonObject report = Cli.json(folder.resolve("r.json"));
    assertEquals(ExitCode.BAD_DATA.code(), report.get("exit_code").getAsInt());
    List<Integer> codes = new ArrayList<>();
    for (JsonElement job : report.getAsJsonArray("jobs")) {
      codes.add(job.getAsJsonObject().get("exit_code").getAsInt());
    }
    assertEquals(List.of(0, 65, 64, 0), codes);
    assertTrue(Files.exists(out.resolve("stone-4.png")));
    assertFalse(Files.exists(out.resolve("broken.png")));
    String sheet = Files.readString(out.resolve("index.html"));
    assertTrue(sheet.contains("line 2, exit code 65"), sheet);
    assertTrue(sheet.contains("line 3, exit code 64"), sheet);
  }

  @Test
  void badLinesAreAllNamedAndNothingRuns() throws IOException {
    Path jobs =
        jobs(
            tiny(""),
            "{\"exemplar\":\"none.png\"}",
            tiny(",\"quality\":\"best\""),
            tiny(",\"size\":5"),
            tiny(",\"layers\":\"conv9_9\""),
            tiny(",\"output\":\"stone.txt\""),
            tiny(",\"network\":\"vgg19\""),
            "nothing");
    Cli.Run run = batch(jobs);
    assertEquals(ExitCode.MISSING_INPUT.code(), run.code(), run::toString);
    List<String> lines = run.errLines();
    List<String> says =
        List.of(
            "line 2: cannot read " + folder.resolve("none.png") + ": no such file",
            "line 3: quality must be one of draft, normal, high, got \"best\"",
            "line 4: --size and --scales exclude each other",
            "line 5: --layers must be different layers",
            "line 6: a picture's name must end in",
            "line 7: vgg19 is not installed",
            "line 8: it is no JSON");
    assertEquals(says.size(), lines.size(), run::err);
    for (int i = 0; i < says.size(); i++) {
      assertTrue(lines.get(i).startsWith("gramloom: " + jobs + " " + says.get(i)), lines.get(i));
    }
    assertFalse(Files.exists(out));
  }

  @Test
  void neitherAJobsOutputNorItsNeighbourReplacesAnInput() throws IOException {
    Path jobs = jobs("{\"exemplar\":\"stone.png\",\"output\":\"stone.png\"}");
    Cli.Run run = Cli.run("batch", jobs, "-o", folder);
    assertEquals(ExitCode.USAGE.code(), run.code(), run::toString);
    assertTrue(run.err().contains("line 1: the output must not replace the input"), run::err);

    Files.copy(folder.resolve("stone.png"), folder.resolve("other.png"));
    String other = "{\"exemplar\":\"other.png\",\"output\":\"x.png\"}";
    Path two = jobs("{\"exemplar\":\"stone.png\",\"output\":\"other.png\"}", other);
    run = Cli.run("batch", two, "-o", folder);
    assertEquals(ExitCode.USAGE.code(), run.code(), run::toString);
    assertTrue(run.err().contains("line 1: output: line 2 reads"), run::err);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --workers 0         | 64 | --workers must be from 1 to
          --workers 9999      | 64 | --workers must be from 1 to
          --device x          | 64 | --device must be all or numbers like 0,1, got 'x'
          --device 0          | 69 | --device 0 is not there
          --device 0,1        | 69 | --device 0,1 is not there
          --backend bogus     | 64 | --backend must be
          """)
  void flagsThatCannotBeAreRefused(String flags, int code, String says) throws IOException {
    Cli.Run run = batch(jobs(tiny("")), Cli.words(flags));
    assertEquals(code, run.code(), run::toString);
    assertEquals(1, run.errLines().size(), run::err);
    assertTrue(run.err().startsWith("gramloom: " + says), run::err);
    assertFalse(Files.exists(out));
  }

  @Test
  void withoutAJobFileOrAFolderItSaysWhatIsMissing() throws IOException {
    assertTrue(Cli.refused(ExitCode.USAGE, folder, "batch").contains("a job file is needed"));
    Path jobs = jobs(tiny(""));
    assertTrue(Cli.refused(ExitCode.USAGE, folder, "batch", jobs).contains("-o must name"));
  }

  @Test
  void workersDoNotChangeAByte() throws IOException {
    Path jobs = jobs(tiny(""), tiny(",\"seed\":1"), tiny(",\"seed\":2"));
    batch(jobs, "--threads", 2, "--workers", 2).succeeded();
    Path second = folder.resolve("second");
    Cli.run("batch", jobs, "-o", second, "--threads", 1).succeeded();
    for (String name : List.of("stone.png", "stone-2.png", "stone-3.png")) {
      assertArrayEquals(
          Files.readAllBytes(second.resolve(name)), Files.readAllBytes(out.resolve(name)), name);
    }
  }

  @Test
  void aSecondRunMakesOnlyWhatIsMissing() throws IOException {
    Path jobs = jobs(tiny(""), tiny(",\"seed\":1"));
    batch(jobs).succeeded();
    var written = Files.getLastModifiedTime(out.resolve("stone.png"));
    byte[] second = Files.readAllBytes(out.resolve("stone-2.png"));
    Files.delete(out.resolve("stone-2.png"));

    Cli.Run run = batch(jobs).succeeded();

    assertTrue(run.err().contains("line 1: stone.png was done already"), run::err);
    assertTrue(run.err().contains("line 2: wrote stone-2.png"), run::err);
    assertEquals(written, Files.getLastModifiedTime(out.resolve("stone.png")));
    assertArrayEquals(second, Files.readAllBytes(out.resolve("stone-2.png")));
    List<JsonObject> reported = reported();
    assertTrue(reported.get(0).get("done_before").getAsBoolean());
    assertFalse(reported.get(1).get("done_before").getAsBoolean());
    for (JsonObject job : reported) {
      assertTrue(job.get("identity").getAsString().matches("[0-9a-f]{64}"), job::toString);
      assertTrue(job.getAsJsonObject("metrics").has("spectrum"), job::toString);
    }
    assertEquals(6, Files.readString(out.resolve("index.html")).split("<img", -1).length - 1);
  }

  @Test
  void tellsHowFarTheWholeBatchIs() throws IOException {
    Cli.Run run = batch(jobs(tiny(""), tiny("")));
    List<Integer> percents =
        run.errLines().stream()
            .filter(line -> line.startsWith("Progress: "))
            .map(line -> Integer.parseInt(line.replaceAll("\\D", "")))
            .toList();
    assertEquals(percents.stream().sorted().toList(), percents);
    assertTrue(percents.contains(50), run::err);
    assertEquals(100, percents.get(percents.size() - 1));
  }

  @Test
  void theSchemaTakesEveryKeyOfARunAndNoOther() throws IOException {
    String schema = Cli.run("batch", "--schema").succeeded().out();
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new GsonNode.Factory()).createValidator();
    var place = validator.registerSchema(schema);
    String whole =
        """
        {"command":"synth","exemplar":"stone.png","output":"a/b.png","size":"64x48","seed":3,\
        "iterations":[1,2],"quality":"draft","tile":"x","init":"noise","exemplar-scale":0.5,\
        "mask":"m.png","style-weight":1.5,"gram-normalization":"neural-style","tv-weight":0,\
        "color":"free","optimizer":"adam","network":"filters","recipe":"gatys","layers":"conv1_1",\
        "layer-weights":[1,0.5],"pool":"max","frames-every":2,"gif":true,"no-preview":false,\
        "scales":[32,64],"checkpoint-every":30,"no-resume":true,"force":false}\
        """;
    assertTrue(validator.validate(place, whole).isValid());
    JsonObject keys =
        JsonParser.parseString(schema)
            .getAsJsonObject()
            .getAsJsonArray("oneOf")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("properties");
    assertEquals(JsonParser.parseString(whole).getAsJsonObject().keySet(), keys.keySet());
    assertFalse(validator.validate(place, tiny(",\"sede\":3")).isValid());
    assertFalse(validator.validate(place, "{}").isValid());
  }
}
