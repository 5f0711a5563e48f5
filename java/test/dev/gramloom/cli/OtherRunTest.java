package dev.gramloom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.synthesis.Checkpoint;
import dev.gramloom.synthesis.CheckpointFile;
import dev.gramloom.synthesis.Identity;
import dev.gramloom.weights.VggFiles;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint that another run left is refused with what differs, and never gone on from. */
class OtherRunTest {
  @TempDir Path folder;
  private Path exemplar;
  private Path checkpoint;
  private Path weights;

  @BeforeEach
  void leaveACheckpoint() throws Exception {
    exemplar = Cli.exemplar(folder);
    checkpoint = folder.resolve("o.checkpoint");
    weights = VggFiles.small().write(folder);
    Cli.Run run =
        Cli.heard(
            said -> {
              if (said.startsWith("Progress: ")) {
                StopSignal.request();
              }
            },
            command());
    assertEquals(ExitCode.STOPPED.code(), run.code(), run::toString);
  }

  private Object[] command(Object... flags) {
    List<Object> words = new ArrayList<>(List.of("synth", exemplar, "-o", folder.resolve("o.png")));
    words.addAll(List.of("--scales=32", "--iterations=3", "--threads=1"));
    words.addAll(List.of(flags));
    return words.toArray();
  }

  private void assertRefused(String difference, Object... flags) throws Exception {
    byte[] before = Files.readAllBytes(checkpoint);
    String line = Cli.refused(ExitCode.USAGE, folder, command(flags));
    assertTrue(line.contains("o.checkpoint is of another run: "), line);
    assertTrue(line.contains(difference), line);
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(checkpoint)));
  }

  @ParameterizedTest
  @CsvSource({
    "--seed=1, seed was 0 and is 1",
    "--tile=x, tiling was BOTH and is X",
    "--optimizer=adam, method was LBFGS and is ADAM",
    "--tv-weight=0.5, tvWeight was 0.0 and is 0.5",
    "--gif, gif was false and is true",
    "--frames-every=2, frames_every was null and is 2",
    "--backend=reference, backend was cpu on "
  })
  void anotherSettingIsTold(String flag, String difference) throws Exception {
    assertRefused(difference, flag);
  }

  @Test
  void anotherNetworkIsTold() throws Exception {
    assertRefused("network", "--network=" + weights, "--layers=conv1_1,conv2_1");
  }

  @Test
  void otherPixelsAndOtherBytesAreTold() throws Exception {
    Path text = Files.write(folder.resolve("copy.png"), Files.readAllBytes(exemplar));
    ImageFile.write(Pictures.waves(64, 64, 9), exemplar);
    assertRefused("exemplar differs");
    Files.copy(text, exemplar, StandardCopyOption.REPLACE_EXISTING);
    Cli.run(command()).succeeded(); // the name and the date do not count
  }

  /** As an earlier version would have left it. */
  @Test
  void anotherVersionIsTold() throws Exception {
    CheckpointFile.Content content = CheckpointFile.read(checkpoint);
    Map<String, String> parts = new LinkedHashMap<>(content.identity().parts());
    String now = parts.put("version", "0.0.1");
    rewrite(new Identity(parts), content.checkpoint().state());
    assertRefused("version was 0.0.1 and is " + now);
  }

  /** A state that says of itself to be this run's, but cannot be. */
  @Test
  void aForgedStateIsNotGoneOnFrom() throws Exception {
    CheckpointFile.Content content = CheckpointFile.read(checkpoint);
    List<float[]> vectors = new ArrayList<>(content.checkpoint().state().vectors());
    vectors.add(new float[3 * 32 * 32]);
    OptimizerState forged = new OptimizerState(1, new double[] {1, 2, 3}, vectors);
    rewrite(content.identity(), forged);
    Cli.Run run = Cli.run(command()).succeeded();
    String warning = checkpoint + " cannot be used, this run never stood there; starting anew";
    assertTrue(run.err().contains(warning), run::err);
  }

  @Test
  void aForgedPictureIsALineThatNamesTheFile() throws Exception {
    CheckpointFile.Content content = CheckpointFile.read(checkpoint);
    float[] picture = new float[3 * 32 * 32];
    picture[5] = Float.NaN;
    rewrite(content.identity(), new OptimizerState(0, new double[0], List.of(picture)));
    String line = Cli.refused(ExitCode.BAD_DATA, folder, command());
    assertTrue(line.contains("o.checkpoint: it holds numbers that are none"), line);
    Cli.run(command("--no-resume")).succeeded();
  }

  /** A terabyte of nothing: it would take minutes to find that its checksum is wrong. */
  @Test
  void aCheckpointLargerThanTheRunIsNotReadThrough() throws Exception {
    byte[] whole = Files.readAllBytes(checkpoint);
    grow(1L << 40);
    assertRefusedUnread("--seed=1");
    Cli.Run run = Cli.run(command()).succeeded();
    String warning = checkpoint + " cannot be used, it is larger than any of this run";
    assertTrue(run.err().contains(warning), run::err);

    Files.write(checkpoint, new byte[whole.length]);
    grow(1L << 40);
    Files.delete(folder.resolve("o.png"));
    run = Cli.run(command()).succeeded();
    assertTrue(run.err().contains("cannot be used, it is not a checkpoint"), run::err);
  }

  private void grow(long size) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(checkpoint.toFile(), "rw")) {
      file.setLength(size);
    }
  }

  private void assertRefusedUnread(String flag) throws Exception {
    String line = Cli.refused(ExitCode.USAGE, folder, command(flag));
    assertTrue(line.contains("o.checkpoint is of another run: "), line);
  }

  private void rewrite(Identity identity, OptimizerState state) throws Exception {
    Checkpoint before = CheckpointFile.read(checkpoint).checkpoint();
    List<float[]> vectors = List.copyOf(state.vectors()); // the file is about to be replaced
    OptimizerState read = new OptimizerState(state.iteration(), state.scalars(), vectors);
    Checkpoint after = new Checkpoint(before.legs(), before.over(), read, before.seen());
    CheckpointFile.write(checkpoint, identity, after);
  }
}
