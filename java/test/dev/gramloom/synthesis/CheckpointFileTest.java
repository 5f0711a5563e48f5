package dev.gramloom.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.optimize.OptimizerState;
import dev.gramloom.synthesis.Checkpoint.Leg;
import dev.gramloom.synthesis.CheckpointFile.Content;
import dev.gramloom.synthesis.CheckpointFile.DamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint is read whole or not at all, wherever it comes from. */
class CheckpointFileTest {
  private static final Identity IDENTITY =
      new Identity(Map.of("seed", "7")).with("name", "a b\u00e9");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("a.checkpoint");
    CheckpointFile.write(file, IDENTITY, checkpoint());
  }

  private static float[] vector(int seed) {
    float[] values = new float[20_000]; // more than a chunk
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt() & 0x7F7F_FFFF);
    }
    values[0] = -0f;
    return values;
  }

  private static Checkpoint checkpoint() {
    OptimizerState state =
        new OptimizerState(2, new double[] {0.1, -3e200}, List.of(vector(1), vector(2)));
    Leg first = new Leg(5, 6, new double[] {3, 2, 1.0 / 3}, 4.5);
    return new Checkpoint(List.of(first, new Leg(7, 8, new double[0], 0)), true, state);
  }

  private DamagedException refused() {
    return assertThrows(DamagedException.class, () -> CheckpointFile.read(file));
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    Content content = CheckpointFile.read(file);
    assertEquals(IDENTITY, content.identity());
    Checkpoint expected = checkpoint();
    Checkpoint read = content.checkpoint();
    assertTrue(read.over());
    assertEquals(3, read.iterations());
    assertEquals(1, read.leg());
    for (int i = 0; i < 2; i++) {
      Leg leg = expected.legs().get(i);
      assertArrayEquals(leg.losses(), read.legs().get(i).losses());
      assertEquals(leg.exemplarWidth(), read.legs().get(i).exemplarWidth());
      assertEquals(leg.exemplarHeight(), read.legs().get(i).exemplarHeight());
      assertEquals(leg.seconds(), read.legs().get(i).seconds());
      assertArrayEquals(expected.state().vectors().get(i), read.state().vectors().get(i));
    }
    assertEquals(2, read.state().iteration());
    assertArrayEquals(expected.state().scalars(), read.state().scalars());
  }

  @Test
  void aShorterFileIsRefusedWhereverItEnds() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += length < 300 ? 1 : 997) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertEquals("its checksum is wrong", refused().getMessage());
    }
  }

  @Test
  void aBitThatIsNotAsItWasIsSeen() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = 0; i < 600; i++) {
      byte[] bytes = whole.clone();
      int at = i < 300 ? i : random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
      assertEquals("its checksum is wrong", refused().getMessage());
    }
  }

  /** Every four bytes of the head in turn say that much, under a checksum that is right. */
  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0x00FF_FFFF, 0x7F00_0001})
  void noSizeIsBelievedThatTheFileDoesNotHave(int size) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int head = whole.length - 2 * 4 * 20_000 - CheckpointFile.SUM_BYTES;
    int refused = 0;
    for (int at = 0; at + Integer.BYTES <= head; at++) {
      byte[] bytes = whole.clone();
      ByteBuffer.wrap(bytes).putInt(at, size);
      Files.write(file, summed(bytes));
      try {
        Checkpoint read = CheckpointFile.read(file).checkpoint();
        assertEquals(20_000, read.state().vectors().get(1).length); // no size was hit
      } catch (DamagedException e) {
        refused++;
      }
    }
    assertTrue(refused > 30, refused + " refused");
  }

  private static byte[] summed(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length - CheckpointFile.SUM_BYTES);
    ByteBuffer.wrap(bytes).putLong(bytes.length - CheckpointFile.SUM_BYTES, sum.getValue());
    return bytes;
  }

  @Test
  void anotherFormatAndAnotherFileAreTold() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] newer = whole.clone();
    ByteBuffer.wrap(newer).putInt(Long.BYTES, CheckpointFile.FORMAT + 1);
    Files.write(file, summed(newer));
    assertEquals("its format is 2, not 1", refused().getMessage());

    Files.write(file, summed(new byte[500]));
    assertEquals("it is not a checkpoint", refused().getMessage());
  }

  @Test
  void foldersAndLinksAreNotFollowed() throws IOException {
    Path other = folder.resolve("other");
    Files.move(file, other);
    Files.createSymbolicLink(file, other);
    assertEquals("it is not a file", refused().getMessage());

    byte[] before = Files.readAllBytes(other);
    CheckpointFile.write(file, new Identity(Map.of()), checkpoint());
    assertFalse(Files.isSymbolicLink(file));
    assertArrayEquals(before, Files.readAllBytes(other));
  }

  @Test
  void whatAKilledWriterLeftIsWrittenOver() throws IOException {
    Path part = folder.resolve(".a.checkpoint.part");
    Files.writeString(part, "half of it");
    CheckpointFile.write(file, IDENTITY, checkpoint());
    assertFalse(Files.exists(part));
  }
}
