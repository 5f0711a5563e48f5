package dev.gramloom.weights.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.gramloom.backend.TestBackends;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is what its content says, and what is nothing of the kind is told so in one line. */
class TensorFilesTest {
  private static final Duration SOON = Duration.ofSeconds(2);

  private static final Map<String, Class<? extends TensorFile>> READERS =
      Map.of(
          "torch", TorchFile.class,
          "numpy", NumpyFile.class,
          "caffe", CaffeModel.class,
          "keras", KerasFile.class,
          "safetensors", SafetensorsFile.class,
          "raw", RawFloats.class);

  /** Files whose table of contents is to be refused. */
  private static final String HOSTILE = "deep.keras|pickled.numpy-.*";

  @TempDir private Path folder;

  static List<String> fixtures() throws IOException {
    try (var files = Files.list(Fixtures.file("Fixtures.java").getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(".*\\.(torch|numpy-archive|numpy-array|caffemodel|keras)"))
          .filter(name -> !name.matches(HOSTILE))
          .sorted()
          .toList();
    }
  }

  private Path nameless(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("download"), bytes);
  }

  private static Class<? extends TensorFile> reader(String fixture) {
    String kind = fixture.substring(fixture.lastIndexOf('.') + 1).replaceAll("-.*|model", "");
    return READERS.get(kind);
  }

  private void assertRefused(byte[] bytes) throws IOException {
    Path path = nameless(bytes);
    assertTimeout(SOON, () -> Fixtures.assertRefused(path, () -> TensorFiles.open(path)));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void theContentTellsTheReader(String fixture) throws IOException {
    Path path = nameless(Files.readAllBytes(Fixtures.file(fixture)));
    try (TensorFile file = TensorFiles.open(path)) {
      assertInstanceOf(reader(fixture), file);
    }
  }

  /** A name may lie. */
  @ParameterizedTest
  @CsvSource({
    "float-zip.torch, weights.npz",
    "float-legacy.torch, weights.caffemodel",
    "stored.numpy-archive, weights.pth",
    "keras2.keras, weights.safetensors",
    "doubles.caffemodel, weights.h5"
  })
  void theNameDoesNotMatter(String fixture, String name) throws IOException {
    Path path = Files.copy(Fixtures.file(fixture), folder.resolve(name));
    try (TensorFile file = TensorFiles.open(path)) {
      assertInstanceOf(reader(fixture), file);
    }
  }

  @Test
  void safetensorsAndRawNumbersAreToldToo() throws IOException {
    byte[] tensors = new SafeTensors().add("a", new float[] {1, 2}, 2).bytes();
    try (TensorFile file = TensorFiles.open(nameless(tensors))) {
      assertInstanceOf(SafetensorsFile.class, file);
    }
    try (TensorFile file = TensorFiles.open(nameless(rawBeginning()))) {
      assertInstanceOf(RawFloats.class, file);
      assertEquals(2, file.tensors().size());
    }
  }

  /** conv1_1 of a VGG and nothing else. */
  private static byte[] rawBeginning() {
    float[] values = TestBackends.random(64 * 27 + 64, 3);
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 9, 100, 511, 512, 513, 5000, 100_000})
  void randomBytesAreRefused(int length) throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      byte[] bytes = new byte[length];
      new Random(seed).nextBytes(bytes);
      assertRefused(bytes);
    }
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    assertRefused(new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weights",
        "{}",
        "<!DOCTYPE html><html><body>404 Not Found</body></html>",
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 574673361\n",
        "name: \"VGG_ILSVRC_19_layers\"\ninput: \"data\"\ninput_dim: 10\n",
        "\n\n\n\n",
        "Größe\r\n"
      })
  void textIsRefused(String text) throws IOException {
    assertRefused(text.getBytes(StandardCharsets.UTF_8));
    assertRefused(text.repeat(500).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aPictureIsRefused() throws IOException {
    Path png = folder.resolve("picture.png");
    ImageFile.write(Pictures.noise(20, 30, 1), png);
    assertRefused(Files.readAllBytes(png));
  }

  @ParameterizedTest
  @ValueSource(strings = {"float-zip.torch", "float-legacy.torch", "keras2.keras"})
  void packedWeightsAreRefused(String fixture) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(Files.readAllBytes(Fixtures.file(fixture)));
    }
    assertRefused(packed.toByteArray());
  }

  @Test
  void aZipOfOtherThingsIsRefused() throws IOException {
    Path zip = TorchPickle.zip(folder.resolve("download"), Map.of("readme.txt", new byte[99]));
    Fixtures.assertRefused(zip, () -> TensorFiles.open(zip));
    byte[] nothing = {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    assertRefused(nothing);
  }

  @Test
  void aFolderWithoutArraysIsRefused() throws IOException {
    Fixtures.assertRefused(folder, () -> TensorFiles.open(folder));
    Files.writeString(folder.resolve("README.md"), "no weights");
    Files.createDirectory(folder.resolve("inner"));
    Fixtures.assertRefused(folder, () -> TensorFiles.open(folder));
  }

  @Test
  void aFolderOfArraysIsNumPys() throws IOException {
    try (var zip =
        new ZipInputStream(Files.newInputStream(Fixtures.file("stored.numpy-archive")))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        Files.write(folder.resolve(entry.getName()), zip.readAllBytes());
      }
    }
    try (TensorFile file = TensorFiles.open(folder)) {
      assertInstanceOf(NumpyFile.class, file);
      assertEquals(2 * Fixtures.CONVOLUTIONS.size(), file.tensors().size());
    }
  }

  @Test
  void aFileThatIsNotThereIsMissingInput() {
    Path path = folder.resolve("none");
    Failure failure = assertThrows(Failure.class, () -> TensorFiles.open(path));
    assertEquals(ExitCode.MISSING_INPUT, failure.exitCode());
    assertEquals("cannot read " + path + ": no such file", failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "double-zip.torch",
        "double-legacy.torch",
        "stored.numpy-archive",
        "half-compressed.numpy-archive",
        "doubles.caffemodel",
        "old-layers.caffemodel",
        "keras2_model.keras",
        "packed_latest.keras"
      })
  void aFileCutShortIsRefusedOrGood(String fixture) throws IOException {
    assertCuts(Files.readAllBytes(Fixtures.file(fixture)));
  }

  @Test
  void rawNumbersAndSafetensorsCutShortAreRefusedOrGood() throws IOException {
    assertCuts(rawBeginning());
    assertCuts(new SafeTensors().add("a", TestBackends.random(2000, 1), 20, 100).bytes());
  }

  /** At every kilobyte, and within the last. */
  private void assertCuts(byte[] whole) throws IOException {
    for (int cut = 0; cut < whole.length; cut += Math.min(1000, Math.max(1, cut / 2))) {
      assertCut(Arrays.copyOf(whole, cut));
    }
    assertCut(Arrays.copyOf(whole, whole.length - 1));
  }

  private void assertCut(byte[] bytes) throws IOException {
    Path path = folder.resolve("download");
    Damage.replace(path, bytes);
    String story = "cut to " + bytes.length + " bytes";
    assertTimeout(SOON, () -> Damage.isTakenOrRefused(path, TensorFiles::open, story));
  }
}
