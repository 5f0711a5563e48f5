package dev.gramloom.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gramloom.backend.Kernel;
import dev.gramloom.weights.VggWeights.Convolution;
import dev.gramloom.weights.format.SafeTensors;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** VGG-19 itself, where developers keep it beside the repository. */
class RealWeightsTest {
  private static final Path FOLDER = Path.of("..", "shared", "weights");
  private static final Path HYBRID = FOLDER.resolve("vgg19-caffe-hybrid.npz");
  private static final double LONGEST_LOAD = 0.5; // seconds

  @TempDir private Path folder;

  @BeforeAll
  static void requireThem() {
    assumeTrue(Files.isDirectory(FOLDER), "not run: ../shared/weights is not there");
  }

  @ParameterizedTest
  @CsvSource({
    "vgg19-caffe-hybrid.npz, VGG19_CAFFE, vgg19, 16,"
        + " f8ee325686ded00722375b5a05fd287de09be3bd3b1853cb1c5cf29996394684",
    "vgg19-caffe-conv1_1-conv3_4.npz, VGG19_CAFFE, vgg19-to-conv3_4, 8,"
        + " f8ee325686ded00722375b5a05fd287de09be3bd3b1853cb1c5cf29996394684",
    "vgg19-torchvision-conv1_1-conv2_1.npz, VGG19_TORCHVISION, vgg19-to-conv2_1, 3,"
        + " e5f3feb551bbaee8f86e07a3168e456c7d76758ae738559684c82008068acd2c"
  })
  void eachIsRecognised(
      String file, KnownWeights known, String name, int convolutions, String sha256) {
    try (VggWeights weights = VggReader.read(FOLDER.resolve(file))) {
      assertEquals(known, weights.known());
      assertEquals(known.convention(), weights.convention());
      assertEquals(known.title(), weights.description(), "nothing had to be put right");
      assertEquals(convolutions, weights.convolutions().size());
      assertEquals(sha256, weights.fingerprint());
      assertEquals(name, WeightImport.name(weights));
    }
  }

  /** How other tools keep the same numbers. */
  private enum Writing {
    TORCHVISION("features.0", "features.2", ".weight", ".bias"),
    WRAPPED("module.features.0", "module.features.2", ".weight", ".bias"),
    KERAS("block1_conv1", "block1_conv2", "/kernel:0", "/bias:0"),
    FLIPPED("features.0", "features.2", ".weight", ".bias"),
    TRANSPOSED("conv1_1", "conv1_2", "_W", "_b"),
    RGB("features.0", "features.2", ".weight", ".bias"),
    FLIPPED_TRANSPOSED_RGB("conv1_1", "conv1_2", ".weight", ".bias");

    private final String[] stems;
    private final String weight;
    private final String bias;

    Writing(String first, String second, String weight, String bias) {
      this.stems = new String[] {first, second};
      this.weight = weight;
      this.bias = bias;
    }

    private boolean is(String property) {
      return name().contains(property);
    }

    /** [K][C][3][3] as this tool writes it. */
    private float[] written(Kernel kernel, boolean first) {
      float[] from = kernel.weights();
      float[] to = new float[from.length];
      int inputs = kernel.inputs();
      for (int i = 0; i < from.length; i++) {
        int k = i / (9 * inputs);
        int c = i / 9 % inputs;
        int place = is("FLIPPED") ? 8 - i % 9 : i % 9;
        place = is("TRANSPOSED") ? place % 3 * 3 + place / 3 : place;
        int channel = first && is("RGB") ? 2 - c : c;
        int at =
            this == KERAS
                ? (place * inputs + channel) * kernel.outputs() + k
                : (k * inputs + channel) * 9 + place;
        to[at] = from[i];
      }
      return to;
    }

    private int[] shape(Kernel kernel) {
      return this == KERAS
          ? new int[] {3, 3, kernel.inputs(), kernel.outputs()}
          : new int[] {kernel.outputs(), kernel.inputs(), 3, 3};
    }
  }

  @ParameterizedTest
  @EnumSource(Writing.class)
  void whateverToolWroteItComesBackBitByBit(Writing writing) {
    List<Kernel> kernels = new ArrayList<>();
    SafeTensors file = new SafeTensors();
    try (VggWeights weights = VggReader.read(HYBRID)) {
      for (int i = 0; i < 2; i++) {
        Kernel kernel = weights.kernel("conv1_" + (i + 1));
        kernels.add(kernel);
        String stem = writing.stems[i];
        file.add(stem + writing.weight, writing.written(kernel, i == 0), writing.shape(kernel));
        file.add(stem + writing.bias, kernel.bias(), kernel.outputs());
      }
    }
    try (VggWeights weights = VggReader.read(file.write(folder))) {
      assertEquals(KnownWeights.VGG19_CAFFE, weights.known());
      assertEquals(2, weights.convolutions().size());
      for (int i = 0; i < 2; i++) {
        Kernel kernel = weights.kernel("conv1_" + (i + 1));
        assertArrayEquals(kernels.get(i).weights(), kernel.weights());
        assertArrayEquals(kernels.get(i).bias(), kernel.bias());
      }
    }
  }

  private static List<Kernel> load(Path file) {
    List<Kernel> kernels = new ArrayList<>();
    try (VggWeights weights = VggReader.read(file)) {
      for (Convolution convolution : weights.convolutions()) {
        kernels.add(weights.kernel(convolution.name()));
        if (convolution.name().equals("conv5_1")) {
          return kernels;
        }
      }
    }
    throw new AssertionError("no conv5_1");
  }

  /** All that this thread has ever put on the heap, dead or alive; no collector has a say in it. */
  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void theImportedFileIsLoadedSoonAndTakesTheRoomOfItsNumbers() {
    Path file = new WeightImport(new WeightStore(List.of(folder)), false).run(HYBRID, null, null);
    assertEquals(folder.resolve("vgg19.safetensors"), file);
    load(file);
    double[] seconds = new double[5];
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      load(file);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    assertTrue(seconds[2] <= LONGEST_LOAD, () -> Arrays.toString(seconds) + " s");
    long before = allocated();
    List<Kernel> kernels = load(file);
    long growth = allocated() - before;
    long bytes = 0;
    for (Kernel kernel : kernels) {
      bytes += 4L * (kernel.weights().length + kernel.bias().length);
    }
    assertEquals(13, kernels.size());
    String story = "%d bytes of kernels took %d".formatted(bytes, growth);
    assertTrue(growth < 1.2 * bytes, story);
    assertTrue(growth > 0.8 * bytes, story);
  }

  @Test
  void theImportHoldsEveryNumberOfTheFile() {
    Path file = new WeightImport(new WeightStore(List.of(folder)), false).run(HYBRID, null, null);
    try (VggWeights from = VggReader.read(HYBRID);
        VggWeights to = VggReader.read(file)) {
      assertEquals(16, to.convolutions().size());
      assertEquals(from.checksum(), to.checksum());
      assertEquals(to.checksum(), to.metadata().get(VggWeights.CHECKSUM));
      assertEquals("caffe-bgr", to.metadata().get("convention"));
      assertTrue(to.metadata().get("origin").startsWith("vgg19-caffe-hybrid.npz, "));
      assertTrue(to.metadata().get("licence").contains("Oxford"));
    }
  }
}
