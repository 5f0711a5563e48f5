package dev.gramloom.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.cli.batch.JobFile.BadLine;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class JobFileTest {
  private static final String PLAIN = "{\"exemplar\":\"a.png\"}";

  @TempDir Path folder;

  @BeforeEach
  void makeInputs() throws IOException {
    Files.writeString(folder.resolve("a.png"), "a");
    Files.writeString(folder.resolve("-b.png"), "b");
  }

  private Job only(String line) throws IOException {
    JobFile read = Gallery.read(folder, List.of(line));
    assertEquals(List.of(), read.bad());
    return read.jobs().get(0);
  }

  private Failure refusal(String line) throws IOException {
    JobFile read = Gallery.read(folder, List.of(line));
    assertEquals(List.of(), read.jobs());
    assertEquals(1, read.bad().size());
    return read.bad().get(0).failure();
  }

  @Test
  void keysAreFlagsAndArgumentsGoByTheirLabels() throws IOException {
    Job job =
        only(
            """
            {"command":"paint","size":384,"seed":-3.0,"weight":1e-2,"style":"water","signed":true,\
            "exemplar":"-b.png","layers":["conv1",2],"mask":"a.png","output":"x/y.jpg"}\
            """);
    assertEquals("paint", job.command());
    assertEquals(Path.of("x/y.jpg"), job.output());
    assertEquals(folder.resolve("-b.png"), job.input());
    Gallery.Paint paint = new Gallery.Paint();
    new CommandLine(paint)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(job.arguments().toArray(String[]::new));
    assertEquals("384", paint.size);
    assertEquals(-3, paint.seed);
    assertEquals(0.01, paint.weight);
    assertEquals(Gallery.Style.WATER, paint.style);
    assertTrue(paint.signed);
    assertEquals("conv1,2", paint.layers);
    assertEquals(folder.resolve("a.png"), paint.mask);
    assertEquals(folder.resolve("-b.png"), paint.exemplar);
    assertEquals(folder.resolve("out/x/y.jpg"), paint.output);
  }

  @Test
  void aFlagThatIsFalseIsNotGiven() throws IOException {
    Job job = only("{\"exemplar\":\"a.png\",\"signed\":false}");
    assertTrue(job.arguments().stream().noneMatch(word -> word.contains("signed")));
  }

  @ParameterizedTest
  @CsvSource({"noise,noise", "a.png,a.png", "./noise,./noise", "known,known"})
  void whatMayBeAFileIsOneWhereItLooksLikeOne(String init, String became) throws IOException {
    Job job = only("{\"exemplar\":\"a.png\",\"init\":\"%s\"}".formatted(init));
    boolean file = init.contains(".");
    String expected = file ? folder.resolve(became).toString() : became;
    assertTrue(job.arguments().contains("--init=" + expected), job::toString);
  }

  @Test
  void absoluteInputsStayWhereTheyAre() throws IOException {
    Path elsewhere = folder.resolve("a.png").toAbsolutePath();
    Path base = Files.createDirectory(folder.resolve("base"));
    JobFile read =
        Gallery.read(base, List.of("{\"exemplar\":\"%s\"}".formatted(slashed(elsewhere))));
    assertEquals(elsewhere, read.jobs().get(0).input());
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          exemplar                                      | 65 | it is no JSON
          {"exemplar":"a.png"                           | 65 | it ends too early
          {"exemplar":"a.png"} {}                       | 65 | it is no JSON
          {"exemplar":"a.png",}                         | 65 | it is no JSON, at column 22
          {exemplar:"a.png"}                            | 65 | it is no JSON
          {'exemplar':'a.png'}                          | 65 | it is no JSON
          {"exemplar":"a.png","seed":NaN}               | 65 | it is no JSON
          {"exemplar":"a.png","seed":01}                | 65 | it is no JSON
          {"exemplar":"a.png","seed":1,"seed":2}        | 65 | the key 'seed' comes twice
          ["a.png"]                                     | 65 | must be one JSON object
          "a.png"                                       | 65 | must be one JSON object
          {}                                            | 64 | the key 'exemplar' is missing
          {"exemplar":null}                             | 64 | exemplar must be a string, a number
          {"exemplar":{"a":1}}                          | 64 | exemplar must be a string, a number
          {"exemplar":3}                                | 64 | exemplar must be a file name, got 3
          {"exemplar":""}                               | 64 | exemplar must be a file name, got ""
          {"exemplar":"a\\u0000.png"}                   | 64 | exemplar must be a file name
          {"exemplar":["a.png"]}                        | 64 | exemplar must be a file name, got [
          {"exemplar":"a.png","sed":3}                  | 64 | paint has no key 'sed'; did you mean 'seed'?
          {"exemplar":"a.png","help":true}              | 64 | paint has no key 'help'
          {"exemplar":"a.png","secret":"x"}             | 64 | paint has no key 'secret'
          {"exemplar":"a.png","threads":3}              | 64 | 'threads' is for the whole batch
          {"exemplar":"a.png","--seed":3}               | 64 | no key '--seed'
          {"exemplar":"a.png","Seed":3}                 | 64 | no key 'Seed'
          {"exemplar":"a.png","seed":"3"}               | 64 | seed must be a whole number
          {"exemplar":"a.png","seed":1.5}               | 64 | seed must be a whole number
          {"exemplar":"a.png","seed":1e999999999}       | 64 | seed must be a whole number
          {"exemplar":"a.png","seed":9223372036854775808} | 64 | seed must be a whole number
          {"exemplar":"a.png","strokes":2147483648}     | 64 | strokes must be a whole number
          {"exemplar":"a.png","weight":"much"}          | 64 | weight must be a number, got "much"
          {"exemplar":"a.png","weight":-1}              | 64 | --weight must be at least 0, got -1
          {"exemplar":"a.png","style":"WATER"}          | 64 | style must be one of oil, water, got "WATER"
          {"exemplar":"a.png","style":"ink"}            | 64 | style must be one of oil, water, got "ink"
          {"exemplar":"a.png","signed":"true"}          | 64 | signed must be true or false, got "true"
          {"exemplar":"a.png","size":true}              | 64 | size must be a string or a number, got true
          {"exemplar":"a.png","size":[1]}               | 64 | size must be a string or a number
          {"exemplar":"a.png","layers":[]}              | 64 | a list that is not empty
          {"exemplar":"a.png","layers":["a,b"]}         | 64 | a list without commas in its items
          {"exemplar":"a.png","layers":[["a"]]}         | 64 | layers must be a string, a number
          {"exemplar":"b.png"}                          | 66 | no
          {"command":"tell"}                            | 64 | command must be one of paint, copy, got 'tell'
          {"command":3}                                 | 64 | command must be one of paint, copy, got '3'
          {"command":"copy"}                            | 64 | the key 'from' is missing
          """)
  void aLineThatMeansNothingIsRefused(String line, int code, String says) throws IOException {
    Failure failure = refusal(line);
    assertEquals(code, failure.exitCode().code(), failure::getMessage);
    assertTrue(failure.getMessage().contains(says), failure::getMessage);
  }

  @Test
  void allBadLinesAreNamedInOneGo() throws IOException {
    JobFile read =
        Gallery.read(folder, List.of("{", "", PLAIN, "{}", "{\"exemplar\":\"none.png\"}"));
    assertEquals(List.of(1, 4, 5), read.bad().stream().map(BadLine::line).toList());
    assertEquals(
        List.of(ExitCode.BAD_DATA, ExitCode.USAGE, ExitCode.MISSING_INPUT),
        read.bad().stream().map(bad -> bad.failure().exitCode()).toList());
    assertEquals(List.of(3), read.jobs().stream().map(Job::line).toList());
  }

  @Test
  void outputsAreCalledLikeTheirInputsAndUniqueByLine() throws IOException {
    String taken = "{\"exemplar\":\"-b.png\",\"output\":\"A.png\"}";
    JobFile read = Gallery.read(folder, List.of(PLAIN, PLAIN, taken, PLAIN.replace("a.", "-b.")));
    assertEquals(List.of(), read.bad());
    assertEquals(
        List.of("a-1.png", "a-2.png", "A.png", "-b.png"),
        read.jobs().stream().map(job -> job.output().toString()).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "a.png, a.png",
    "a.png, A.PNG",
    "a.png, a.jpg",
    "a.png, a.preview.png",
    "a.preview.png, a.png",
    "a.png, a.png/b.png",
    "a.png/b.png, a.png",
    "walls/\u00e9.png, walls/e\u0301.png"
  })
  void twoJobsDoNotWriteOneFile(String first, String second) throws IOException {
    String line = "{\"exemplar\":\"a.png\",\"output\":\"%s\"}";
    JobFile read = Gallery.read(folder, List.of(line.formatted(first), line.formatted(second)));
    assertEquals(1, read.bad().size());
    BadLine bad = read.bad().get(0);
    assertEquals(2, bad.line());
    assertEquals(ExitCode.USAGE, bad.failure().exitCode());
    assertTrue(bad.failure().getMessage().contains("line 1 writes"), bad::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png b.png", "a/x.png b/x.png", "a.png aa.png", "a.png a.b.png"})
  void twoJobsThatWriteDifferentFilesAreTwo(String both) throws IOException {
    List<String> lines =
        List.of(both.split(" ")).stream()
            .map("{\"exemplar\":\"a.png\",\"output\":\"%s\"}"::formatted)
            .toList();
    assertEquals(2, Gallery.read(folder, lines).jobs().size());
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsAreNoMistake() throws IOException {
    JobFile read = Gallery.read(folder, List.of("\ufeff" + PLAIN + "\r", PLAIN + "\r"));
    assertEquals(List.of(), read.bad());
    assertEquals(2, read.jobs().size());
  }

  private void assertNoJobFile(byte[] content, ExitCode code, String says) throws IOException {
    Path file = Files.write(folder.resolve("j"), content);
    Failure failure =
        assertThrows(Failure.class, () -> JobFile.read(file, folder, folder, Gallery.commands()));
    assertEquals(code, failure.exitCode());
    assertTrue(failure.getMessage().contains(says), failure::getMessage);
  }

  @Test
  void whatIsNoJobFileIsRefusedBeforeItIsHeld() throws IOException {
    assertNoJobFile(new byte[0], ExitCode.BAD_DATA, "there is no job in it");
    assertNoJobFile(" \n\n".getBytes(StandardCharsets.UTF_8), ExitCode.BAD_DATA, "no job");
    assertNoJobFile(new byte[1 << 20], ExitCode.BAD_DATA, "line 1 is longer than the 65536 bytes");
    byte[] blank =
        String.join("", Collections.nCopies(100_001, "\n")).getBytes(StandardCharsets.UTF_8);
    assertNoJobFile(blank, ExitCode.BAD_DATA, "at most 100000 lines");
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    for (Path file : List.of(folder.resolve("none"), folder)) {
      Failure failure =
          assertThrows(Failure.class, () -> JobFile.read(file, folder, folder, Gallery.commands()));
      assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
    }
  }

  @Test
  void bytesThatAreNoTextAreABadLine() throws IOException {
    Path file = folder.resolve("j");
    Files.write(file, new byte[] {'{', (byte) 0xff, '}', '\n'});
    JobFile read = JobFile.read(file, folder, folder, Gallery.commands());
    assertEquals("it is not UTF-8", read.bad().get(0).failure().getMessage());
  }
}
