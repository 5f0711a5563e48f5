package dev.gramloom.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Kernel;
import dev.gramloom.weights.VggWeights.Convolution;
import dev.gramloom.weights.format.Fixtures;
import dev.gramloom.weights.format.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever format weights come in, they go into the store with the same bits. */
class WeightImportFormatsTest {
  @TempDir private Path folder;
  private Path store;

  @BeforeEach
  void nameTheStore() {
    store = folder.resolve("store");
  }

  private WeightImport importing(boolean replace) {
    return new WeightImport(new WeightStore(List.of(store)), replace);
  }

  private Path imported(Path file, String name, Convention convention) {
    return importing(false).run(file, name, convention);
  }

  static void assertSameTensors(VggWeights expected, VggWeights actual) {
    assertEquals(expected.convolutions(), actual.convolutions());
    for (Convolution convolution : expected.convolutions()) {
      Kernel kernel = expected.kernel(convolution.name());
      assertArrayEquals(kernel.weights(), actual.kernel(convolution.name()).weights());
      assertArrayEquals(kernel.bias(), actual.kernel(convolution.name()).bias());
    }
    assertEquals(expected.checksum(), actual.checksum());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bethge.torch",
        "checkpoint-legacy.torch",
        "checkpoint-zip.torch",
        "double-legacy.torch",
        "double-zip.torch",
        "float-legacy.torch",
        "float-zip.torch",
        "half-legacy.torch",
        "half-zip.torch",
        "stored.numpy-archive",
        "half-compressed.numpy-archive",
        "hwio.numpy-archive",
        "big-endian-fortran.numpy-archive",
        "doubles.caffemodel",
        "old-layers.caffemodel",
        "present-layers.caffemodel",
        "unpacked.caffemodel",
        "keras1.keras",
        "keras2.keras",
        "keras2_model.keras",
        "latest.keras",
        "packed.keras",
        "packed_latest.keras"
      })
  void everyFormatIsImportedBitByBit(String fixture) {
    Path written = imported(Fixtures.file(fixture), "net", Convention.NONE);
    try (VggWeights weights = VggReader.read(written)) {
      List<String> names = weights.convolutions().stream().map(Convolution::name).toList();
      assertEquals(List.copyOf(Fixtures.CONVOLUTIONS.keySet()), names);
      for (String name : names) {
        assertArrayEquals(Fixtures.weight(name), weights.kernel(name).weights(), name);
        assertArrayEquals(Fixtures.bias(name), weights.kernel(name).bias(), name);
      }
      assertTrue(weights.metadata().get("origin").startsWith(fixture + ", "));
    }
  }

  @Test
  void anImportOfAnImportHasTheSameTensors() throws IOException {
    Path once = imported(Fixtures.file("keras2.keras"), "once", Convention.NONE);
    Path twice = imported(once, "twice", null);
    byte[] bytes = Files.readAllBytes(twice);
    try (VggWeights from = VggReader.read(once);
        VggWeights to = VggReader.read(twice)) {
      assertSameTensors(from, to);
    }
    importing(true).run(twice, "twice", null); // onto itself
    assertEquals(bytes.length, Files.size(twice));
    importing(true).run(once, "twice", null);
    assertArrayEquals(bytes, Files.readAllBytes(twice));
  }

  /** Every way in which a known network is written is the same network. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsPutRightStaysRightWhetherItsConventionIsSaidOrNot(boolean said) {
    SafeTensors file = VggFiles.numbered(KnownWeights.VGG19_CAFFE, "features.");
    Path straight = imported(file.write(folder), "straight", null);
    SafeTensors turned = new SafeTensors();
    try (VggWeights weights = VggReader.read(straight)) {
      for (Convolution c : weights.convolutions()) {
        Kernel kernel = weights.kernel(c.name());
        float[] values = rotated(kernel.weights());
        turned.add(c.name() + ".weight", values, c.outputs(), c.inputs(), 3, 3);
        turned.add(c.name() + ".bias", kernel.bias(), c.outputs());
      }
    }
    Convention convention = said ? Convention.CAFFE_BGR : null;
    Path again = imported(turned.write(folder), "turned", convention);
    Path twice = imported(again, "twice", convention);
    try (VggWeights expected = VggReader.read(straight)) {
      assertSameTensors(expected, VggReader.read(again));
      assertSameTensors(expected, VggReader.read(twice));
    }
  }

  /** Each 3x3 by half a turn. */
  private static float[] rotated(float[] weights) {
    float[] rotated = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      rotated[i] = weights[i / 9 * 9 + 8 - i % 9];
    }
    return rotated;
  }

  @Test
  void aFolderOfArraysIsCalledByItsOwnName() throws IOException {
    Path arrays = Files.createDirectory(folder.resolve("arrays"));
    try (var zip = new ZipInputStream(Files.newInputStream(Fixtures.file("hwio.numpy-archive")))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        Files.write(arrays.resolve(entry.getName()), zip.readAllBytes());
      }
    }
    Path written = imported(arrays.resolve("."), "net", Convention.NONE);
    try (VggWeights weights = VggReader.read(written)) {
      assertTrue(weights.metadata().get("origin").startsWith("arrays, "));
      assertArrayEquals(Fixtures.weight("conv3_1"), weights.kernel("conv3_1").weights());
    }
    Path root = folder.getRoot();
    Fixtures.assertRefused(root, () -> imported(root, "root", Convention.NONE));
  }

  /** Where digits and the decimal point are others, names and metadata stay the same bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"de-DE", "ar-EG-u-nu-arab", "fa-IR-u-nu-arabext"})
  void theSameFileGivesTheSameBytesWhateverTheLocale(String tag) throws IOException {
    SafeTensors file = VggFiles.numbered(KnownWeights.VGG19_CAFFE, "features.");
    float[] scaled = VggFiles.first(KnownWeights.VGG19_CAFFE);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 255;
    }
    Path path = file.add("features.0.weight", scaled, 4, 3, 3, 3).write(folder);
    byte[] expected = Files.readAllBytes(imported(path, "here", null));
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(tag));
    try {
      assertArrayEquals(expected, Files.readAllBytes(imported(path, "there", null)));
    } finally {
      Locale.setDefault(before);
    }
  }
}
