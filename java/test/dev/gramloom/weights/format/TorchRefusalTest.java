package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that lie or that want harm end in one line, soon. */
class TorchRefusalTest {
  private static final byte[] SIX = TorchPickle.floats(1, 2, 3, 4, 5, 6);
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private Path folder;

  private static void readAll(Path path) {
    try (TorchFile file = new TorchFile(path)) {
      file.tensors().forEach(StoredTensor::read);
    }
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("weights"), bytes);
  }

  private String refusedBytes(byte[] bytes) throws IOException {
    return refused(write(bytes));
  }

  private static String refused(Path path) {
    return assertTimeout(SOON, () -> Fixtures.assertRefused(path, () -> readAll(path)))
        .getMessage();
  }

  private String refusedZip(byte[] pickle, byte[] storage) {
    Path path = folder.resolve("archive");
    return refused(TorchPickle.zip(path, Map.of("a/data.pkl", pickle, "a/data/0", storage)));
  }

  /** As the pickle of a zip archive and of a legacy file. */
  private String refusedPickle(byte[] pickle) throws IOException {
    byte[] tail = TorchPickle.counted(6, SIX);
    String legacy = refusedBytes(TorchPickle.legacy(true, pickle, tail));
    String zip = refusedZip(pickle, SIX);
    assertEquals(legacy.substring(legacy.indexOf(": ")), zip.substring(zip.indexOf(": ")));
    return zip;
  }

  @Test
  void aPickleCutShortAnywhereIsRefused() throws IOException {
    byte[] pickle = TorchPickle.one(6, 0, new long[] {2, 3}, new long[] {3, 1});
    for (int length = 0; length < pickle.length; length++) {
      refusedZip(Arrays.copyOf(pickle, length), SIX);
    }
  }

  @ParameterizedTest
  @CsvSource({"posix, system", "builtins, eval", "builtins, getattr", "nt, system"})
  void aPickleThatWantsToRunSomethingIsRefusedByName(String module, String name)
      throws IOException {
    TorchPickle pickle = new TorchPickle().global(module, name).text("touch owned").op("\u0085R");
    String message = refusedPickle(pickle.done());
    String expected = "it asks to run " + module + "." + name + ", which Gramloom never does";
    assertTrue(message.endsWith(expected), message);
  }

  @Test
  void namesInMessagesStayOnOneLine() throws IOException {
    refusedPickle(new TorchPickle().text("a\nb\r").text("c\u0085\u0000").op(0x93).done());
    TorchPickle pickle = new TorchPickle().op("}").text("a\nb").tensor();
    pickle.storage("Float", "0", 6).view(0, new long[] {9}, new long[] {1}).op("s");
    refusedZip(pickle.done(), SIX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"N", ")", "]", "K\1", "U\1a", "ctorch\nFloatStorage\n"})
  void whatIsNoDictionaryIsRefused(String instructions) {
    byte[] pickle = new TorchPickle().op(instructions).done();
    assertTrue(refusedZip(pickle, SIX).endsWith("it holds no dictionary of arrays"));
  }

  @ParameterizedTest
  @CsvSource({
    "6, 0, 7, 1",
    "6, 1, 6, 1",
    "6, 6, 1, 1",
    "6, -1, 2, 1",
    "6, 0, -1, 1",
    "6, 5, 2, -1",
    "6, 0, 2, 6",
    "6, 0, 2, -9223372036854775808",
    "6, 9223372036854775807, 2, 1",
    "6, 0, 2147483648, 0",
    "6, 0, 3, 9223372036854775807",
    "6, 0, 4294967297, 1",
    "6, 0, 2147483647, 9223372036854775807",
    "6, 0, 2147483647, 0",
    "6, 0, 40000000, 0",
    "-6, 0, 2, 1",
    "4611686018427387904, 0, 2, 1",
    "-9223372036854775808, 0, 2, 1",
    "5, 0, 7, 1"
  })
  void viewsThatDoNotFitAreRefused(long count, long offset, long size, long stride)
      throws IOException {
    long[] sizes = {size};
    long[] strides = {stride};
    refusedZip(TorchPickle.one(count, offset, sizes, strides), SIX);
    byte[] pickle = TorchPickle.oneLegacy(count, offset, sizes, strides);
    for (long told : new long[] {count, 6}) {
      byte[] tail = TorchPickle.counted(told, SIX);
      refusedBytes(TorchPickle.legacy(true, pickle, tail));
      refusedBytes(TorchPickle.legacy(false, pickle, tail));
    }
  }

  @Test
  void shapesThatAreNoneAreRefused() {
    refusedZip(TorchPickle.one(6, 0, new long[] {2, 3}, new long[] {1}), SIX);
    refusedZip(TorchPickle.one(6, 0, new long[] {2}, new long[] {1, 1}), SIX);
    refusedZip(TorchPickle.one(6, 0, new long[33], new long[33]), SIX);
    refusedZip(TorchPickle.one(6, 0, new long[100_000], new long[100_000]), SIX);
    long[] huge = new long[32];
    Arrays.fill(huge, Integer.MAX_VALUE);
    refusedZip(TorchPickle.one(6, 0, huge, new long[32]), SIX);
  }

  @ParameterizedTest
  @CsvSource({"-1, 4", "0, 7", "2, 5", "0, -1", "9223372036854775807, 2", "2, 9223372036854775807"})
  void partsThatDoNotFitAreRefused(long from, long numbers) throws IOException {
    byte[] pickle = TorchPickle.oneLegacy(6, 0, new long[] {1}, new long[] {1}, from, numbers);
    refusedBytes(TorchPickle.legacy(true, pickle, TorchPickle.counted(6, SIX)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5, 7, -1, -6, 1L << 62, Long.MIN_VALUE, Long.MAX_VALUE})
  void legacyCountsThatLieAreRefused(long told) throws IOException {
    byte[] pickle = TorchPickle.oneLegacy(6, 0, new long[] {6}, new long[] {1});
    byte[] tail = TorchPickle.counted(told, SIX);
    refusedBytes(TorchPickle.legacy(true, pickle, tail));
    refusedBytes(TorchPickle.legacy(false, pickle, tail));
  }

  @Test
  void storagesThatAreMissingOrTwiceAreRefused() throws IOException {
    byte[] pickle = TorchPickle.oneLegacy(6, 0, new long[] {6}, new long[] {1});
    byte[] tail = TorchPickle.counted(6, SIX);
    byte[] twice = Arrays.copyOf(tail, 2 * tail.length);
    System.arraycopy(tail, 0, twice, tail.length, tail.length);
    for (String keys : new String[] {"]", "]U\0011a", "](U\0010U\0010e", "]Na", "}", "]K\0a"}) {
      refusedBytes(TorchPickle.legacy(true, pickle, new TorchPickle().op(keys).done(), twice));
    }
    Path path = folder.resolve("archive");
    byte[] zipped = TorchPickle.one(6, 0, new long[] {6}, new long[] {1});
    String message = refused(TorchPickle.zip(path, Map.of("a/data.pkl", zipped, "data/0", SIX)));
    assertTrue(message.endsWith("the numbers of first are not there"), message);
    assertTrue(refused(TorchPickle.zip(path, Map.of("a/b", SIX))).contains("data.pkl"));
    byte[] odd = "middle".getBytes();
    refused(TorchPickle.zip(path, Map.of("data.pkl", zipped, "data/0", SIX, "byteorder", odd)));
  }

  @Test
  void aStorageDeclaredInTwoWaysIsRefused() {
    for (String type : new String[] {"Float", "Double"}) {
      TorchPickle pickle = new TorchPickle().op("}");
      pickle.text("a").storage("Float", "0", 6).op("s");
      pickle.text("b").storage(type, "0", type.equals("Float") ? 5 : 6).op("s");
      assertTrue(refusedZip(pickle.done(), SIX).contains("two ways"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd\n", "", "a b", "\u00e9", "\0"})
  void storageKeysAreNames(String key) {
    TorchPickle pickle = new TorchPickle().op("}").text("a").storage("Float", key, 6).op("s");
    assertTrue(refusedZip(pickle.done(), SIX).endsWith("a storage in it has an odd key"));
  }

  @Test
  void twoArraysOfOneNameAreRefused() {
    TorchPickle pickle = new TorchPickle().op("}").text("a.b").tensor().storage("Float", "0", 6);
    pickle.view(0, new long[] {6}, new long[] {1}).op("q\1s").text("a");
    pickle.op("}").text("b").op("h\1ss");
    assertTrue(refusedZip(pickle.done(), SIX).endsWith("two of its arrays are named a.b"));
  }

  @Test
  void thingsThatHoldThemselvesEnd() throws IOException {
    byte[] none = new TorchPickle().op("]").done();
    for (String instructions :
        new String[] {
          "}q\1U\1ah\1s",
          "}q\1(U\1ah\1U\1bh\1u",
          "}q\1U\012state_dicth\1s",
          "}q\1U\1a}q\2U\1bh\1ss",
          "]q\1h\1a",
          "]q\1h\1\u0085q\1a"
        }) {
      byte[] pickle = new TorchPickle().op(instructions).done();
      refusedZip(pickle, SIX);
      refusedBytes(TorchPickle.legacy(true, pickle, none, new byte[0]));
    }
    byte[] inside = new TorchPickle().op("}").text("a").op("]q\1h\1a").op("s").done();
    Path path = TorchPickle.zip(folder.resolve("a"), Map.of("data.pkl", inside));
    assertTimeout(SOON, () -> readAll(path)); // a list is no array, whatever it holds
  }

  /** Each dictionary holds the one before it twice: 2^n names. */
  @Test
  void dictionariesThatUnfoldWithoutEndAreRefused() throws IOException {
    for (int depth : new int[] {15, 16, 40, 1000}) {
      TorchPickle pickle = new TorchPickle().op("}").text("t").tensor().storage("Float", "0", 6);
      pickle.view(0, new long[] {1}, new long[] {1}).op("sq\1");
      for (int i = 0; i < depth; i++) {
        pickle.op("}(U\1ah\1U\1bh\1U\1ch\1uq\1");
      }
      refusedZip(pickle.done(), SIX);
    }
  }

  @Test
  void anArchiveThatClaimsMoreThanItHoldsIsRefused() {
    int count = TensorFile.MOST_NUMBERS;
    refusedZip(TorchPickle.one(count, 0, new long[] {count}, new long[] {1}), SIX);
    refusedZip(TorchPickle.one(1L << 48, 1L << 47, new long[] {6}, new long[] {1}), SIX);
    refusedZip(TorchPickle.one(1L << 28, 1L << 27, new long[] {6}, new long[] {1}), SIX);
    refusedZip(TorchPickle.one(1L << 48, 0, new long[] {2, 3}, new long[] {1L << 40, 1}), SIX);
  }

  /** A thousandfold packed pickle or storage is unpacked as far as it is worth it. */
  @Test
  void whatIsPackedSmallIsNotUnpackedForNothing() {
    byte[] zeros = new byte[3 * PickleInput.MOST_BYTES];
    byte[] pickle = TorchPickle.one(6, 0, new long[] {6}, new long[] {1});
    Path path = folder.resolve("archive");
    TorchPickle.zip(path, Map.of("data.pkl", pickle, "data/0", zeros));
    assertTimeout(SOON, () -> readAll(path));
    assertTrue(refusedZip(zeros, SIX).contains("0x00 at byte 0"));
    Arrays.fill(zeros, (byte) 'N');
    assertTrue(refusedZip(zeros, SIX).contains("instructions"));
  }

  /** Each of many arrays at the end of what is packed a thousandfold would unpack it once more. */
  @Test
  void arraysDeepInWhatIsPackedSmallAreRefused() {
    int count = 1 << 23;
    byte[] pickle = TorchPickle.one(count, count - 6, new long[] {6}, new long[] {1});
    assertTrue(refusedZip(pickle, new byte[4 * count]).contains("unpacks to far more"));
  }

  @Test
  void tuplesNestedWithoutEndAreRefused() {
    byte[] tuples = new TorchPickle().op("N").op("\u0085".repeat(1 << 18)).done();
    assertTrue(refusedZip(tuples, SIX).endsWith("it holds no dictionary of arrays"));
    byte[] lists = new TorchPickle().op("]".repeat(1 << 17)).op("a".repeat((1 << 17) - 1)).done();
    assertTrue(refusedZip(lists, SIX).endsWith("it holds no dictionary of arrays"));
  }

  /** Every text is of a length that is allowed; all of them are not. */
  @Test
  void picklesThatTakeTooManyBytesAreRefused() {
    byte[] texts = new byte[2 * PickleInput.MOST_BYTES];
    for (int i = 0; i + 257 <= texts.length; i += 257) {
      texts[i] = 'U';
      texts[i + 1] = (byte) 255;
    }
    assertTrue(refusedZip(texts, SIX).contains("claims 255 bytes"));
    byte[] claim = new TorchPickle().op('X', 0, 0, 0, 3).done();
    assertTrue(refusedZip(claim, SIX).contains("claims 50331648 bytes"));
  }

  @Test
  void machinesAndVersionsThatAreNoneAreRefused() throws IOException {
    byte[] pickle = TorchPickle.oneLegacy(6, 0, new long[] {6}, new long[] {1});
    byte[] good = TorchPickle.legacy(true, pickle, TorchPickle.counted(6, SIX));
    readAll(write(good));
    int version = 15 + 4; // after the magic number: PROTO 2 LONG1 8
    byte[] other = good.clone();
    other[version]++;
    assertTrue(refusedBytes(other).contains("version 1001"));
    byte[] machine = good.clone();
    machine[version + 8 + 1 + 2] = ']';
    refusedBytes(machine);
  }
}
