package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/**
 * What happens to files on their way. Reading a damaged one must go well or be refused as bad data
 * in one line; any other exception or error is the reader's fault.
 */
final class Damage {
  private Damage() {}

  /** Cuts the file at every byte. */
  static void cutAnywhere(byte[] whole, Path path, Function<Path, TensorFile> opening)
      throws IOException {
    for (int length = 0; length < whole.length; length++) {
      replace(path, Arrays.copyOf(whole, length));
      isTakenOrRefused(path, opening, "cut to " + length + " bytes");
    }
  }

  /** Puts other bytes at one to four places, so many times. */
  static void bytesChanged(byte[] whole, Path path, Function<Path, TensorFile> opening, int times)
      throws IOException {
    Random random = new Random(3);
    for (int time = 0; time < times; time++) {
      byte[] bytes = whole.clone();
      StringBuilder story = new StringBuilder("changed");
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : random.nextInt());
        story.append(" byte ").append(at).append(" to ").append(bytes[at]);
      }
      replace(path, bytes);
      isTakenOrRefused(path, opening, story.toString());
    }
  }

  /** A new file: some systems bring one that is overwritten to the disk at once, which is slow. */
  static void replace(Path path, byte[] bytes) throws IOException {
    Files.deleteIfExists(path);
    Files.write(path, bytes);
  }

  /** Opens a file and reads all of it; whether that went well. */
  static boolean isTakenOrRefused(Path path, Function<Path, TensorFile> opening, String story) {
    try (TensorFile file = opening.apply(path)) {
      file.tensors().forEach(StoredTensor::read);
      return true;
    } catch (Failure failure) {
      assertEquals(ExitCode.BAD_DATA, failure.exitCode(), story + ": " + failure.getMessage());
      assertEquals(1, failure.getMessage().lines().count(), story);
      assertTrue(failure.getMessage().startsWith(path + ": "), story);
      return false;
    } catch (Throwable error) { // StackOverflowError and OutOfMemoryError too
      return fail(story, error);
    }
  }
}
