package dev.gramloom.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.failure.ExitCode;
import dev.gramloom.failure.Failure;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.weights.VggWeights.Convolution;
import dev.gramloom.weights.format.Fixtures;
import dev.gramloom.weights.format.SafeTensors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of VGG weights is a network, or is said not to be one. */
class VggReaderTest {
  @TempDir private Path folder;

  private static List<String> names(VggWeights weights) {
    return weights.convolutions().stream().map(Convolution::name).toList();
  }

  private void refused(SafeTensors file, String why) {
    Path path = file.write(folder);
    Failure failure = Fixtures.assertRefused(path, () -> VggReader.read(path));
    assertTrue(failure.getMessage().contains(why), failure.getMessage());
  }

  @Test
  void readsTheConvolutionsInTheNetworksOrder() {
    VggWeights vgg = VggReader.read(VggFiles.small().write(folder));
    assertEquals(List.of("conv1_1", "conv1_2", "conv2_1"), names(vgg));
    Kernel kernel = vgg.kernel("conv2_1");
    assertEquals(5, kernel.outputs());
    assertEquals(4, kernel.inputs());
    assertArrayEquals(TestBackends.random(5 * 4 * 9, "conv2_1".hashCode()), kernel.weights());
    assertArrayEquals(TestBackends.random(5, 7), kernel.bias());
    assertEquals(Convention.NONE, vgg.convention());
  }

  @Test
  void anotherFirstKernelIsAnotherFingerprintAndAnyNumberAnotherChecksum() {
    VggWeights vgg = VggReader.read(VggFiles.small().write(folder));
    String fingerprint = vgg.fingerprint();
    String checksum = vgg.checksum();
    SafeTensors sameFirst = new SafeTensors().metadata("convention", "none");
    VggWeights shorter =
        VggReader.read(VggFiles.convolution(sameFirst, "conv1_1", 4, 3).write(folder));
    assertEquals(fingerprint, shorter.fingerprint());
    assertNotEquals(checksum, shorter.checksum());
    SafeTensors other = new SafeTensors().metadata("convention", "none");
    other.add("conv1_1.weight", TestBackends.random(108, 1), 4, 3, 3, 3);
    other.add("conv1_1.bias", new float[4], 4);
    assertNotEquals(fingerprint, VggReader.read(other.write(folder)).fingerprint());
  }

  @ParameterizedTest
  @EnumSource(Convention.class)
  void theMetadataNamesTheConvention(Convention convention) {
    SafeTensors file = VggFiles.small().metadata("convention", convention.id());
    assertEquals(convention, VggReader.read(file.write(folder)).convention());
  }

  @ParameterizedTest
  @EnumSource(Convention.class)
  void theFlagOverrulesTheMetadata(Convention convention) {
    Path path = VggFiles.small().write(folder);
    assertEquals(convention, VggReader.read(path, convention).convention());
  }

  @Test
  void aConventionNobodyKnowsIsRefused() {
    refused(VggFiles.small().metadata("convention", "bgr"), "got bgr");
    refused(VggFiles.small().metadata("convention", ""), "got ");
    refused(VggFiles.small().metadata("convention", "CAFFE_BGR"), "got CAFFE_BGR");
    refused(VggFiles.small().metadata("format", "pt"), "caffe-bgr, torchvision-rgb or none");
    SafeTensors bare = new SafeTensors();
    refused(VggFiles.convolution(bare, "conv1_1", 4, 3), "--convention");
  }

  @ParameterizedTest
  @EnumSource(KnownWeights.class)
  void aKnownFirstKernelNeedsNoMetadata(KnownWeights known) {
    VggWeights vgg = VggReader.read(VggFiles.numbered(known, "features.").write(folder));
    assertEquals(known.convention(), vgg.convention());
    assertEquals(known.licence(), vgg.licence());
    assertTrue(vgg.description().startsWith(known.title()), vgg.description());
  }

  @ParameterizedTest
  @ValueSource(strings = {"features.", "", "module.features.", "vgg.slice1."})
  void numberedLayersAreNamedByTheGapsThatPoolingLeaves(String prefix) {
    Path path = VggFiles.numbered(KnownWeights.VGG19_CAFFE, prefix).write(folder);
    List<String> blocks = List.of("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1");
    assertEquals(blocks, names(VggReader.read(path)));
  }

  @Test
  void batchNormalizationIsRefused() {
    SafeTensors file = VggFiles.small().add("bn1.running_mean", new float[4], 4);
    refused(file, "normalizes batches (bn1.running_mean)");
  }

  @Test
  void aChainThatBreaksIsRefused() {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    VggFiles.convolution(file, "conv1_1", 4, 3);
    refused(VggFiles.convolution(file, "conv1_2", 4, 5), "conv1_2 should see 4 channels");
    SafeTensors grey = new SafeTensors().metadata("convention", "none");
    refused(VggFiles.convolution(grey, "conv1_1", 4, 1), "conv1_1 should see 3 channels");
  }

  @Test
  void aFileWithoutABeginningIsRefused() {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    refused(VggFiles.convolution(file, "conv1_2", 4, 3), "it has no conv1_1");
    refused(new SafeTensors().add("fc.weight", new float[6], 2, 3), "no 3x3 convolution");
  }

  @Test
  void otherLayersThanConvolutionsAreLeftAlone() {
    SafeTensors file = VggFiles.small().add("classifier.0.weight", new float[6], 2, 3);
    file.add("classifier.0.bias", new float[2], 2).add("fc1.weight", new float[98], 1, 2, 7, 7);
    assertEquals(3, VggReader.read(file.write(folder)).convolutions().size());
  }

  @Test
  void aMissingOrWrongBiasIsRefused() {
    SafeTensors missing = VggFiles.small();
    missing.header.remove("conv2_1.bias");
    refused(missing, "conv2_1.weight needs a bias of 5 numbers, it has none");
    refused(VggFiles.small().add("conv2_1.bias", new float[4], 4), "5 numbers, it has [4]");
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    float[] weights = TestBackends.random(108, 1);
    weights[50] = Float.NaN;
    file.add("conv1_1.weight", weights, 4, 3, 3, 3).add("conv1_1.bias", new float[4], 4);
    Path path = file.write(folder);
    VggWeights vgg = VggReader.read(path);
    Fixtures.assertRefused(path, () -> vgg.kernel("conv1_1"));
  }

  @Test
  void aLayerThatIsNotThereIsNamedWithThoseThatAre() {
    Path path = VggFiles.small().write(folder);
    VggWeights vgg = VggReader.read(path);
    Failure failure = assertThrows(Failure.class, () -> vgg.kernel("conv5_1"));
    assertEquals(path + ": it has no conv5_1; it holds conv1_1 to conv2_1", failure.getMessage());
    assertEquals(ExitCode.BAD_DATA, failure.exitCode());
  }

  @Test
  void aColorLayerThatDoesAsOursIsLeftOut() {
    float[] matrix = {0, 0, 255, 0, 255, 0, 255, 0, 0};
    float[] offset = {-103.939f, -116.779f, -123.68f};
    SafeTensors file = new SafeTensors().add("0.weight", matrix, 3, 3, 1, 1);
    file.add("0.bias", offset, 3);
    int[] numbers = {2, 5, 9};
    int[] outputs = {4, 4, 5};
    for (int i = 0; i < numbers.length; i++) {
      VggFiles.convolution(file, numbers[i] + "", outputs[i], i == 0 ? 3 : 4);
    }
    file.add("2.weight", VggFiles.first(KnownWeights.VGG19_CAFFE), 4, 3, 3, 3);
    VggWeights vgg = VggReader.read(file.write(folder), Convention.CAFFE_BGR);
    assertEquals(List.of("conv1_1", "conv1_2", "conv2_1"), names(vgg));
    offset[0] = 0;
    refused(file.add("0.bias", offset, 3), "0.weight changes colors");
  }

  @Test
  void theGoldenNetworkLacksOnlyItsConvention() {
    Failure failure = assertThrows(Failure.class, () -> VggReader.read(MiniVgg.FILE));
    assertEquals(ExitCode.BAD_DATA, failure.exitCode());
    assertTrue(failure.getMessage().contains("convention"), failure.getMessage());
    assertEquals(13, VggReader.read(MiniVgg.FILE, Convention.NONE).convolutions().size());
  }
}
