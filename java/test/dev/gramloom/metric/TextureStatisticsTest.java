package dev.gramloom.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.image.HoleFill;
import dev.gramloom.image.Image;
import dev.gramloom.image.Pictures;
import dev.gramloom.loss.GramLoss;
import dev.gramloom.network.BackendSuppliers;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Layer;
import dev.gramloom.network.Mask;
import dev.gramloom.network.MiniVgg;
import dev.gramloom.network.Network;
import dev.gramloom.network.NetworkPass;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A network remembers of an exemplar what its mask lets it see, and nothing else. */
class TextureStatisticsTest {
  private static final int HEIGHT = 49;
  private static final int WIDTH = 58;

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    Network bank = FilterBank.network(Preprocessing.NONE, 32);
    Network vgg = MiniVgg.network(new Layer.MaxPool());
    BackendSuppliers.all()
        .forEach(backend -> {
          cases.add(Arguments.of(backend, Named.of("filters", bank)));
          cases.add(Arguments.of(backend, Named.of("vgg", vgg)));
        });
    return cases.stream();
  }

  /** The same texture around a hole at the border, with anything in the hole. */
  private static Image holed(Image filling) {
    Image texture = Pictures.waves(HEIGHT, WIDTH, 3);
    Image holed = Pictures.withHole(texture, 20, 0, 9, 6);
    float[] rgb = texture.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = holed.uses(i % holed.pixels()) ? rgb[i] : filling.rgb()[i];
    }
    return new Image(HEIGHT, WIDTH, rgb, holed.mask());
  }

  private static Image red() {
    float[] rgb = Pictures.noise(HEIGHT, WIDTH, 9).rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = i < HEIGHT * WIDTH ? 0.8f + 0.2f * rgb[i] : 0.1f * rgb[i];
    }
    return new Image(HEIGHT, WIDTH, rgb);
  }

  private static Image blue() {
    return Pictures.plain(HEIGHT, WIDTH, 0, 0.1f, 1);
  }

  private static void assertSame(TextureStatistics a, TextureStatistics b) {
    assertEquals(a.targets().keySet(), b.targets().keySet());
    a.targets()
        .forEach((tap, target) -> {
          GramLoss.Target other = b.targets().get(tap);
          assertArrayEquals(target.gram().toArray(), other.gram().toArray(), tap.name());
          if (tap.centred()) {
            float[] centre = target.centreA().toArray();
            assertArrayEquals(centre, other.centreA().toArray(), tap.name());
          }
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatLiesUnderTheMaskChangesNothing(Supplier<Backend> supplier, Network network) {
    Backend backend = supplier.get();
    TextureStatistics red = new TextureStatistics(backend, network, holed(red()));
    assertFalse(red.targets().isEmpty());
    assertSame(red, new TextureStatistics(backend, network, holed(blue())));
    Image bare = new Image(HEIGHT, WIDTH, holed(red()).rgb());
    TextureStatistics unmasked = new TextureStatistics(backend, network, bare);
    Network.Tap first = network.taps().get(0);
    float[] seen = unmasked.targets().get(first).gram().toArray();
    assertTrue(
        TestBackends.relativeError(seen, red.targets().get(first).gram().toArray()) > 0.01,
        "without its mask the red would be seen");
  }

  /** Every node's output, as it is without any mask. */
  private static List<float[]> features(Backend backend, Network network, Image picture) {
    List<float[]> features = new ArrayList<>();
    Shape shape = new Shape(3, picture.height(), picture.width());
    try (NetworkPass pass = new NetworkPass(backend, network, shape, Edges.REFLECT, false)) {
      Tensor x = backend.upload(shape, picture.rgb());
      pass.forward(x, node -> features.add(pass.output(node).toArray()));
    }
    return features;
  }

  private static List<Mask> masks(Network network, Image picture) {
    Mask all = new Mask(picture.height(), picture.width(), picture.mask());
    List<Mask> masks = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      Mask input = node.input() < 0 ? all : masks.get(node.input());
      masks.add(node.layer().visible(input, Edges.REFLECT));
    }
    return masks;
  }

  /** A wavelet must have texture in its middle 3x3 pixels; a VGG's filters have no more. */
  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void visiblePlacesOfAVggHaveSeenNothingOfTheHole(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Network network = MiniVgg.network(new Layer.MaxPool());
    List<float[]> red = features(backend, network, holed(red()));
    List<float[]> blue = features(backend, network, holed(blue()));
    List<Mask> masks = masks(network, holed(red()));
    for (int node = 0; node < masks.size(); node++) {
      float[] texture = masks.get(node).texture();
      int hidden = 0;
      int touched = 0;
      for (int p = 0; p < texture.length; p++) {
        boolean same = true;
        for (int i = p; i < red.get(node).length; i += texture.length) {
          same &= red.get(node)[i] == blue.get(node)[i];
        }
        assertTrue(same || texture[p] == 0, "node " + node + " saw the hole at " + p);
        hidden += texture[p] == 0 ? 1 : 0;
        touched += same ? 0 : 1;
      }
      assertTrue(touched > 0 && hidden >= touched);
      // corners of a window may weigh nothing or lose to a maximum, but not much more is hidden
      assertTrue(hidden <= 2.5 * touched + 20, "node " + node + " hides " + hidden + "/" + touched);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void statisticsAreThoseOfTheVisiblePlaces(Supplier<Backend> supplier, Network network) {
    Backend backend = supplier.get();
    Image exemplar = holed(red());
    List<float[]> features = features(backend, network, HoleFill.fill(exemplar));
    List<Mask> masks = masks(network, exemplar);
    var statistics = new TextureStatistics(backend, network, exemplar);
    statistics
        .targets()
        .forEach((tap, target) -> {
          Mask mask = masks.get(tap.a()).and(masks.get(tap.b()));
          float[] expected =
              gram(features.get(tap.a()), features.get(tap.b()), mask, tap.centred());
          double error = TestBackends.relativeError(target.gram().toArray(), expected);
          assertTrue(error < 2e-5, () -> tap.name() + " off by " + error);
        });
  }

  /** Mean products, or covariances, over the places of a mask. */
  private static float[] gram(float[] a, float[] b, Mask mask, boolean centred) {
    int m = mask.texture().length;
    int rows = a.length / m;
    int columns = b.length / m;
    double[] meanA = means(a, mask, centred);
    double[] meanB = means(b, mask, centred);
    float[] gram = new float[rows * columns];
    for (int i = 0; i < gram.length; i++) {
      double sum = 0;
      for (int p = 0; p < m; p++) {
        double left = a[i / columns * m + p] - meanA[i / columns];
        double right = b[i % columns * m + p] - meanB[i % columns];
        sum += mask.texture()[p] * left * right;
      }
      gram[i] = (float) (sum / mask.count());
    }
    return gram;
  }

  private static double[] means(float[] x, Mask mask, boolean centred) {
    int m = mask.texture().length;
    double[] means = new double[x.length / m];
    for (int i = 0; i < x.length && centred; i++) {
      means[i / m] += (double) x[i] * mask.texture()[i % m] / mask.count();
    }
    return means;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aMaskThatKeepsAllIsNone(Supplier<Backend> supplier, Network network) {
    Backend backend = supplier.get();
    Image whole = Pictures.waves(HEIGHT, WIDTH, 3);
    Image masked = Pictures.withHole(whole, 0, 0, 0, 0);
    TextureStatistics plain = new TextureStatistics(backend, network, whole);
    TextureStatistics kept = new TextureStatistics(backend, network, masked);
    plain
        .targets()
        .forEach((tap, target) -> {
          GramLoss.Target other = kept.targets().get(tap);
          if (other == null) {
            assertTrue(tap.name().startsWith("conv"), tap.name()); // too small at the deepest
          } else {
            float[] expected = target.gram().toArray();
            assertTrue(
                TestBackends.relativeError(other.gram().toArray(), expected) < 1e-6, tap.name());
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aTapThatSeesTooLittleIsLeftOut(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Network network = FilterBank.network(Preprocessing.NONE, 32);
    Image waves = Pictures.waves(48, 48, 3);
    float[] mask = new float[48 * 48];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i / 48 >= 10 && i / 48 < 28 && i % 48 >= 20 && i % 48 < 38 ? 1 : 0; // 18 x 18
    }
    Image little = new Image(48, 48, waves.rgb(), mask);
    List<String> names =
        new TextureStatistics(backend, network, little)
            .targets().keySet().stream().map(Network.Tap::name).toList();
    assertEquals(List.of("first0"), names); // 16 x 16 places, the others 7 x 7
    List<String> all = network.taps().stream().map(Network.Tap::name).toList();
    assertNotEquals(names, all);
    Image whole = new Image(48, 48, waves.rgb());
    List<String> unmasked =
        new TextureStatistics(backend, network, whole)
            .targets().keySet().stream().map(Network.Tap::name).toList();
    assertEquals(all.stream().sorted().toList(), unmasked.stream().sorted().toList());
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void aCornerOfTheExemplarDoesNotStandForIt(Supplier<Backend> supplier) {
    Network network = FilterBank.network(Preprocessing.NONE, 16);
    float[] mask = new float[96 * 96];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i / 96 < 26 && i % 96 < 26 ? 1 : 0; // 7 % of the places
    }
    Image corner = new Image(96, 96, Pictures.waves(96, 96, 3).rgb(), mask);
    assertTrue(new TextureStatistics(supplier.get(), network, corner).targets().isEmpty());
  }
}
