package dev.gramloom.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.TestBackends;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.weights.format.Fixtures;
import dev.gramloom.weights.format.SafeTensors;
import dev.gramloom.weights.format.VggShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is imported has the numbers of the file, says where it is from, and is there or not. */
class WeightImportTest {
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

  /** The first convolutions of a network, its own shapes, under our keys. */
  private static SafeTensors beginning(VggShape shape, int count) {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    for (VggShape.Convolution c : shape.convolutions().subList(0, count)) {
      VggFiles.convolution(file, c.name(), c.outputs(), c.inputs());
    }
    return file;
  }

  /** A file of zeros of a network's shape: one large hole, which takes no room on most disks. */
  private Path zeros(VggShape shape, int count) throws IOException {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    long at = 0;
    for (VggShape.Convolution c : shape.convolutions().subList(0, count)) {
      int[] weight = {c.outputs(), c.inputs(), 3, 3};
      file.entry(c.name() + ".weight", "F32", weight, at, at + 4L * c.weights());
      at += 4L * c.weights();
      file.entry(c.name() + ".bias", "F32", new int[] {c.outputs()}, at, at + 4L * c.outputs());
      at += 4L * c.outputs();
    }
    Path path = file.write(folder);
    try (var channel = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
      channel.position(Files.size(path) + at - 1);
      channel.write(ByteBuffer.allocate(1));
    }
    return path;
  }

  @ParameterizedTest
  @CsvSource({
    "VGG19, 16, vgg19",
    "VGG16, 13, vgg16",
    "VGG19, 13, vgg19",
    "VGG19, 12, vgg19-to-conv4_4",
    "VGG19, 8, vgg19-to-conv3_4",
    "VGG16, 8, vgg16-to-conv4_1",
    "VGG19, 7, vgg19-to-conv3_3",
    "VGG16, 7, vgg19-to-conv3_3", // the two are alike so far
    "VGG19, 1, vgg19-to-conv1_1"
  })
  void theShapeNamesTheNetwork(VggShape shape, int convolutions, String name) throws IOException {
    try (VggWeights weights = VggReader.read(zeros(shape, convolutions))) {
      assertEquals(name, WeightImport.name(weights));
    }
  }

  @ParameterizedTest
  @EnumSource(KnownWeights.class)
  void whereShapesAreAlikeTheFirstKernelTellsTheNetwork(KnownWeights known) {
    SafeTensors file = beginning(VggShape.VGG19, 3);
    file.header.remove("__metadata__");
    float[] first = TestBackends.random(64 * 3 * 9, 5);
    for (int i = 0; i < 9; i++) {
      first[i] = (float) known.plane()[i];
    }
    float[] bias = new float[64];
    bias[0] = (float) known.bias();
    file.add("conv1_1.weight", first, 64, 3, 3, 3).add("conv1_1.bias", bias, 64);
    Path written = imported(file.write(folder), null, null);
    String network = known.name().startsWith("VGG16") ? "vgg16" : "vgg19";
    assertEquals(store.resolve(network + "-to-conv2_1.safetensors"), written);
    Map<String, String> metadata = VggReader.read(written).metadata();
    assertEquals(known.title(), metadata.get("network"));
    assertEquals(known.convention().id(), metadata.get("convention"));
    assertEquals(known.licence(), metadata.get("licence"));
  }

  @Test
  void channelsOfNoVggAreAVggAllTheSame() {
    Path written = imported(VggFiles.small().write(folder), null, null);
    assertEquals(store.resolve("vgg.safetensors"), written);
  }

  @Test
  void theBeginningOfVgg19IsImportedBitByBit() {
    Path file = beginning(VggShape.VGG19, 3).write(folder);
    Path written = imported(file, null, null);
    assertEquals(store.resolve("vgg19-to-conv2_1.safetensors"), written);
    try (VggWeights from = VggReader.read(file);
        VggWeights to = VggReader.read(written)) {
      assertEquals(128, to.kernel("conv2_1").outputs());
      WeightImportFormatsTest.assertSameTensors(from, to);
    }
  }

  @Test
  void theFileIsItsHeaderAndItsNumbersWhichAreAligned() throws IOException {
    Path written = imported(VggFiles.small().write(folder), null, null);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(written)).order(ByteOrder.LITTLE_ENDIAN);
    long header = bytes.getLong();
    int numbers = (4 * 3 + 4 * 4 + 5 * 4) * 9 + 4 + 4 + 5;
    assertEquals(Long.BYTES + header + 4 * numbers, bytes.capacity());
    assertEquals(0, header % 8);
  }

  @ParameterizedTest
  @EnumSource(Convention.class)
  void theFileSaysWhereItIsFromAndHowItSeesPixels(Convention convention) {
    Path written = imported(VggFiles.small().write(folder), "mine", convention);
    try (VggWeights weights = VggReader.read(written)) {
      Map<String, String> metadata = weights.metadata();
      assertEquals(convention, weights.convention());
      assertEquals(convention.id(), metadata.get("convention"));
      assertTrue(metadata.get("origin").startsWith("weights.safetensors, "), metadata::toString);
      assertEquals(weights.checksum(), metadata.get(VggWeights.CHECKSUM));
      assertNull(metadata.get("licence"), "nobody knows it");
    }
  }

  @Test
  void aLicenceThatTheFileNamesIsKept() {
    SafeTensors file = VggFiles.small();
    file.header.put("__metadata__", Map.of("convention", "none", "licence", "CC0"));
    Path once = imported(file.write(folder), "once", null);
    Path twice = imported(once, "twice", null);
    assertEquals("CC0", VggReader.read(twice).metadata().get("licence"));
  }

  @Test
  void nothingIsWrittenForABadFile() {
    SafeTensors spoilt = VggFiles.small();
    float[] weights = TestBackends.random(5 * 4 * 9, 1);
    weights[100] = Float.NaN; // in the last convolution
    spoilt.add("conv2_1.weight", weights, 5, 4, 3, 3);
    SafeTensors chain = new SafeTensors().metadata("convention", "none");
    VggFiles.convolution(chain, "conv1_1", 4, 3);
    VggFiles.convolution(chain, "conv1_2", 4, 5);
    SafeTensors unknown = VggFiles.small();
    unknown.header.remove("__metadata__");
    for (SafeTensors file : List.of(spoilt, chain, unknown)) {
      Path path = file.write(folder);
      Fixtures.assertRefused(path, () -> imported(path, "net", null));
      assertFalse(Files.exists(store), "not even the folder");
    }
  }

  @Test
  void aBadFileLeavesTheOldWeightsAsTheyWere() throws IOException {
    Path written = imported(VggFiles.small().write(folder), "net", null);
    byte[] before = Files.readAllBytes(written);
    SafeTensors spoilt = VggFiles.small();
    float[] bias = {0, 1, 2, 3, Float.POSITIVE_INFINITY};
    Path bad = spoilt.add("conv2_1.bias", bias, 5).write(folder);
    Fixtures.assertRefused(bad, () -> importing(true).run(bad, "net", null));
    assertArrayEquals(before, Files.readAllBytes(written));
    try (var files = Files.list(store)) {
      assertEquals(List.of(written), files.toList());
    }
  }

  @Test
  void aTakenNameIsRefusedBeforeAnythingIsWritten() throws IOException {
    Path written = imported(VggFiles.small().write(folder), "net", null);
    byte[] before = Files.readAllBytes(written);
    Path other = Fixtures.file("stored.numpy-archive");
    Failure failure = assertThrows(Failure.class, () -> imported(other, "net", Convention.NONE));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertArrayEquals(before, Files.readAllBytes(written));
  }
}
