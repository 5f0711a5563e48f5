package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in a file comes out of it, and what is no such file is said to be none, in one line. */
class SafetensorsFileTest {
  private static final float[] VALUES = {1, -2.5f, Float.MIN_VALUE, 3e38f, -0f, 7};

  @TempDir private Path folder;

  private static SafeTensors good() {
    return new SafeTensors()
        .metadata("format", "pt")
        .add("first", VALUES, 2, 3)
        .bytes(1, 2, 3, 4)
        .entry("half", "F16", new int[] {2}, 24, 28)
        .add("second", new float[] {9}, 1);
  }

  private void bad(byte[] bytes) {
    Path path = SafeTensors.write(folder, bytes);
    Fixtures.assertRefused(path, () -> Fixtures.find(new SafetensorsFile(path), "first").read());
  }

  private void badHeader(String json) {
    bad(good().file(json, 28));
  }

  @Test
  void readsBackWhatWasWritten() {
    SafetensorsFile file = new SafetensorsFile(good().write(folder));
    Fixtures.assertHolds(file, "first", VALUES, 2, 3);
    Fixtures.assertHolds(file, "second", new float[] {9}, 1);
    assertEquals(Map.of("format", "pt"), file.metadata());
    assertEquals(3, file.tensors().size());
  }

  @Test
  void readsHalfAndDoublePrecision() {
    SafeTensors file = new SafeTensors().bytes(0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b);
    file.entry("half", "F16", new int[] {4}, 0, 8);
    file.bytes(0, 0, 0, 0, 0, 0, 0xf0, 0x3f).entry("double", "F64", new int[] {1}, 8, 16);
    file.bytes(0x00, 0x3c, 0x00, 0xc0).entry("brain", "BF16", new int[] {2}, 16, 20);
    SafetensorsFile read = new SafetensorsFile(file.write(folder));
    Fixtures.assertHolds(read, "half", new float[] {1, -2, 0x1p-24f, 65504}, 4);
    Fixtures.assertHolds(read, "brain", new float[] {0x1p-7f, -2}, 2);
    Fixtures.assertHolds(read, "double", new float[] {1}, 1);
  }

  @Test
  void wholeNumbersAreLeftAlone() {
    SafeTensors file =
        good().bytes(0, 0, 0, 0, 0, 0, 0, 0).entry("count", "I64", new int[] {1}, 32, 40);
    assertEquals(3, new SafetensorsFile(file.write(folder)).tensors().size());
  }

  @Test
  void arraysThatShareBytesAreBadData() {
    bad(good().entry("third", "F32", new int[] {2}, 20, 28).bytes());
  }

  @Test
  void aFileCutShortAnywhereIsBadData() {
    byte[] whole = good().bytes();
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    for (int length = 0; length < whole.length; length++) {
      boolean structural = length < 20 || length % 7 == 0 || length >= Long.BYTES + header - 2;
      if (structural) {
        bad(Arrays.copyOf(whole, length));
      }
    }
  }

  @Test
  void aHeaderLengthThatLiesIsBadData() {
    byte[] whole = good().bytes();
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long[] lies = {
      0,
      1,
      2,
      header - 1,
      header + 1,
      whole.length,
      whole.length - 7,
      1 << 24,
      1L << 31,
      1L << 40,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      -1
    };
    for (long lie : lies) {
      byte[] bytes = whole.clone();
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(lie);
      bad(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello, I am no JSON",
        "{",
        "[]",
        "7",
        "null",
        "\"\"",
        "{\"first\":}",
        "{\"first\" 7}",
        "{\"first\":7}",
        "{\"first\":[]}",
        "{\"first\":null}",
        "{\"first\":{}}",
        "{\"__metadata__\":7}",
        "{\"__metadata__\":{\"a\":{}}}",
        "{\"__metadata__\":{\"a\":null}}",
        "{\"a\":{},\"a\":{}}",
        "\u0000\u0001\u0002"
      })
  void aHeaderThatIsNotOneIsBadData(String json) {
    badHeader(json);
  }

  @Test
  void aHeaderNestedWithoutEndIsBadData() {
    badHeader("{\"first\":" + "[".repeat(100_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0,20]",
        "[0,28]",
        "[4,24]",
        "[24,0]",
        "[-8,16]",
        "[8,32]",
        "[1000,1024]",
        "[0]",
        "[]",
        "{}",
        "7",
        "null",
        "[null,24]",
        "[0,null]",
        "[\"a\",\"b\"]",
        "[0,1e40]",
        "[0,1e999999999]",
        "[[],[]]",
        "[9223372036854775800,9223372036854775806]"
      })
  void offsetsThatDoNotFitAreBadData(String offsets) {
    badHeader("{\"first\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":" + offsets + "}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[2,4]",
        "[6,2]",
        "[0,3]",
        "[-2,-3]",
        "[2,-3]",
        "7",
        "null",
        "{}",
        "[null]",
        "[\"a\"]",
        "[65536,65536,65536,65536]",
        "[2147483648,3]",
        "[1e30]",
        "[6.5]",
        "[[6],[]]",
        "[[]]",
        "[4294967298,3]"
      })
  void shapesThatDoNotFitAreBadData(String shape) {
    badHeader("{\"first\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,24]}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"F64\"", "null", "{}", "[]", "[\"a\",\"b\"]"})
  void typesThatAreNoneOfOursAreBadData(String type) {
    badHeader("{\"first\":{\"dtype\":" + type + ",\"shape\":[2,3],\"data_offsets\":[0,24]}}");
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    for (Path path : new Path[] {folder.resolve("none.safetensors"), folder}) {
      Failure failure = assertThrows(Failure.class, () -> new SafetensorsFile(path));
      assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
      assertEquals(1, failure.getMessage().lines().count());
    }
  }
}
