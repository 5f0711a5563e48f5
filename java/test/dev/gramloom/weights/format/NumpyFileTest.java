package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What NumPy saved comes out bit for bit. */
class NumpyFileTest {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final List<String> CONVOLUTIONS = List.copyOf(Fixtures.CONVOLUTIONS.keySet());

  @TempDir private Path folder;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("array.npy"), bytes);
  }

  @Test
  void readsAnArchiveAsNumpyStoresIt() {
    try (NumpyFile file = new NumpyFile(Fixtures.file("stored.numpy-archive"))) {
      Fixtures.assertHoldsTheNetwork(file, CONVOLUTIONS);
      assertEquals("conv1_1.weight", file.tensors().get(0).name());
      assertEquals("NumPy archive (.npz)", file.format());
    }
  }

  @Test
  void wholeNumbersTruthValuesAndTextArePassedOver() {
    try (NumpyFile file = new NumpyFile(Fixtures.file("stored.numpy-archive"))) {
      assertEquals(2 * CONVOLUTIONS.size(), file.tensors().size());
    }
  }

  @Test
  void readsHalfPrecisionCompressed() {
    try (NumpyFile file = new NumpyFile(Fixtures.file("half-compressed.numpy-archive"))) {
      Fixtures.assertHoldsTheNetwork(file, CONVOLUTIONS);
      Fixtures.assertHolds(file, "mean", new float[] {123.75f});
      Fixtures.assertHolds(file, "empty", new float[0], 0, 3);
    }
  }

  @Test
  void readsDoublePrecisionBigEndianInFortranOrder() throws IOException {
    Path path = Fixtures.file("big-endian-fortran.numpy-archive");
    try (NumpyFile file = new NumpyFile(path);
        Archive archive = new Archive(path)) {
      byte[] head = archive.head("conv1_2.weight.npy", 80);
      String header = new String(head, StandardCharsets.ISO_8859_1);
      assertTrue(header.contains(">f8"), header);
      assertTrue(header.contains("True"), header);
      Fixtures.assertHoldsTheNetwork(file, CONVOLUTIONS);
    }
  }

  @Test
  void kernelsWithOutputsLastComeAsTheyAre() {
    try (NumpyFile file = new NumpyFile(Fixtures.file("hwio.numpy-archive"))) {
      for (String name : CONVOLUTIONS) {
        int outputs = Fixtures.CONVOLUTIONS.get(name)[0];
        int inputs = Fixtures.CONVOLUTIONS.get(name)[1];
        float[] weight = Fixtures.weight(name);
        float[] turned = new float[weight.length];
        for (int i = 0; i < weight.length; i++) {
          int pixel = i % 9;
          int input = i / 9 % inputs;
          int output = i / 9 / inputs;
          turned[(pixel * inputs + input) * outputs + output] = weight[i];
        }
        Fixtures.assertHolds(file, name + "_W", turned, 3, 3, inputs, outputs);
        Fixtures.assertHolds(file, name + "_b", Fixtures.bias(name), outputs);
      }
    }
  }

  @Test
  void readsAllThreeVersionsOfTheHeader() {
    try (NumpyFile file = new NumpyFile(Fixtures.file("versions.numpy-archive"))) {
      for (String name : List.of("version1", "version2", "version3")) {
        Fixtures.assertHolds(file, name, Fixtures.values(name, 6), 2, 3);
      }
    }
  }

  @Test
  void aFolderIsReadAsAnArchiveIs() throws IOException {
    try (Archive archive = new Archive(Fixtures.file("stored.numpy-archive"))) {
      for (String name : archive.names()) {
        Files.write(folder.resolve(name), archive.head(name, 1 << 20));
      }
    }
    Files.writeString(folder.resolve("README.txt"), "weights");
    Files.createDirectory(folder.resolve("old.npy"));
    NumpyFile file = new NumpyFile(folder);
    Fixtures.assertHoldsTheNetwork(file, CONVOLUTIONS);
    List<String> names = file.tensors().stream().map(StoredTensor::name).toList();
    assertEquals(names.stream().sorted().toList(), names);
    assertEquals(2 * CONVOLUTIONS.size(), names.size());
  }

  @Test
  void aSingleArrayIsCalledAsItsFile() throws IOException {
    Fixtures.assertHolds(
        new NumpyFile(write(NumpyBytes.npy(NumpyBytes.HEADER))), "array", NumpyBytes.VALUES, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'shape':(2,3),'fortran_order':False,'descr':'<f4'}",
        "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (2L, 3L)}\n",
        "  { 'descr' : '<f4' ,\n\t'fortran_order' : False , 'shape' : ( 2 , 3 , ) , }   \n"
      })
  void readsWhatPythonWouldReadAlike(String header) throws IOException {
    Fixtures.assertHolds(
        new NumpyFile(write(NumpyBytes.npy(header))), "array", NumpyBytes.VALUES, 2, 3);
  }

  @Test
  void aRowAndASingleNumberHaveTheirShapes() throws IOException {
    Path row = write(NumpyBytes.npy(NumpyBytes.HEADER.replace("(2, 3)", "(6,)")));
    Fixtures.assertHolds(new NumpyFile(row), "array", NumpyBytes.VALUES, 6);
    byte[] one = NumpyBytes.npy(NumpyBytes.HEADER.replace("(2, 3)", "()"));
    Path single = write(Arrays.copyOf(one, one.length - 20));
    Fixtures.assertHolds(new NumpyFile(single), "array", new float[] {1});
  }

  @Test
  void fortranOrderIsTurnedIntoOurs() throws IOException {
    Path path = write(NumpyBytes.npy(NumpyBytes.HEADER.replace("False", "True")));
    float[] turned = {
      NumpyBytes.VALUES[0],
      NumpyBytes.VALUES[2],
      NumpyBytes.VALUES[4],
      NumpyBytes.VALUES[1],
      NumpyBytes.VALUES[3],
      NumpyBytes.VALUES[5]
    };
    Fixtures.assertHolds(new NumpyFile(path), "array", turned, 2, 3);
  }

  @Test
  void tellsAnArrayByItsFirstBytes() {
    assertTrue(NumpyFile.isNpy(NumpyBytes.npy(NumpyBytes.HEADER)));
    assertFalse(NumpyFile.isNpy(new byte[0]));
    assertFalse(NumpyFile.isNpy("\u0093NUMP".getBytes(StandardCharsets.ISO_8859_1)));
    assertFalse(NumpyFile.isNpy("PK\3\4 and so on".getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void anArrayOfSeveralPiecesComesWhole() throws IOException {
    int count = ByteSource.PIECE / Double.BYTES + 3;
    byte[] head =
        NumpyBytes.npy(
            NumpyBytes.HEADER.replace("<f4", ">f8").replace("(2, 3)", "(" + count + ",)"));
    int start = head.length - 4 * NumpyBytes.VALUES.length;
    ByteBuffer bytes = ByteBuffer.allocate(start + count * Double.BYTES).put(head, 0, start);
    bytes.putDouble(start, 5).putDouble(bytes.capacity() - Double.BYTES, 7);
    bytes.putDouble(start + ByteSource.PIECE, 6);
    float[] values = new NumpyFile(write(bytes.array())).tensors().get(0).read();
    assertEquals(count, values.length);
    assertEquals(5, values[0]);
    assertEquals(6, values[count - 3]);
    assertEquals(7, values[count - 1]);
  }

  @Test
  void anEntryOfZerosWithoutEndIsReadNoFurtherThanItsShape() throws IOException {
    Path path = folder.resolve("bomb.npz");
    try (OutputStream file = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry("bomb.npy"));
      zip.write(NumpyBytes.npy(NumpyBytes.HEADER));
      for (int i = 0; i < 300; i++) {
        zip.write(new byte[1 << 20]);
      }
    }
    assertTimeout(
        SOON,
        () -> {
          try (NumpyFile bomb = new NumpyFile(path)) {
            Fixtures.assertHolds(bomb, "bomb", NumpyBytes.VALUES, 2, 3);
          }
        });
  }
}
