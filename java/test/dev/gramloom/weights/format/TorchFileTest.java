package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What PyTorch wrote comes out to the bit. make_torch_fixtures.py wrote the files, with PyTorch.
 */
class TorchFileTest {
  private static final List<String> FEATURES =
      List.of("features.0", "features.2", "features.5", "features.7", "features.10");
  private static final float[] NUMBERS = {1, -2.5f, 3e38f, Float.MIN_VALUE, -0f, 7};

  @TempDir private Path folder;

  private static float[] slice(float[] values, int from, int count) {
    return Arrays.copyOfRange(values, from, from + count);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("weights"), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"float", "double", "half", "checkpoint"})
  void stateDictsOfModulesComeOutWhole(String name) {
    for (String format : List.of("-legacy.torch", "-zip.torch")) {
      try (TorchFile file = new TorchFile(Fixtures.file(name + format))) {
        Fixtures.assertHoldsTheNetwork(file, FEATURES);
        assertEquals(10, file.tensors().size());
        assertEquals("features.0.weight", file.tensors().get(0).name());
        assertEquals("features.10.bias", file.tensors().get(9).name());
        assertTrue(file.format().startsWith("PyTorch"), file.format());
        assertTrue(file.metadata().isEmpty());
      }
    }
  }

  /** Brain floats hold 8 bits of the 12 that the values have; PyTorch rounds to even. */
  @ParameterizedTest
  @ValueSource(strings = {"bfloat16-legacy.torch", "bfloat16-zip.torch"})
  void brainFloatsComeOutAsTheyWereRounded(String name) {
    try (TorchFile file = new TorchFile(Fixtures.file(name))) {
      float[] expected = Fixtures.weight("conv3_1");
      for (int i = 0; i < expected.length; i++) {
        int bits = Float.floatToIntBits(expected[i]);
        expected[i] = Float.intBitsToFloat(bits + 0x7fff + (bits >> 16 & 1) & 0xffff0000);
      }
      Fixtures.assertHolds(file, "features.10.weight", expected, 6, 5, 3, 3);
    }
  }

  /** Bethge's vgg_conv.pth: float64, Python 2's texts and ordered dictionary, the first rebuild. */
  @Test
  void aFileInTheMannerOfPython2ComesOutWhole() {
    TorchFile file = new TorchFile(Fixtures.file("bethge.torch"));
    Fixtures.assertHoldsTheNetwork(file, List.copyOf(Fixtures.CONVOLUTIONS.keySet()));
    assertEquals("conv1_1.weight", file.tensors().get(0).name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"views-legacy.torch", "views-zip.torch"})
  void viewsOfASharedStorageComeOutInTheirOwnOrder(String name) {
    float[] base = Fixtures.values("views", 200);
    try (TorchFile file = new TorchFile(Fixtures.file(name))) {
      Fixtures.assertHolds(file, "whole", base, 200);
      Fixtures.assertHolds(file, "tail", slice(base, 50, 60), 4, 5, 3);
      Fixtures.assertHolds(file, "parameter", slice(base, 100, 6), 2, 3);
      Fixtures.assertHolds(file, "scalar", slice(base, 9, 1));
      Fixtures.assertHolds(file, "empty", new float[0], 0);
      float[] transposed = new float[40];
      float[] permuted = new float[60];
      float[] strided = new float[67];
      for (int i = 0; i < 60; i++) {
        permuted[i] = base[20 + i / 12 + i % 12 / 4 * 20 + i % 4 * 5]; // [5][3][4] of [3][4][5]
      }
      for (int i = 0; i < 40; i++) {
        transposed[i] = base[110 + i / 8 + i % 8 * 5];
      }
      for (int i = 0; i < strided.length; i++) {
        strided[i] = base[1 + 3 * i];
      }
      Fixtures.assertHolds(file, "transposed", transposed, 5, 8);
      Fixtures.assertHolds(file, "permuted", permuted, 5, 3, 4);
      Fixtures.assertHolds(file, "strided", strided, 67);
      float a = base[7];
      float b = base[8];
      Fixtures.assertHolds(file, "expanded", new float[] {a, a, a, b, b, b}, 2, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"views-legacy.torch", "views-zip.torch"})
  void arraysOfWholeNumbersAreNotOffered(String name) {
    try (TorchFile file = new TorchFile(Fixtures.file(name))) {
      assertEquals(9, file.tensors().size());
      assertTrue(file.tensors().stream().noneMatch(t -> t.name().matches("counts|flags")));
    }
  }

  /** The zip one is of protocol 4, with frames and names on the stack. */
  @ParameterizedTest
  @ValueSource(strings = {"nested-legacy.torch", "nested-zip.torch"})
  void namesOfNestedDictionariesAreJoined(String name) {
    try (TorchFile file = new TorchFile(Fixtures.file(name))) {
      Fixtures.assertHolds(file, "encoder.first.weight", Fixtures.values("nested", 6), 2, 3);
      Fixtures.assertHolds(file, "bias", Fixtures.values("bias", 3), 3);
      assertEquals(2, file.tensors().size());
    }
  }

  @Test
  void onlyTheLegacyMagicNumberIsLegacy() throws IOException {
    for (String name : List.of("bethge.torch", "half-legacy.torch", "half-zip.torch")) {
      byte[] head = Arrays.copyOf(Files.readAllBytes(Fixtures.file(name)), 16);
      assertEquals(!name.contains("zip"), TorchFile.isLegacy(head), name);
      head[7]++;
      assertFalse(TorchFile.isLegacy(head));
      assertFalse(TorchFile.isLegacy(Arrays.copyOf(head, 14)));
    }
    assertFalse(TorchFile.isLegacy(new byte[0]));
  }

  @Test
  void archivesOfBigEndianMachinesAreReadAsSuch() {
    byte[] big = new byte[24];
    ByteBuffer.wrap(big).asFloatBuffer().put(NUMBERS);
    byte[] pickle = TorchPickle.one(6, 0, new long[] {2, 3}, new long[] {3, 1});
    Map<String, byte[]> entries =
        Map.of("a/data.pkl", pickle, "a/data/0", big, "a/byteorder", "big".getBytes());
    try (TorchFile file = new TorchFile(TorchPickle.zip(folder.resolve("big"), entries))) {
      Fixtures.assertHolds(file, "first", NUMBERS, 2, 3);
    }
  }

  /**
   * PyTorch wrote numbers little-endian everywhere, and once the counts as the machine has them.
   */
  @Test
  void legacyFilesOfBigEndianMachinesHoldLittleEndianNumbers() throws IOException {
    byte[] pickle = TorchPickle.oneLegacy(6, 0, new long[] {2, 3}, new long[] {3, 1});
    byte[] numbers = TorchPickle.floats(NUMBERS);
    for (long count : new long[] {6, Long.reverseBytes(6)}) {
      byte[] tail = TorchPickle.counted(count, numbers);
      TorchFile file = new TorchFile(write(TorchPickle.legacy(false, pickle, tail)));
      Fixtures.assertHolds(file, "first", NUMBERS, 2, 3);
    }
    byte[] tail = TorchPickle.counted(Long.reverseBytes(6), numbers);
    Path path = write(TorchPickle.legacy(true, pickle, tail));
    Fixtures.assertRefused(path, () -> new TorchFile(path));
  }

  /** Before version 0.4 a storage could be a part of another. */
  @Test
  void partsOfLegacyStoragesBeginWhereTheySay() throws IOException {
    byte[] pickle = TorchPickle.oneLegacy(6, 1, new long[] {2}, new long[] {1}, 2, 4);
    byte[] tail = TorchPickle.counted(6, TorchPickle.floats(NUMBERS));
    TorchFile file = new TorchFile(write(TorchPickle.legacy(true, pickle, tail)));
    Fixtures.assertHolds(file, "first", slice(NUMBERS, 3, 2), 2);
  }

  /** More than is unpacked at once, and an offset into it. */
  @Test
  void largeArraysOfDeflatedArchivesComeInPieces() {
    int count = (1 << 22) + 5;
    float[] values = Fixtures.values("large", count + 3);
    Random random = new Random(1);
    for (int i = 0; i < count / 8; i++) {
      values[i] = random.nextFloat(); // what packs too well is not read
    }
    byte[] pickle = TorchPickle.one(count + 3, 3, new long[] {count}, new long[] {1});
    Map<String, byte[]> entries =
        Map.of("a/data.pkl", pickle, "a/data/0", TorchPickle.floats(values));
    try (TorchFile file = new TorchFile(TorchPickle.zip(folder.resolve("large"), entries))) {
      Fixtures.assertHolds(file, "first", slice(values, 3, count), count);
    }
  }

  @Test
  void theStrideOfADimensionOfOneIsIdle() throws IOException {
    long far = Long.MAX_VALUE;
    byte[] pickle =
        TorchPickle.oneLegacy(6, 0, new long[] {1, 2, 1, 3}, new long[] {far, 1, far, 2});
    byte[] tail = TorchPickle.counted(6, TorchPickle.floats(NUMBERS));
    TorchFile file = new TorchFile(write(TorchPickle.legacy(true, pickle, tail)));
    float[] expected = {1, 3e38f, -0f, -2.5f, Float.MIN_VALUE, 7};
    Fixtures.assertHolds(file, "first", expected, 1, 2, 1, 3);
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    Stream.of(folder.resolve("none.pth"), folder)
        .forEach(path -> {
          Failure failure = assertThrows(Failure.class, () -> new TorchFile(path));
          assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
          assertEquals(1, failure.getMessage().lines().count());
        });
  }

  @Test
  void aLegacyFileCutAfterOpeningIsBadData() throws IOException {
    Path path = write(Files.readAllBytes(Fixtures.file("float-legacy.torch")));
    TorchFile file = new TorchFile(path);
    write(new byte[20]);
    Fixtures.assertRefused(path, () -> file.tensors().get(0).read());
    Files.delete(path);
    Fixtures.assertRefused(path, () -> file.tensors().get(0).read());
  }
}
