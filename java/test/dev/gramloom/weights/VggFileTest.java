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
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file of VGG weights is a network, or is said not to be one. */
class VggFileTest {
  @TempDir private Path folder;

  private static SafeTensors convolution(SafeTensors file, String name, int outputs, int inputs) {
    float[] weights = TestBackends.random(outputs * inputs * 9L, name.hashCode());
    return file.add(name + ".weight", weights, outputs, inputs, 3, 3)
        .add(name + ".bias", TestBackends.random(outputs, 7), outputs);
  }

  private static SafeTensors small() {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    convolution(file, "conv2_1", 5, 4); // the order in the file says nothing
    convolution(file, "conv1_1", 4, 3);
    return convolution(file, "conv1_2", 4, 4);
  }

  private void refused(SafeTensors file, String why) {
    Path path = file.write(folder);
    WeightFileTest.bad(path, () -> VggFile.read(path));
    Failure failure = assertThrows(Failure.class, () -> VggFile.read(path));
    assertTrue(failure.getMessage().contains(why), failure.getMessage());
  }

  @Test
  void readsTheConvolutionsInTheNetworksOrder() {
    VggFile vgg = VggFile.read(small().write(folder));
    assertEquals(List.of("conv1_1", "conv1_2", "conv2_1"), List.copyOf(vgg.kernels().keySet()));
    Kernel kernel = vgg.kernels().get("conv2_1");
    assertEquals(5, kernel.outputs());
    assertEquals(4, kernel.inputs());
    assertArrayEquals(TestBackends.random(5 * 4 * 9, "conv2_1".hashCode()), kernel.weights());
    assertArrayEquals(TestBackends.random(5, 7), kernel.bias());
    assertEquals(VggFile.Convention.NONE, vgg.convention());
    assertTrue(vgg.identity().matches("vgg conv1_1 sha256 [0-9a-f]{64}"), vgg.identity());
  }

  @Test
  void anotherFirstKernelIsAnotherIdentity() {
    String identity = VggFile.read(small().write(folder)).identity();
    assertEquals(identity, VggFile.read(small().write(folder)).identity());
    SafeTensors other = new SafeTensors().metadata("convention", "none");
    other.add("conv1_1.weight", TestBackends.random(108, 1), 4, 3, 3, 3);
    other.add("conv1_1.bias", new float[4], 4);
    assertNotEquals(identity, VggFile.read(other.write(folder)).identity());
  }

  @ParameterizedTest
  @EnumSource(VggFile.Convention.class)
  void theMetadataNamesTheConvention(VggFile.Convention convention) {
    SafeTensors file = small().metadata("convention", convention.id());
    assertEquals(convention, VggFile.read(file.write(folder)).convention());
  }

  @Test
  void aConventionNobodyKnowsIsRefused() {
    refused(small().metadata("convention", "bgr"), "got bgr");
    refused(small().metadata("convention", ""), "got ");
    refused(small().metadata("convention", "CAFFE_BGR"), "got CAFFE_BGR");
    refused(small().metadata("format", "pt"), "caffe-bgr, torchvision-rgb or none");
    SafeTensors bare = new SafeTensors();
    refused(convolution(bare, "conv1_1", 4, 3), "caffe-bgr, torchvision-rgb or none");
  }

  @Test
  void aNetworkWithoutItsFirstLayerIsRefused() {
    refused(new SafeTensors().metadata("convention", "none"), "conv1_1.weight");
    SafeTensors second = new SafeTensors().metadata("convention", "none");
    refused(convolution(second, "conv1_2", 4, 3), "conv1_1");
  }

  @Test
  void layersThatDoNotFitEachOtherAreRefused() {
    refused(convolution(small(), "conv2_2", 6, 4), "conv2_2.weight should be [K][5][3][3]");
    refused(convolution(small(), "conv1_1", 4, 1), "conv1_1.weight should be [K][3][3][3]");
  }

  @Test
  void aKernelOfAnotherSizeIsRefused() {
    SafeTensors wide = small();
    wide.add("conv2_2.weight", new float[6 * 5 * 25], 6, 5, 5, 5);
    refused(wide.add("conv2_2.bias", new float[6], 6), "got [6, 5, 5, 5]");
    SafeTensors flat = small();
    flat.add("conv2_2.weight", new float[6 * 5], 6, 5);
    refused(flat.add("conv2_2.bias", new float[6], 6), "got [6, 5]");
  }

  @Test
  void aMissingOrWrongBiasIsRefused() {
    SafeTensors missing = small();
    missing.header.remove("conv2_1.bias");
    refused(missing, "conv2_1.bias");
    refused(small().add("conv2_1.bias", new float[4], 4), "should have 5 values, got 4");
    refused(small().entry("conv2_1.bias", "F16", new int[] {5}, 0, 10), "conv2_1.bias");
  }

  @Test
  void aLayerOfAnotherTypeIsRefusedAndNotLeftOut() {
    int[] shape = {4, 4, 3, 3};
    refused(small().entry("conv1_2.weight", "F16", shape, 0, 288), "conv1_2.weight");
    refused(small().entry("conv1_1.weight", "F64", shape, 0, 288), "conv1_1.weight");
  }

  @Test
  void theGoldenNetworkLacksOnlyItsConvention() {
    Failure failure = assertThrows(Failure.class, () -> VggFile.read(MiniVgg.FILE));
    assertEquals(ExitCode.BAD_DATA, failure.exitCode());
    assertTrue(failure.getMessage().contains("convention"), failure.getMessage());
  }
}
