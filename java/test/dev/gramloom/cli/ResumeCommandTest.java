package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.CompletableFuture;
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
  private static final String LONG = "--iterations=8,400";

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
    List<Object> words = new ArrayList<>(List.of("synth", exemplar, "-o", output, "--size=64"));
    if (!List.of(flags).contains(LONG)) {
      words.add("--iterations=8,30");
    }
    words.addAll(List.of(flags));
    return words.toArray();
  }

  private Cli.Run synth(Object... flags) {
    return Cli.run(command(target, flags));
  }

  /** Runs until so many frames are there, and stops it as a signal does. */
  private Cli.Run stopped(int atFrame, Object... flags) throws Exception {
    Cli.Run result = null;
    for (int i = 0; result == null || result.code() == 0 && i < 20; i++) { // it may end before
      deleteOutputs();
      CompletableFuture<Cli.Run> run = CompletableFuture.supplyAsync(() -> synth(flags));
      while (!run.isDone() && !Files.exists(frames.resolve("o.%04d.png".formatted(atFrame)))) {
        Thread.sleep(1);
      }
      StopSignal.request();
      result = run.get();
    }
    assertEquals(ExitCode.STOPPED.code(), result.code(), result::toString);
    assertEquals("", result.out());
    return result;
  }

  private void deleteOutputs() throws IOException {
    for (Path in : List.of(frames, target.getParent())) {
      if (Files.exists(in)) {
        for (String name : Cli.names(in)) {
          Files.delete(in.resolve(name));
        }
        Files.delete(in);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, lbfgs", "7, lbfgs", "12, lbfgs", "5, adam", "33, adam"})
  void aStoppedRunGoesOnToTheSameFiles(int at, String method) throws Exception {
    Object[] flags = {"--frames-every=1", "--gif", "--optimizer=" + method};
    Path whole = folder.resolve("whole/o.png");
    Cli.run(command(whole, flags)).succeeded();

    Cli.Run stopped = stopped(at, flags);
    assertTrue(stopped.err().contains("stopped; the same command goes on from " + checkpoint));
    assertEquals(
        List.of("frames", "o.checkpoint", "o.checkpoint.gif"), Cli.names(target.getParent()));
    int kept = Cli.names(frames).size();
    Path first = frames.resolve("o.0001.png");
    var written = Files.getLastModifiedTime(first);

    Cli.Run end = synth(flags).succeeded();
    assertTrue(end.errLines().get(0).startsWith("Going on from " + checkpoint), end::toString);
    assertTrue(kept >= at && written.equals(Files.getLastModifiedTime(first)));
    assertEquals(Cli.names(whole.getParent()), Cli.names(target.getParent()));
    assertEquals(Cli.names(whole.resolveSibling("frames")), Cli.names(frames));
    for (String name : Cli.names(frames)) {
      assertSame(whole.resolveSibling("frames").resolve(name), frames.resolve(name));
    }
    for (String name : List.of("o.png", "o.gif", "o.preview.png")) {
      assertSame(whole.resolveSibling(name), target.resolveSibling(name));
    }
    assertEquals(losses(whole), losses(target));
  }

  private static void assertSame(Path expected, Path file) throws IOException {
    assertEquals(-1, Files.mismatch(expected, file), file::toString);
  }

  private static List<String> losses(Path picture) throws IOException {
    List<String> curves = new ArrayList<>();
    Cli.json(picture.resolveSibling("o.run.json"))
        .getAsJsonArray("scales")
        .forEach(scale -> curves.add(scale.getAsJsonObject().get("losses").toString()));
    return curves;
  }

  @Test
  void aCheckpointOfAnotherRunIsRefusedWithWhatDiffers() throws Exception {
    stopped(3, "--frames-every=1");
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
  void anotherRunStartsAnewWhereItIsToldTo(String flag) throws Exception {
    stopped(3, "--frames-every=1");
    Cli.Run run = synth("--seed=1", flag).succeeded();
    assertFalse(run.err().contains("Going on"), run::toString);
    assertFalse(Files.exists(checkpoint));
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoint", "checkpoint.gif", "frame"})
  void whatIsDamagedCostsTheIterationsAndNotTheRun(String what) throws Exception {
    Object[] flags = {"--frames-every=1", "--gif"};
    stopped(5, flags);
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
    assertEquals(39, Cli.names(frames).size());
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
    Object[] flags = {LONG, "--frames-every=1", "--checkpoint-every=0.01"};
    CompletableFuture<Cli.Run> run = CompletableFuture.supplyAsync(() -> synth(flags));
    while (!run.isDone() && !Files.exists(frames.resolve("o.0002.png"))) {
      Thread.sleep(1);
    }
    Path obstacle = folder.resolve("out/.o.checkpoint.part/in the way");
    for (boolean made = false; !made; ) {
      try {
        Files.createDirectories(obstacle);
        made = true;
      } catch (IOException e) {
        Thread.yield(); // a checkpoint is being written
      }
    }
    Cli.Run end = run.get().succeeded();
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
