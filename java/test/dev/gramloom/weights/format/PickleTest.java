package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine makes what Python means, and does nothing else. */
class PickleTest {
  private static Object read(byte[] pickle) throws IOException {
    return Pickle.read(new PickleInput(new ByteArrayInputStream(pickle)), new TorchObjects());
  }

  private static String refused(TorchPickle pickle) {
    byte[] bytes = pickle.done();
    return assertThrows(IllegalArgumentException.class, () -> read(bytes)).getMessage();
  }

  private static TorchPickle pickle() {
    return new TorchPickle();
  }

  @Test
  void numbersAreThoseOfPython() throws IOException {
    assertEquals(255L, read(pickle().op('K', 255).done()));
    assertEquals(65535L, read(pickle().op('M', 255, 255).done()));
    assertEquals(-2L, read(pickle().op('J', 254, 255, 255, 255).done()));
    assertEquals(0L, read(pickle().op(0x8a, 0).done()));
    assertEquals(-128L, read(pickle().op(0x8a, 1, 128).done()));
    assertEquals(255L, read(pickle().op(0x8a, 2, 255, 0).done()));
    assertEquals(Long.MIN_VALUE, read(pickle().number(Long.MIN_VALUE).done()));
    BigInteger beyond = BigInteger.ONE.shiftLeft(63);
    assertEquals(beyond, read(pickle().op(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 128, 0).done()));
    assertEquals(-2.5, read(pickle().op('G', 0xc0, 4, 0, 0, 0, 0, 0, 0).done()));
    assertEquals(true, read(pickle().op(0x88).done()));
    assertEquals(false, read(pickle().op(0x89).done()));
    assertNull(read(pickle().op("N").done()));
  }

  @Test
  void textsAreThoseOfPython2And3() throws IOException {
    assertEquals("Gr\u00f6\u00dfe", read(pickle().text("Gr\u00f6\u00dfe").done()));
    assertEquals("ab", read(pickle().op("U\u0002ab").done()));
    assertEquals("ab", read(pickle().op("T\u0002\0\0\0ab").done()));
    assertEquals("ab", read(pickle().op("\u008c\u0002ab").done()));
    assertArrayEquals(new byte[] {1, -1}, (byte[]) read(pickle().op('C', 2, 1, 255).done()));
    assertArrayEquals(new byte[] {7}, (byte[]) read(pickle().op('B', 1, 0, 0, 0, 7).done()));
  }

  @Test
  void containersHoldWhatWasPutIn() throws IOException {
    assertArrayEquals(new Object[] {1L, 2L}, (Object[]) read(pickle().op("K\1K\2\u0086").done()));
    assertArrayEquals(new Object[0], (Object[]) read(pickle().op("(t").done()));
    assertArrayEquals(new Object[] {null, 1L}, (Object[]) read(pickle().op("(NK\1t").done()));
    Object list = read(pickle().op("]K\1a(K\2K\3e").done());
    assertEquals(List.of(1L, 2L, 3L), assertInstanceOf(Pickle.Sequence.class, list).items);
    Object dict = read(pickle().op("}U\1aK\1s(U\1bK\2U\1aK\3K\7Nu").done());
    String items = assertInstanceOf(Pickle.Dictionary.class, dict).items.toString();
    assertEquals("{a=3, b=2}", items, "a number is no name");
  }

  @Test
  void whatWasNotedIsTheSameThing() throws IOException {
    for (String instructions :
        List.of("]q\5h\5\u0086", "]r\5\0\0\u0001j\5\0\0\1\u0086", "]\u0094h\0\u0086")) {
      Object[] both = (Object[]) read(pickle().op(instructions).done());
      assertSame(both[0], both[1]);
    }
  }

  @Test
  void python2HandsOrderedDictionariesTheirPairs() throws IOException {
    TorchPickle pickle = pickle().global("collections", "OrderedDict");
    pickle.op("](](U\1bK\1e").op("U\1aK\3\u0086e\u0085R}U\1xNsb");
    Object dict = read(pickle.done());
    assertEquals("{b=1, a=3}", assertInstanceOf(Pickle.Dictionary.class, dict).items.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "os, system",
    "builtins, eval",
    "builtins, getattr",
    "__builtin__, eval",
    "torch.storage, _load_from_bytes",
    "torch, load",
    "torch, FloatTensor",
    "torch.FloatStorage, __init__",
    "torchvision.models.vgg, VGG",
    "collections, OrderedDict.fromkeys",
    "'', ''"
  })
  void namesThatAreNotListedAreRefusedByName(String module, String name) {
    String expected = "it asks to run " + module + "." + name + ", which Gramloom never does";
    assertEquals(expected, refused(pickle().global(module, name)));
    assertEquals(expected, refused(pickle().text(module).text(name).op(0x93)));
  }

  @Test
  void aLongNameIsNotRepeatedWhole() {
    assertTrue(refused(pickle().text("m".repeat(9999)).text("n").op(0x93)).length() < 200);
    assertTrue(refused(pickle().global("m".repeat(9999), "n")).length() < 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POP 0",
        "DUP 2",
        "POP_MARK 1",
        "INST i",
        "OBJ o",
        "PERSID P",
        "NEWOBJ \u0081",
        "EXT1 \u0082",
        "NEWOBJ_EX \u0092",
        "LONG4 \u008b",
        "BINUNICODE8 \u008d",
        "BYTEARRAY8 \u0096",
        "GET g",
        "STRING S",
        "EMPTY_SET \u008f"
      })
  void otherInstructionsAreRefusedByNameAndPlace(String nameAndCode) {
    String[] parts = nameAndCode.split(" ");
    String message = refused(pickle().op("N").op(parts[1]));
    assertTrue(message.startsWith("its pickle uses " + parts[0] + " at byte 3"), message);
  }

  @Test
  void whatIsNoInstructionIsRefusedByItsCode() {
    assertEquals(
        "its pickle has 0xfe at byte 2, which is no instruction", refused(pickle().op(0xfe)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing to give back
        "t",
        "\u0085",
        "N\u0086",
        "NN\u0087",
        "a",
        "Na",
        "NNa",
        "e",
        "(e",
        "N(e",
        "s",
        "}NNNs",
        "]NNs",
        "(NNs",
        "(u",
        "}(Nu",
        "](NNu",
        "q\0",
        "\u0094",
        "h\0",
        "j\0\0\0\0",
        "\u0093",
        "NN\u0093",
        "R",
        "N)R",
        "]]R",
        "))R",
        "b",
        "}Nb",
        "N}b",
        "Q",
        "NQ",
        ")Q",
        "U\7storageQ",
        "ccollections\nOrderedDict\nNR",
        "ccollections\nOrderedDict\nN\u0085R",
        "ccollections\nOrderedDict\n]Na\u0085R",
        "ccollections\nOrderedDict\n])a\u0085R",
        "ccollections\nOrderedDict\n]]\u0086R",
        "ctorch\nFloatStorage\n)R",
        "ctorch._utils\n_rebuild_tensor\n)R",
        "ctorch._utils\n_rebuild_tensor\n(NNNNtR",
        "ctorch._utils\n_rebuild_parameter\n)R",
        "ctorch._utils\n_rebuild_parameter\nNNN\u0087R"
      })
  void nonsenseIsRefused(String instructions) {
    assertTrue(refused(pickle().op(instructions)).contains("pickle"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X\377\377\377\377", "X\377\377\377\177", "X\0\0\0\1", "B\377\377\377\377"})
  void lengthsThatLieAreNotAllocated(String instructions) {
    assertTrue(refused(pickle().op(instructions)).contains("claims"));
  }

  @Test
  void lengthsBelowZeroAreRefused() {
    assertTrue(refused(pickle().op("T\377\377\377\377")).contains("claims -1 bytes"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X\0\0\200\0", "\u008a\u00ff", "U\u00ff", "G", "K", "J\0", "cos", "cos\nsys"})
  void picklesThatEndEarlyAreSaidTo(String instructions) {
    byte[] bytes = pickle().op(instructions).done();
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
    assertThrows(EOFException.class, () -> read(cut));
  }

  /** Thirty-fold nested pairs are 2^30 leaves to whoever walks them. */
  @Test
  void tuplesThatUnfoldToMoreThanTheMemoryCostNothing() throws IOException {
    TorchPickle pickle = pickle().op(")q\0");
    for (int i = 0; i < 5000; i++) {
      pickle.op("h\0h\0\u0086q\0");
    }
    byte[] bytes = pickle.done();
    assertTimeout(Duration.ofSeconds(2), () -> read(bytes));
  }

  @Test
  void aLongListCopiedAgainAndAgainIsRefused() {
    TorchPickle pickle = pickle().op("](");
    pickle.op("NN\u0086".repeat(10_000)).op("e\u0085q\1");
    pickle.global("collections", "OrderedDict").op("q\2");
    pickle.op("h\2h\1R".repeat(10_000));
    assertTimeout(Duration.ofSeconds(2), () -> assertTrue(refused(pickle).contains("objects")));
  }

  @Test
  void aPickleWithoutEndIsRefused() {
    for (String instruction : List.of("]", "}", "(", "N", "U\1a", ")\u0085", "]q\1", "]\u0094")) {
      TorchPickle pickle = pickle().op(instruction.repeat(1 << 20));
      assertTimeout(
          Duration.ofSeconds(2), () -> assertTrue(refused(pickle).contains("instructions")));
    }
  }
}
