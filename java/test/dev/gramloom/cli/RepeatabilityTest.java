package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same command gives the same bytes. */
class RepeatabilityTest {
  @TempDir Path folder;
  private Path exemplar;
  private Path target;

  @BeforeEach
  void makeExemplar() throws IOException {
    exemplar = Cli.exemplar(folder);
    target = folder.resolve("o.png");
  }

  /** The picture's bytes. */
  private byte[] synth(String flags) throws IOException {
    String line = "synth %s -o %s --quiet --no-preview %s".formatted(exemplar, target, flags);
    Cli.run(Cli.words(line)).succeeded();
    return Files.readAllBytes(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--scales 32,64 --iterations 4,4",
        "--scales 33x47,65x93 --iterations 3,3 --tile none",
        "--size 48 --iterations 6 --optimizer adam --tv-weight 0.1",
        "--size 48 --iterations 4 --init exemplar --color free"
      })
  void anyNumberOfThreadsGivesTheSameBytes(String flags) throws IOException {
    byte[] one = synth(flags + " --threads 1");
    assertArrayEquals(one, synth(flags + " --threads 2"));
    assertArrayEquals(one, synth(flags + " --threads 1"), "on a repeat");
  }

  @Test
  void watchingDoesNotChangeThePicture() throws IOException {
    byte[] alone = synth("--size 48 --iterations 4");
    assertArrayEquals(alone, synth("--size 48 --iterations 4 --gif --frames-every 1"));
  }

  @Test
  void anotherSeedIsAnotherTexture() throws IOException {
    byte[] zero = synth("--size 48 --iterations 3");
    assertArrayEquals(zero, synth("--size 48 --iterations 3 --seed 0"), "0 is the default");
    assertFalse(Arrays.equals(zero, synth("--size 48 --iterations 3 --seed 1")));
    assertFalse(Arrays.equals(zero, synth("--size 48 --iterations 3 --seed -1")));
  }

  @Test
  void theReportsCommandGivesThePictureAgain() throws IOException {
    byte[] first = synth("--scales 32,48 --iterations 2,2 --seed 7 --tile y --exemplar-scale .7");
    JsonArray command = Cli.json(folder.resolve("o.run.json")).getAsJsonArray("command");
    Files.delete(target);

    assertEquals("gramloom", command.remove(0).getAsString());
    Object[] words =
        StreamSupport.stream(command.spliterator(), false).map(w -> w.getAsString()).toArray();
    assertEquals("synth", words[0]);
    Cli.run(words).succeeded();
    assertArrayEquals(first, Files.readAllBytes(target));
  }

  @Test
  void aMaskChangesThePictureAndIsReported() throws IOException {
    byte[] whole = synth("--size 48 --iterations 2");
    Path mask = folder.resolve("mask.png");
    Image white = Pictures.plain(64, 64, 1, 1, 1);
    for (int i = 0; i < 32 * 64; i++) { // the upper half
      white.rgb()[i] = white.rgb()[i + 64 * 64] = white.rgb()[i + 2 * 64 * 64] = 0;
    }
    ImageFile.write(white, mask);

    assertFalse(Arrays.equals(whole, synth("--size 48 --iterations 2 --mask " + mask)));
    JsonObject report = Cli.json(folder.resolve("o.run.json"));
    assertTrue(report.getAsJsonObject("exemplar").get("masked").getAsBoolean());
  }
}
