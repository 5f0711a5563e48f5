package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.file.LockFile;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stopping, going on, starting anew and being finished, as a user sees them. */
@Timeout(60)
class ResumeCommandTest {
  private static final String[] SMALL = {"--scales=32,40", "--iterations=4,8", "--threads=1"};
  private static final String EARLY = "Progress: 12%"; // within the first scale
  private static final String LATE = "Progress: 52%"; // within the second

  @TempDir Path folder;
  private Path exemplar;
  private Path target;
  private Path frames;
  private Path checkpoint;

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder);
    target = folder.resolve("out/o.png");
    frames = folder.resolve("out/frames");
    checkpoint = folder.resolve("out/o.checkpoint");
  }

  private Object[] command(Path output, Object... flags) {
    List<Object> words = new ArrayList<>(List.of("synth", exemplar, "-o", output));
    words.addAll(List.of(SMALL));
    words.addAll(List.of(flags));
    return words.toArray();
  }

  private Cli.Run synth(Object... flags) {
    return Cli.run(command(target, flags));
  }

  /** Stops a run, as a signal does, when it says so much. */
  private Cli.Run stopped(String line, Object... flags) {
    Cli.Run run =
        Cli.heard(
            said -> {
              if (said.equals(line)) {
                StopSignal.request();
              }
            },
            command(target, flags));
    assertEquals(ExitCode.STOPPED.code(), run.code(), run::toString);
    assertEquals("", run.out());
    return run;
  }

  @ParameterizedTest
  @CsvSource({"lbfgs, 12 24 52 90 100", "adam, 12 52"})
  void aStoppedRunGoesOnToTheSameFiles(String method, String percents) throws Exception {
    Object[] flags = {"--frames-every=1", "--gif", "--optimizer=" + method};
    Path whole = folder.resolve("whole/o.png");
    Cli.run(command(whole, flags)).succeeded();
    for (String percent : percents.split(" ")) { // 24: between the scales
      stoppedGoesOn("Progress: " + percent + "%", whole, flags);
      Files.delete(target);
    }
  }

  private void stoppedGoesOn(String moment, Path whole, Object... flags) throws IOException {
    Cli.Run stopped = stopped(moment, flags);
    String said = "stopped; the same command goes on from " + checkpoint;
    assertTrue(stopped.err().contains(said), stopped::toString);
    assertTrue(Files.exists(checkpoint) && !Files.exists(target), moment);
    int kept = Cli.names(frames).size();
    Path first = frames.resolve("o.0001.png");
    var written = Files.getLastModifiedTime(first);

    Cli.Run end = synth(flags).succeeded();
    assertTrue(end.errLines().get(0).startsWith("Going on from " + checkpoint), end::toString);
    assertEquals(kept, iterations(end), "every iteration before it was stopped is kept");
    assertEquals(written, Files.getLastModifiedTime(first));
    assertEquals(Cli.names(whole.getParent()), Cli.names(target.getParent()));
    assertEquals(Cli.names(whole.resolveSibling("frames")), Cli.names(frames));
    for (String name : Cli.names(frames)) {
      assertSame(whole.resolveSibling("frames").resolve(name), frames.resolve(name));
    }
    for (String name : List.of("o.png", "o.gif", "o.preview.png")) {
      assertSame(whole.resolveSibling(name), target.resolveSibling(name));
    }
    assertEquals(timeless(whole), timeless(target));
  }

  /** Of all scales, at which a run said to go on. */
  private static int iterations(Cli.Run run) {
    Matcher place =
        Pattern.compile("scale (\\d+), iteration (\\d+) of").matcher(run.errLines().get(0));
    assertTrue(place.find(), run::toString);
    return Integer.parseInt(place.group(2)) + (place.group(1).equals("32") ? 0 : 4);
  }

  /** A report without what is another each time. */
  private static JsonObject timeless(Path picture) throws IOException {
    JsonObject report = Cli.json(picture.resolveSibling("o.run.json"));
    report.remove("command");
    for (JsonElement scale : report.getAsJsonArray("scales")) {
      assertTrue(scale.getAsJsonObject().remove("seconds").getAsDouble() > 0);
    }
    return report;
  }

  private static void assertSame(Path expected, Path file) throws IOException {
    assertEquals(-1, Files.mismatch(expected, file), file::toString);
  }

  @Test
  void aCheckpointOfAnotherRunIsRefusedWithWhatDiffers() throws Exception {
    stopped(EARLY, "--frames-every=1");
    String line =
        Cli.refused(ExitCode.USAGE, folder, command(target, "--seed=1", "--frames-every=1"));
    assertTrue(line.contains("o.checkpoint is of another run: seed was 0 and is 1;"), line);
    assertTrue(line.contains("--no-resume or --force"), line);

    ImageFile.write(Pictures.waves(64, 64, 8), exemplar);
    line = Cli.refused(ExitCode.USAGE, folder, command(target, "--frames-every=1"));
    assertTrue(line.contains(": exemplar differs;"), line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--no-resume", "--force"})
  void anotherRunStartsAnewWhereItIsToldTo(String flag) {
    stopped(EARLY);
    Cli.Run run = synth("--seed=1", flag).succeeded();
    assertFalse(run.err().contains("Going on"), run::toString);
    assertFalse(Files.exists(checkpoint));
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoint", "checkpoint.gif", "frame"})
  void whatIsDamagedCostsTheIterationsAndNotTheRun(String what) throws Exception {
    Object[] flags = {"--frames-every=1", "--gif"};
    stopped(LATE, flags);
    Path file =
        what.equals("frame") ? frames.resolve("o.0002.png") : target.resolveSibling("o." + what);
    if (what.equals("frame")) {
      Files.delete(file);
    } else {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 3] ^= 4;
      Files.write(file, bytes);
    }
    Cli.Run run = synth(flags).succeeded();
    String warning = "Warning: " + checkpoint + " cannot be used, ";
    assertTrue(run.errLines().get(0).startsWith(warning), run::toString);
    assertEquals(4 + 8 + 1, Cli.names(frames).size());
  }

  @Test
  void aFinishedRunEndsAtOnceAndForceMakesItAgain() throws Exception {
    Object[] flags = {"--frames-every=9"};
    synth(flags).succeeded();
    String hash = Cli.json(target.resolveSibling("o.run.json")).get("identity").getAsString();
    assertTrue(hash.matches("[0-9a-f]{64}"), hash);
    var written = Files.getLastModifiedTime(target);

    Cli.Run again = synth(flags).succeeded();
    assertTrue(again.err().contains(target + " is finished already; --force"), again::toString);
    assertEquals(written, Files.getLastModifiedTime(target));
    Cli.Run json = synth("--frames-every=9", "--json").succeeded();
    assertTrue(json.out().contains("\"identity\":\"" + hash + "\""), json::toString);
    assertTrue(json.out().contains("\"output\":"), json::toString);

    Cli.Run forced = synth("--frames-every=9", "--force").succeeded();
    assertTrue(forced.out().contains("wrote " + target), forced::toString);
  }

  @Test
  void aPictureThatIsNotAsReportedIsMadeAgain() throws Exception {
    synth().succeeded();
    byte[] whole = Files.readAllBytes(target);
    ImageFile.write(Pictures.waves(64, 64, 8), target);
    assertTrue(synth().succeeded().out().contains("wrote " + target));
    assertEquals(-1, Arrays.mismatch(whole, Files.readAllBytes(target)));

    Files.delete(target.resolveSibling("o.preview.png"));
    assertTrue(synth().succeeded().out().contains("wrote " + target));
    Files.writeString(target.resolveSibling("o.run.json"), "[".repeat(100_000));
    assertTrue(synth().succeeded().out().contains("wrote " + target));
  }

  @Test
  void whatAKilledRunLeftHiddenGoesWithTheNext() throws Exception {
    String dead = "." + Long.MAX_VALUE / 10 + "-0123456789abcdef.part";
    List<String> left =
        List.of(".o.png", ".o.gif", ".o.run.json", "frames/.o.0007.png", "frames/.o.12345.png");
    List<String> others = List.of(".o2.png", ".o.txt", "frames/.o2.0007.png", "frames/.o.png");
    Files.createDirectories(frames);
    for (String name : left) {
      Files.writeString(folder.resolve("out").resolve(name + dead), "half");
    }
    for (String name : others) {
      Files.writeString(folder.resolve("out").resolve(name + dead), "another's");
    }
    synth().succeeded();
    for (String name : left) {
      assertFalse(Files.exists(folder.resolve("out").resolve(name + dead)), name);
    }
    for (String name : others) {
      assertTrue(Files.exists(folder.resolve("out").resolve(name + dead)), name);
    }
  }

  @Test
  void aSecondRunForTheSameOutputIsToldSo() throws Exception {
    Files.createDirectories(target.getParent());
    try (LockFile held = LockFile.take(folder.resolve("out/o.checkpoint.lock")).orElseThrow()) {
      String line = Cli.refused(ExitCode.STOPPED, folder, command(target));
      assertTrue(line.contains("another run is making it now"), () -> line + held);
    }
    synth().succeeded();
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsALineAndTheRunGoesOn() throws Exception {
    Path obstacle = folder.resolve("out/.o.checkpoint.part/in the way");
    Cli.Run end =
        Cli.heard(
            said -> {
              if (said.startsWith("Backend ")) { // before the first checkpoint is due
                assertTrue(obstacle.toFile().mkdirs());
              }
            },
            command(target, "--checkpoint-every=0.001"));
    end.succeeded();
    long warnings =
        end.errLines().stream().filter(line -> line.contains("no checkpoint could be")).count();
    assertEquals(1, warnings, end::toString);
    assertTrue(Files.exists(target));
  }

  @Test
  void anIntervalMustBeOne() throws Exception {
    String line = Cli.refused(ExitCode.USAGE, folder, command(target, "--checkpoint-every=-1"));
    assertTrue(line.contains("--checkpoint-every must be from 0 to 1000000, got -1.0"), line);
  }
}
