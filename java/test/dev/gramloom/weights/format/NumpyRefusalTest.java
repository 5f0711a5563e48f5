package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What NumPy did not save is refused, soon and in one line. */
class NumpyRefusalTest {
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private Path folder;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("array.npy"), bytes);
  }

  private static Failure refuses(Path path) {
    return assertTimeout(
        SOON,
        () ->
            Fixtures.assertRefused(
                path,
                () -> {
                  try (NumpyFile file = new NumpyFile(path)) {
                    file.tensors().forEach(StoredTensor::read);
                  }
                }));
  }

  private void refusesHeader(String header) throws IOException {
    refuses(write(NumpyBytes.npy(header)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pickled.numpy-array", "pickled.numpy-archive"})
  void pythonObjectsAreRefused(String name) {
    assertTrue(
        refuses(Fixtures.file(name)).getMessage().contains(": holds Python objects (a pickle), "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "}",
        "7",
        "()",
        "{'descr'",
        "{'descr':",
        "{'descr': '<f4'}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} + 1",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}\0",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': True}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': false, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': (2, 3), 'shape': False}",
        "{'descr': '<f4', 'fortran_order': __import__('os'), 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3]}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': {'shape': (2, 3)}}",
        "[{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}]"
      })
  void aHeaderThatNumpyDoesNotWriteIsBadData(String header) throws IOException {
    refusesHeader(header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'f4'",
        "'|f4'",
        "'=f4'",
        "'<f3'",
        "'<f16'",
        "'<f44444444444444444444'",
        "'<f04'",
        "'<f'",
        "'<f4[ns]'",
        "'<g4'",
        "''",
        "'<'",
        "'|O'",
        "'O'",
        "'<f4\\n'",
        "'<f4, <f4'",
        "'<f4' + '8'",
        "('<f4',)",
        "[('a', '<f4'), ('b', '<f4')]",
        "'<f4",
        "None",
        "exec('x')"
      })
  void typesThatAreNoNumbersWeKnowAreBadData(String descr) throws IOException {
    refusesHeader(NumpyBytes.HEADER.replace("'<f4'", descr));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(2, 4)",
        "(2, 2)",
        "(7,)",
        "(6)",
        "()",
        "(,)",
        "(2,,3)",
        "(2 3)",
        "(2, 3",
        "(2, x)",
        "(2, 3.0)",
        "(2, 0x3)",
        "(2, 3 L)",
        "(2, 3LL)",
        "(-2, -3)",
        "(-1,)",
        "(0,)",
        "(6, 2147483648)",
        "(65536, 65536, 65536, 65536)",
        "(4294967296, 4294967296)",
        "(4294967298, 3)",
        "(2147483647, 2147483647, 2147483647)",
        "(99999999999999999999999999,)",
        "(2, (3,))",
        "'(2, 3)'",
        "None",
        "(((((((((("
      })
  void shapesThatDoNotFitAreBadData(String shape) throws IOException {
    refusesHeader(NumpyBytes.HEADER.replace("(2, 3)", shape));
    byte[] bytes = NumpyBytes.npy(NumpyBytes.HEADER.replace("(2, 3)", shape));
    if (!shape.equals("(2, 2)") && !shape.equals("()") && !shape.equals("(0,)")) {
      refuses(
          NumpyBytes.archive(
              folder, Map.of("array.npy", bytes))); // which may hold more, as NumPy allows
    }
  }

  @Test
  void aShapeOfWayTooManyDimensionsIsBadData() throws IOException {
    for (int count : new int[] {33, 65, 20_000}) {
      refusesHeader(NumpyBytes.HEADER.replace("(2, 3)", "(" + "1,".repeat(count) + ")"));
    }
    refusesHeader("(".repeat(65_000));
    refusesHeader("{".repeat(65_000));
    refusesHeader("{'" + "a".repeat(65_000));
  }

  @Test
  void aHeaderLengthThatLiesIsBadData() throws IOException {
    byte[] text = NumpyBytes.HEADER.getBytes(StandardCharsets.ISO_8859_1);
    int[] lies = {0, 1, text.length - 1, text.length + 1, text.length + 24, 300, 65_535, -1};
    for (int lie : lies) {
      for (int version = 1; version <= 3; version++) {
        refuses(write(NumpyBytes.npy(version, lie, text)));
        refuses(NumpyBytes.archive(folder, Map.of("a.npy", NumpyBytes.npy(version, lie, text))));
      }
    }
    refuses(write(NumpyBytes.npy(2, 1 << 30, text)));
    refuses(write(NumpyBytes.npy(4, text.length, text)));
    refuses(write(NumpyBytes.npy(0, text.length, text)));
  }

  @Test
  void anArrayCutOrChangedAnywhereIsTakenOrRefused() throws IOException {
    byte[] whole = NumpyBytes.npy(NumpyBytes.HEADER);
    Path path = folder.resolve("array.npy");
    for (int length = 0; length < whole.length; length++) {
      refuses(write(Arrays.copyOf(whole, length)));
    }
    Damage.bytesChanged(whole, path, NumpyFile::new, 3000);
  }

  @Test
  void anArchiveCutOrChangedAnywhereIsTakenOrRefused() throws IOException {
    Path path = folder.resolve("archive.npz");
    byte[] small = Files.readAllBytes(Fixtures.file("versions.numpy-archive"));
    Damage.cutAnywhere(small, path, NumpyFile::new);
    Damage.bytesChanged(small, path, NumpyFile::new, 3000);
    byte[] packed = Files.readAllBytes(Fixtures.file("hwio.numpy-archive"));
    Damage.bytesChanged(packed, path, NumpyFile::new, 1000);
  }

  @Test
  void anEntryWhoseNameIsNoTextIsRefusedOrPassedOver() throws IOException {
    byte[] bytes =
        Files.readAllBytes(
            NumpyBytes.archive(folder, Map.of("\u00e9.npy", NumpyBytes.npy(NumpyBytes.HEADER))));
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == (byte) 0xc3 && bytes[i + 1] == (byte) 0xa9 ? (byte) 0xff : bytes[i];
    }
    Path path = Files.write(folder.resolve("spoilt.npz"), bytes);
    Damage.isTakenOrRefused(path, NumpyFile::new, "name");
  }

  @Test
  void anArrayLargerThanAnyOfAVggIsNotUnpacked() throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    entries.put("large.npy", NumpyBytes.npy(NumpyBytes.HEADER.replace("(2, 3)", "(4096, 25088)")));
    assertTrue(refuses(NumpyBytes.archive(folder, entries)).getMessage().contains("102760448"));
    entries.put(
        "large.npy",
        NumpyBytes.npy(NumpyBytes.HEADER.replace("(2, 3)", "(1024, 1024)"))); // not there either
    assertTrue(refuses(NumpyBytes.archive(folder, entries)).getMessage().contains("ends early"));
    byte[] zeros =
        Arrays.copyOf(
            NumpyBytes.npy(NumpyBytes.HEADER.replace("(2, 3)", "(4096, 25088)")), 1 << 26);
    entries.put("large.npy", zeros);
    refuses(NumpyBytes.archive(folder, entries));
  }

  @Test
  void arraysThatAreFarLargerThanTheirArchiveAreRefused() throws IOException {
    String header = NumpyBytes.HEADER.replace("(2, 3)", "(2048, 1024)"); // 8 MiB
    byte[] zeros = Arrays.copyOf(NumpyBytes.npy(header), 9 << 20);
    Failure failure = refuses(NumpyBytes.archive(folder, Map.of("a.npy", zeros)));
    assertTrue(failure.getMessage().contains("unpacks to far more"), failure.getMessage());
  }

  /** Thousands of names for one long header, whose place all entries of the table give. */
  @Test
  void entriesThatShareTheirBytesAreReadOrRefusedSoon() throws IOException {
    byte[] text = (NumpyBytes.HEADER + " ".repeat(9000)).getBytes(StandardCharsets.US_ASCII);
    Map<String, byte[]> entries = new TreeMap<>();
    entries.put("0.npy", NumpyBytes.npy(1, text.length, text));
    for (int i = 1000; i < 5000; i++) {
      entries.put(i + ".npy", new byte[0]);
    }
    Path path = NumpyBytes.archive(folder, entries);
    ByteBuffer zip = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int first = zip.getInt(zip.capacity() - 6); // the table's place
    int length = 0;
    for (int at = first; zip.getInt(at) == 0x02014b50; at += length) {
      length = 46 + zip.getShort(at + 28) + zip.getShort(at + 30) + zip.getShort(at + 32);
      zip.put(at + 10, zip.array(), first + 10, 18); // packing, time, sum and sizes
      zip.putInt(at + 42, 0);
    }
    Files.write(path, zip.array());
    assertTimeout(
        SOON,
        () -> {
          try (NumpyFile file = new NumpyFile(path)) {
            assertEquals(4001, file.tensors().size());
            assertEquals(6, file.tensors().get(4000).read().length);
          }
        });
  }

  @Test
  void sizesThatAnArchiveForgesAreNotBelieved() throws IOException {
    byte[] whole =
        Files.readAllBytes(
            NumpyBytes.archive(folder, Map.of("a.npy", NumpyBytes.npy(NumpyBytes.HEADER))));
    int table = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 6);
    for (int field : new int[] {table + 20, table + 24, 18, 22}) { // packed and not, here and there
      for (int lie : new int[] {0, 1, Integer.MAX_VALUE, -2, -1}) {
        byte[] bytes = whole.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(field, lie);
        Damage.isTakenOrRefused(
            Files.write(folder.resolve("forged.npz"), bytes), NumpyFile::new, "size " + lie);
      }
    }
  }

  @Test
  void anArchiveOfNoArraysOrOfAMillionIsBadData() throws IOException {
    refuses(NumpyBytes.archive(folder, Map.of("README.txt", NumpyBytes.npy(NumpyBytes.HEADER))));
    Map<String, byte[]> entries = new TreeMap<>();
    for (int i = 0; i < 5000; i++) {
      entries.put(i + ".npy", new byte[0]);
    }
    refuses(NumpyBytes.archive(folder, entries));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    refuses(empty);
  }

  @Test
  void aNameOfManyLinesIsReportedInOne() throws IOException {
    refuses(NumpyBytes.archive(folder, Map.of("one\ntwo\r\nthree.npy", new byte[3])));
    refuses(NumpyBytes.archive(folder, Map.of("n".repeat(60_000) + ".npy", new byte[3])));
  }

  @Test
  void aSpoiltArrayInAFolderIsReportedWithItsName() throws IOException {
    Files.write(folder.resolve("good.npy"), NumpyBytes.npy(NumpyBytes.HEADER));
    Files.write(folder.resolve("spoilt.npy"), new byte[50]);
    assertTrue(refuses(folder).getMessage().contains("spoilt"));
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    Failure failure = assertThrows(Failure.class, () -> new NumpyFile(folder.resolve("none.npz")));
    assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
    assertEquals(1, failure.getMessage().lines().count());
  }

  @Test
  void aFileThatGoesAwayAfterOpeningIsRefused() throws IOException {
    Path path = write(NumpyBytes.npy(NumpyBytes.HEADER));
    NumpyFile file = new NumpyFile(path);
    Files.delete(path);
    Fixtures.assertRefused(path, () -> file.tensors().get(0).read());
  }
}
