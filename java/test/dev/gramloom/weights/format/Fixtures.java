package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.function.Executable;

/** A small VGG that other tools wrote as files, and what must come out of them. */
public final class Fixtures {
  /** Its convolutions: name to outputs and inputs. */
  public static final Map<String, int[]> CONVOLUTIONS = new LinkedHashMap<>();

  static {
    CONVOLUTIONS.put("conv1_1", new int[] {4, 3});
    CONVOLUTIONS.put("conv1_2", new int[] {4, 4});
    CONVOLUTIONS.put("conv2_1", new int[] {5, 4});
    CONVOLUTIONS.put("conv2_2", new int[] {5, 5});
    CONVOLUTIONS.put("conv3_1", new int[] {6, 5});
  }

  private Fixtures() {}

  /**
   * The numbers of an array of this name: every value fits float16, so no type changes one. The
   * generators of the files, make_*.py, hold the same formula.
   */
  public static float[] values(String name, int count) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.US_ASCII));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (crc.getValue() + i * 40503L & 4095) / 1024f - 2;
    }
    return values;
  }

  /** The kernel of a convolution, [K][C][3][3]. */
  public static float[] weight(String convolution) {
    int[] channels = CONVOLUTIONS.get(convolution);
    return values(convolution + ".weight", channels[0] * channels[1] * 9);
  }

  /** The bias of a convolution, [K]. */
  public static float[] bias(String convolution) {
    return values(convolution + ".bias", CONVOLUTIONS.get(convolution)[0]);
  }

  /** A file that lies beside this class. */
  public static Path file(String name) {
    return Path.of("java", "test", "dev", "gramloom", "weights", "format", name);
  }

  /** The array of this name. */
  static StoredTensor find(TensorFile file, String name) {
    return file.tensors().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  /** Name, shape and every bit of an array. */
  static void assertHolds(TensorFile file, String name, float[] expected, int... shape) {
    StoredTensor tensor = find(file, name);
    assertArrayEquals(shape, tensor.shape(), name);
    assertArrayEquals(expected, tensor.read(), name);
  }

  /** The whole network with its kernels [K][C][3][3] under names ending in .weight and .bias. */
  static void assertHoldsTheNetwork(TensorFile file, List<String> names) {
    int i = 0;
    for (Map.Entry<String, int[]> entry : CONVOLUTIONS.entrySet()) {
      String name = names.get(i++);
      int[] channels = entry.getValue();
      float[] weight = weight(entry.getKey());
      assertHolds(file, name + ".weight", weight, channels[0], channels[1], 3, 3);
      assertHolds(file, name + ".bias", bias(entry.getKey()), channels[0]);
    }
  }

  /** Refused as bad data with one line that begins with the file's name. */
  public static Failure assertRefused(Path path, Executable action) {
    Failure failure = assertThrows(Failure.class, action);
    assertEquals(ExitCode.BAD_DATA, failure.exitCode(), failure.getMessage());
    assertTrue(failure.getMessage().startsWith(path + ": "), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
    return failure;
  }
}
