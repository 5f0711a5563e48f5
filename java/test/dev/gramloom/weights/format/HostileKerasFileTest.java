package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HDF5 that is broken or malicious is refused in one line, soon, and with little memory. */
class HostileKerasFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"loop_earliest.keras", "loop_latest.keras"})
  void linksInCirclesOrOutOfTheFileAreNotFollowed(String file) {
    KerasFileTest.with(
        file,
        keras -> {
          assertEquals(1, keras.tensors().size());
          assertArrayEquals(Fixtures.values("kernel", 4), keras.tensors().get(0).read());
        });
  }

  @Test
  void groupsNestedDeepAreRefused() {
    Path path = Fixtures.file("deep.keras");
    Fixtures.assertRefused(path, () -> new KerasFile(path).close());
  }

  @Test
  void aTreeThatIsItsOwnBranchIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.file("keras1.keras"));
    int tree = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("TREE");
    bytes[tree + 5] = 1; // a level above the leaves
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(tree + 32, tree); // first branch
    Path path = Files.write(folder.resolve("weights.h5"), bytes);
    Failure failure = Fixtures.assertRefused(path, () -> new KerasFile(path).close());
    assertTrue(failure.getMessage().endsWith("its tables go in circles"), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "never_written, array of 1099511627776 numbers",
    "large, 16777216 numbers in a file of",
    "large_chunk, '1 chunks of [268435456] numbers'",
    "small_chunks, '1048576 chunks of [1, 1] numbers'",
    "partly, parts of it were never written",
    "bomb, a chunk that unpacks to more than its 64 bytes",
    "short, a chunk that ends early",
    "lzf, packed with filter 32000",
  })
  void anArrayThatIsNotThereIsRefusedWhenRead(String name, String why) {
    Path path = Fixtures.file("huge.keras");
    KerasFileTest.with(
        "huge.keras",
        keras -> {
          StoredTensor tensor = Fixtures.find(keras, name);
          Failure failure =
              assertTimeoutPreemptively(
                  Duration.ofSeconds(2), () -> Fixtures.assertRefused(path, tensor::read));
          assertTrue(failure.getMessage().contains(name), failure.getMessage());
          assertTrue(failure.getMessage().contains(why), failure.getMessage());
        });
  }

  /** The file changed by someone; opened and read whole or refused, and soon. */
  private boolean survives(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("weights.h5"), bytes);
    return assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> {
          try (KerasFile keras = new KerasFile(path)) {
            keras.tensors().forEach(StoredTensor::read);
            return true;
          } catch (Failure e) {
            Fixtures.assertRefused(
                path,
                () -> {
                  throw e;
                });
            return false;
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras1.keras", "packed_latest.keras"})
  void aFileCutShortAnywhereIsBadData(String file) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file(file));
    assertTrue(survives(whole));
    for (int length = 0; length < whole.length; length += 61) {
      assertFalse(survives(Arrays.copyOf(whole, length)), "cut at " + length);
    }
    assertFalse(survives(Arrays.copyOf(whole, whole.length - 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"keras1.keras", "packed.keras", "packed_latest.keras", "loop_earliest.keras"})
  void bytesChangedAnywhereAreReadOrRefused(String file) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file(file));
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] changed = whole.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        changed[random.nextInt(whole.length)] =
            (byte) (random.nextBoolean() ? -1 : random.nextInt());
      }
      refused += survives(changed) ? 0 : 1;
    }
    assertTrue(refused > 0 && refused < 500, refused + " refused");
  }

  /** Numbers that lie: each eight bytes in turn become an address or a length. */
  @Test
  void addressesThatLieAreReadOrRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file("loop_earliest.keras"));
    long[] lies = {0, 96, -1, 1L << 31, Long.MAX_VALUE, whole.length - 1};
    for (int at = 8; at + 8 <= whole.length; at += 8) {
      long was = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
      if (was != 0) {
        byte[] changed = whole.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(at, lies[at / 8 % 6]);
        survives(changed);
      }
    }
  }
}
