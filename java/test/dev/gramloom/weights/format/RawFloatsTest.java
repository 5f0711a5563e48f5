package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The length of a file of bare numbers says which convolutions of which VGG they are. */
class RawFloatsTest {
  /** Numbers of conv1_1 and conv1_2. */
  private static final int TWO = 64 * 3 * 9 + 64 + 64 * 64 * 9 + 64;

  @TempDir private Path folder;

  private static float[] random(int count) {
    Random random = new Random(5);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private Path write(float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Files.write(folder.resolve("vgg.bin"), bytes.array());
  }

  /** A file of zeros, of which file systems store little. */
  private Path zeros(long bytes) throws IOException {
    Path path = folder.resolve("zeros.bin");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
    }
    return path;
  }

  @Test
  void readsKernelAndBiasLayerAfterLayer() throws IOException {
    float[] values = random(TWO);
    RawFloats file = new RawFloats(write(values));
    int kernel = 64 * 3 * 9;
    Fixtures.assertHolds(
        file, "conv1_1.weight", Arrays.copyOfRange(values, 0, kernel), 64, 3, 3, 3);
    Fixtures.assertHolds(file, "conv1_1.bias", Arrays.copyOfRange(values, kernel, kernel + 64), 64);
    Fixtures.assertHolds(
        file, "conv1_2.weight", Arrays.copyOfRange(values, kernel + 64, TWO - 64), 64, 64, 3, 3);
    Fixtures.assertHolds(file, "conv1_2.bias", Arrays.copyOfRange(values, TWO - 64, TWO), 64);
    assertEquals(4, file.tensors().size());
  }

  @ParameterizedTest
  @CsvSource({
    "14714688, conv5_3, 13", // the convolutions of VGG-16
    "20024384, conv5_4, 16", // and of VGG-19
    "138357544, conv5_3, 13", // whole networks
    "143667240, conv5_4, 16",
    "1792, conv1_1, 1",
    "260160, conv2_2, 4",
    "1145408, conv3_2, 6", // up to conv3_3 the two are alike
    "1735488, conv3_3, 7",
    "2915648, conv4_1, 8", // without conv3_4, so of VGG-16
    "2325568, conv3_4, 8",
    "3505728, conv4_1, 9"
  })
  void theLengthSaysWhichConvolutions(long numbers, String last, int convolutions)
      throws IOException {
    RawFloats file = new RawFloats(zeros(numbers * Float.BYTES));
    assertEquals(2 * convolutions, file.tensors().size());
    assertEquals(last + ".bias", file.tensors().get(2 * convolutions - 1).name());
    StoredTensor bias = Fixtures.find(file, last + ".bias");
    assertArrayEquals(new float[bias.shape()[0]], bias.read());
    assertTrue(RawFloats.fits(numbers * Float.BYTES));
  }

  @Test
  void everyPrefixOfEitherNetworkFits() {
    List<Integer> channels16 = List.of(64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512);
    List<Integer> channels19 =
        List.of(64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512, 512, 512);
    for (List<Integer> channels : List.of(channels16, channels19)) {
      long numbers = 0;
      int inputs = 3;
      for (int outputs : channels) {
        numbers += outputs * inputs * 9L + outputs;
        assertTrue(RawFloats.fits(4 * numbers));
        assertFalse(RawFloats.fits(4 * (numbers - outputs)), "without its bias");
        inputs = outputs;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 7167, 7169, 7172, 80_097_532, 80_097_540, 574_668_961, 1L << 40})
  void otherLengthsAreBadData(long bytes) throws IOException {
    assertFalse(RawFloats.fits(bytes));
    if (bytes < 1 << 20) {
      Path path = zeros(bytes);
      Fixtures.assertRefused(path, () -> new RawFloats(path));
    }
  }

  @Test
  void aLengthThatIsNoneIsNone() {
    assertFalse(RawFloats.fits(-7168));
    assertFalse(RawFloats.fits(Long.MIN_VALUE));
    assertFalse(RawFloats.fits(Long.MAX_VALUE));
    assertFalse(RawFloats.fits(7168 + (1L << 32)));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void bytesThatAreNoFiniteNumbersAreNoWeights(float value) throws IOException {
    float[] values = random(TWO);
    values[64 * 3 * 9 + 7] = value;
    Path path = write(values);
    RawFloats file = new RawFloats(path);
    assertEquals(64 * 3 * 9, Fixtures.find(file, "conv1_1.weight").read().length);
    Fixtures.assertRefused(path, Fixtures.find(file, "conv1_1.bias")::read);
  }

  @Test
  void aFileOfNoiseIsNoWeights() throws IOException {
    byte[] noise = new byte[TWO * Float.BYTES];
    new Random(9).nextBytes(noise);
    Path path = Files.write(folder.resolve("noise.bin"), noise);
    RawFloats file = new RawFloats(path);
    for (String name : List.of("conv1_1.weight", "conv1_2.weight")) {
      Fixtures.assertRefused(path, Fixtures.find(file, name)::read);
    }
  }

  @Test
  void aFileCutAfterOpeningIsRefused() throws IOException {
    Path path = write(random(TWO));
    RawFloats file = new RawFloats(path);
    Files.write(path, new byte[TWO * Float.BYTES - 1]);
    Fixtures.assertRefused(path, Fixtures.find(file, "conv1_2.bias")::read);
    Files.delete(path);
    Fixtures.assertRefused(path, Fixtures.find(file, "conv1_1.weight")::read);
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    Failure failure = assertThrows(Failure.class, () -> new RawFloats(folder.resolve("none.bin")));
    assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
    assertEquals(1, failure.getMessage().lines().count());
  }
}
