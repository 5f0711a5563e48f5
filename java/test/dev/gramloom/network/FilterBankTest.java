package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The built-in network is what its formulas say. */
class FilterBankTest {

  /** A bank's filters, as against the blur between octaves. */
  private static List<Layer.Convolution> banks(Network network) {
    return network.nodes().stream()
        .filter(node -> node.layer() instanceof Layer.Convolution)
        .map(node -> (Layer.Convolution) node.layer())
        .filter(convolution -> convolution.activation() == Activation.RECTIFY)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "8, 1",
    "31, 1",
    "32, 2",
    "33, 2",
    "63, 2",
    "64, 3",
    "127, 3",
    "128, 4",
    "255, 4",
    "256, 5",
    "512, 5",
    "16384, 5"
  })
  void theCoarsestOctaveKeepsAtLeastSixteenPixels(int side, int octaves) {
    assertEquals(octaves, FilterBank.octaves(side));
    Network network = FilterBank.network(Preprocessing.NONE, side);
    assertEquals(octaves, banks(network).size());
    List<String> names = network.taps().stream().map(Network.Tap::name).toList();
    for (int octave = 0; octave < octaves; octave++) {
      assertTrue(names.contains("first" + octave) && names.contains("second" + octave));
      assertEquals(octave + 1 < octaves, names.contains("cross" + octave));
    }
    assertEquals(3 * octaves - 1, names.size());
    assertEquals(2 * octaves, network.meanTaps().size());
  }

  @Test
  void theFinestOctaveHas74FeaturesAndTheOthers134() {
    Shape shape = new Shape(3, 128, 160);
    Network network = FilterBank.network(Preprocessing.NONE, 128);
    NetworkPass pass =
        new NetworkPass(BackendSuppliers.get("cpu"), network, shape, Edges.WRAP, false);
    for (Network.Tap tap : network.taps()) {
      Shape a = pass.shape(tap.a());
      Shape b = pass.shape(tap.b());
      int octave = tap.name().charAt(tap.name().length() - 1) - '0';
      if (tap.name().startsWith("first")) {
        assertEquals(new Shape(octave == 0 ? 74 : 134, 128 >> octave, 160 >> octave), a);
        assertEquals(tap.a(), tap.b());
      } else if (tap.name().startsWith("cross")) {
        assertEquals(new Shape(octave == 0 ? 74 : 134, 64 >> octave, 80 >> octave), a);
        assertEquals(new Shape(134, 64 >> octave, 80 >> octave), b);
      } else {
        assertEquals(64 >> octave, a.height());
        assertEquals(80 >> octave, a.width());
      }
    }
    pass.close();
  }

  @Test
  void everyFilterButTheSmoothOnesHasNoMean() {
    for (Layer.Convolution bank : banks(FilterBank.network(Preprocessing.NONE, 64))) {
      int length = bank.kernel().weights().length / bank.kernel().outputs();
      for (int k = 0; k < bank.kernel().outputs(); k++) {
        double sum = 0;
        double square = 0;
        for (int i = 0; i < length; i++) {
          float weight = bank.kernel().weights()[k * length + i];
          sum += weight;
          square += weight * weight;
        }
        assertEquals(isSmooth(bank.kernel(), k) ? 2 : 0, sum, 1e-6, "filter " + k);
        assertTrue(square > 0.1, "filter " + k);
        assertEquals(0, bank.kernel().bias()[k]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aPictureOfOneColourIsSeenByTheSmoothFiltersAlone(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Shape shape = new Shape(3, 33, 34);
    Tensor picture = backend.zeros(shape);
    backend.fill(0.75f, picture);
    Network network = FilterBank.network(Preprocessing.NONE, 33);
    try (NetworkPass pass = new NetworkPass(backend, network, shape, Edges.WRAP, false)) {
      pass.forward(
          picture,
          node -> {
            Layer layer = network.nodes().get(node).layer();
            if (layer instanceof Layer.Convolution c && c.activation() == Activation.RECTIFY) {
              assertSmoothAlone(pass.output(node), c.kernel());
            }
          });
    }
  }

  private static void assertSmoothAlone(Tensor features, Kernel kernel) {
    float[] values = features.toArray();
    for (int i = 0; i < values.length; i++) {
      int channel = i / features.shape().pixels();
      boolean smooth = channel < kernel.outputs() && isSmooth(kernel, channel);
      assertEquals(smooth ? 1.5f : 0, values[i], 2e-6f, "channel " + channel);
    }
    assertEquals(2 * kernel.outputs(), features.shape().channels());
  }

  /** Whether it is the first of the filters of its colour axis. */
  private static boolean isSmooth(Kernel kernel, int k) {
    return k == 0 || axis(kernel, k) != axis(kernel, k - 1);
  }

  private static int axis(Kernel kernel, int k) {
    int axis = 0;
    while (kernel.weight(k, axis, kernel.radius(), kernel.radius()) == 0
        && kernel.weight(k, axis, kernel.radius(), kernel.radius() + 1) == 0
        && kernel.weight(k, axis, kernel.radius() + 1, kernel.radius()) == 0) {
      axis++;
    }
    return axis;
  }

  @ParameterizedTest
  @CsvSource({"5, 1.0, 3, 8", "7, 1.0, 3, 8", "7, 1.7, 5, 8", "7, 1.7, 5, 4", "5, 1.2, 4, 4"})
  void gaborsHaveNoMeanAndUnitLength(int size, double sigma, double wavelength, int orientations) {
    Gabor gabor = new Gabor(size, sigma, wavelength, orientations);
    assertEquals(2 * orientations, gabor.count());
    for (int i = 0; i < gabor.count(); i++) {
      double sum = 0;
      double square = 0;
      float[] filter = gabor.filter(i);
      assertEquals(size * size, filter.length);
      for (float f : filter) {
        sum += f;
        square += (double) f * f;
      }
      assertEquals(0, sum, 1e-6);
      assertEquals(1, square, 1e-6);
    }
  }

  @Test
  void evenPhasesMirrorOntoThemselvesAndOddOnesTurnTheirSign() {
    Gabor gabor = new Gabor(7, 1.7, 5, 8);
    for (int i = 0; i < gabor.count(); i++) {
      float[] filter = gabor.filter(i);
      for (int p = 0; p < filter.length; p++) {
        float mirrored = filter[filter.length - 1 - p];
        assertEquals(i % 2 == 0 ? mirrored : -mirrored, filter[p], 1e-6f);
      }
    }
  }

  @Test
  void aQuarterTurnOfTheOrientationTurnsTheFilter() {
    Gabor gabor = new Gabor(5, 1.2, 4, 4);
    float[] across = gabor.filter(0); // waves along x
    float[] down = gabor.filter(4); // half of the half turn: waves along y
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        assertEquals(across[5 * y + x], down[5 * x + y], 1e-6f);
      }
    }
    assertNotEquals(across[1], down[1], 1e-3f);
  }

  @Test
  void gaussiansAddUpToOne() {
    double sum = 0;
    for (float f : Gabor.gaussian(5, 1)) {
      sum += f;
    }
    assertEquals(1, sum, 1e-6);
  }
}
