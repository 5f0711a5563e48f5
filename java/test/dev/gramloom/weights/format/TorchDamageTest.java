package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch's own files, damaged on their way: refused in one line, or read. */
class TorchDamageTest {
  @TempDir private Path folder;

  private static void readAll(Path path) {
    try (TorchFile file = new TorchFile(path)) {
      file.tensors().forEach(StoredTensor::read);
    }
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("weights"), bytes);
  }

  private void refused(byte[] bytes) throws IOException {
    Path path = write(bytes);
    Fixtures.assertRefused(path, () -> readAll(path));
  }

  @Test
  void aLegacyFileCutShortAnywhereIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file("float-legacy.torch"));
    int pickles = whole.length - 951 * 4 - 10 * 8;
    for (int length = 0; length < whole.length; length += length < pickles + 9 ? 1 : 97) {
      refused(Arrays.copyOf(whole, length));
    }
    refused(Arrays.copyOf(whole, whole.length - 1));
  }

  @Test
  void anArchiveCutShortAnywhereIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file("float-zip.torch"));
    for (int length = 0; length < whole.length; length += 97) {
      refused(Arrays.copyOf(whole, length));
    }
    refused(Arrays.copyOf(whole, whole.length - 1));
  }

  /** One changed byte may change a number, a name or a shape; it may not do anything else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "float-legacy.torch",
        "float-zip.torch",
        "bethge.torch",
        "views-legacy.torch",
        "views-zip.torch",
        "nested-zip.torch",
        "checkpoint-legacy.torch"
      })
  void changedBytesAreReadOrRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.file(name));
    Random random = new Random(name.hashCode());
    int refusals = 0;
    for (int i = 0; i < 800; i++) {
      byte[] bytes = whole.clone();
      int from = i % 2 == 0 ? 0 : bytes.length * 3 / 4; // where an archive has its directory
      for (int changes = 1 + i % 3; changes > 0; changes--) {
        bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt(256);
      }
      Path path = write(bytes);
      try {
        readAll(path);
      } catch (Failure e) {
        assertEquals(ExitCode.BAD_DATA, e.exitCode());
        assertTrue(e.getMessage().startsWith(path + ": "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        refusals++;
      }
    }
    assertTrue(refusals > 20, "refused " + refusals);
  }
}
