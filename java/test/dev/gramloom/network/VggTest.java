package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.network.Network.Node;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.synthesis.VggRecipe;
import dev.gramloom.tensor.Shape;
import dev.gramloom.weights.format.VggShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A VGG is as deep as its taps need, looks as often as it is told to, and reads nothing twice. */
class VggTest {
  private static final int LARGE = 1 << 20; // pixels: as many octaves as are asked for

  private final List<String> read = new ArrayList<>();

  /** A network of the published shape with an eighth of its channels. */
  private Vgg vgg(VggShape shape, int convolutions, Layer pooling) {
    List<VggShape.Convolution> all = shape.convolutions().subList(0, convolutions);
    List<String> names = all.stream().map(VggShape.Convolution::name).toList();
    return new Vgg(
        "test",
        names,
        name -> {
          read.add(name);
          VggShape.Convolution c = all.get(names.indexOf(name));
          int inputs = c.inputs() == 3 ? 3 : c.inputs() / 8;
          return TestBackends.kernel(c.outputs() / 8, inputs, 3, name.hashCode());
        },
        Preprocessing.CAFFE_BGR,
        pooling);
  }

  private Vgg vgg19() {
    return vgg(VggShape.VGG19, 16, new Layer.AveragePool());
  }

  private static List<TapPoint> taps(String... layers) {
    return List.of(layers).stream().map(layer -> new TapPoint(layer, 1)).toList();
  }

  private static Network recipe(Vgg vgg, VggRecipe recipe, int side) {
    return vgg.network(taps(recipe.layers().toArray(String[]::new)), recipe.octaves(), side);
  }

  private static List<String> names(Network network) {
    return network.taps().stream().map(Tap::name).toList();
  }

  /**
   * A letter a node: p for a preprocessing, b for a blur, C for a convolution, a or m for pools.
   */
  private static String letters(Network network) {
    StringBuilder letters = new StringBuilder();
    for (Node node : network.nodes()) {
      letters.append(letter(node.layer()));
    }
    return letters.toString();
  }

  private static char letter(Layer layer) {
    if (layer instanceof Layer.Convolution convolution) {
      boolean relu = convolution.adjointReadsOutput();
      return relu ? 'C' : convolution.kernel().size() == 1 ? 'p' : 'b';
    }
    return layer instanceof Layer.MaxPool ? 'm' : 'a';
  }

  /** The shape of each node's output. */
  private static List<Shape> shapes(Network network, Shape picture) {
    List<Shape> shapes = new ArrayList<>();
    for (Node node : network.nodes()) {
      Shape input = node.input() == Network.PICTURE ? picture : shapes.get(node.input());
      shapes.add(node.layer().output(input));
    }
    return shapes;
  }

  private static Set<Layer> layers(Network network, char letter) {
    Set<Layer> layers = Collections.newSetFromMap(new IdentityHashMap<>());
    network.nodes().stream()
        .map(Node::layer)
        .filter(layer -> letter(layer) == letter)
        .forEach(layers::add);
    return layers;
  }

  @Test
  void gatysTapsTheFirstConvolutionOfEachBlockAndEndsAtTheLast() {
    Network network = recipe(vgg19(), VggRecipe.GATYS, LARGE);
    assertEquals("pCCaCCaCCCCaCCCCaC", letters(network));
    assertEquals(List.of("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"), names(network));
    assertEquals(List.of(1, 4, 7, 12, 17), network.taps().stream().map(Tap::a).toList());
  }

  @Test
  void deepTexturesTapsThePoolingAndEndsWithIt() {
    Network network = recipe(vgg19(), VggRecipe.DEEPTEXTURES, LARGE);
    assertEquals("pCCaCCaCCCCaCCCCa", letters(network));
    assertEquals(List.of("conv1_1", "pool1", "pool2", "pool3", "pool4"), names(network));
    assertEquals(List.of(1, 3, 6, 11, 16), network.taps().stream().map(Tap::a).toList());
  }

  @Test
  void pyramidLooksAtThreeOctaves() {
    Network network = recipe(vgg19(), VggRecipe.PYRAMID, LARGE);
    assertEquals("pCCaCCaC" + "bapCCaCCaC" + "bapCCaCCaC", letters(network));
    List<String> names = new ArrayList<>();
    for (String octave : List.of("", "@1/2", "@1/4")) {
      names.addAll(List.of("conv1_1" + octave, "conv2_1" + octave, "conv3_1" + octave));
    }
    assertEquals(names, names(network));
  }

  @ParameterizedTest
  @EnumSource(VggRecipe.class)
  void everyNodeReadsTheOneBeforeItAndEachOctaveTheHalvedPicture(VggRecipe recipe) {
    Network network = recipe(vgg19(), recipe, LARGE);
    int halved = Network.PICTURE;
    for (int i = 0; i < network.nodes().size(); i++) {
      Node node = network.nodes().get(i);
      boolean beginsOctave = letter(node.layer()) == 'b';
      if (i > 0 && beginsOctave) {
        assertEquals(halved, node.input());
        halved = i + 1; // the pooling after the blur
      } else {
        assertEquals(i == 0 ? Network.PICTURE : i - 1, node.input(), "node " + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(VggRecipe.class)
  void tapsAreOfOneNodeWithItselfAndKeepTheirWeights(VggRecipe recipe) {
    List<TapPoint> taps = new ArrayList<>();
    recipe.layers().forEach(layer -> taps.add(new TapPoint(layer, 1 + taps.size())));
    Network network = vgg19().network(taps, recipe.octaves(), LARGE);
    for (int i = 0; i < network.taps().size(); i++) {
      Tap tap = network.taps().get(i);
      assertEquals(tap.a(), tap.b());
      assertFalse(tap.centred());
      assertEquals(1 + i % taps.size(), tap.weight());
    }
    assertEquals(List.of(), network.meanTaps());
  }

  @ParameterizedTest
  @CsvSource({
    "conv1_1, pC",
    "conv1_2, pCC",
    "pool1, pCCa",
    "conv2_2, pCCaCC",
    "pool2, pCCaCCa",
    "conv3_4, pCCaCCaCCCC",
    "pool5, pCCaCCaCCCCaCCCCaCCCCa"
  })
  void theNetworkEndsAtItsLastTap(String layer, String letters) {
    Network network = vgg19().network(taps(layer), 1, LARGE);
    assertEquals(letters, letters(network));
    assertEquals(List.of(network.nodes().size() - 1), List.of(network.taps().get(0).a()));
    assertEquals(letters, letters(vgg19().network(taps(layer, "conv1_1"), 1, LARGE)));
  }

  @ParameterizedTest
  @CsvSource({"15, 1", "31, 1", "32, 2", "63, 2", "64, 3", "1000, 3"})
  void octavesBelowSixteenPixelsAreLeftOut(int side, int octaves) {
    Network network = recipe(vgg19(), VggRecipe.PYRAMID, side);
    assertEquals(3 * octaves, network.taps().size());
    assertEquals(octaves, letters(network).chars().filter(c -> c == 'p').count());
  }

  @Test
  void octavesShareTheirLayers() {
    Vgg vgg = vgg19();
    Network network = recipe(vgg, VggRecipe.PYRAMID, LARGE);
    assertEquals(5, layers(network, 'C').size(), "as many as one octave has");
    assertEquals(1, layers(network, 'p').size());
    assertEquals(1, layers(network, 'b').size());
    Network other = recipe(vgg, VggRecipe.GATYS, LARGE);
    assertTrue(layers(other, 'C').containsAll(layers(network, 'C')), "and so do networks");
    assertSame(network.nodes().get(0).layer(), other.nodes().get(0).layer());
  }

  @Test
  void kernelsAreReadOnceAndOnlyThoseThatAreNeeded() {
    Vgg vgg = vgg19();
    assertEquals(List.of(), read);
    assertTrue(vgg.reaches("conv5_4") && vgg.reaches("pool5"));
    assertEquals(List.of(), read, "to ask reads nothing");
    vgg.network(taps("conv2_1", "conv1_1"), 1, LARGE);
    assertEquals(List.of("conv1_1", "conv1_2", "conv2_1"), read);
    vgg.network(taps("pool2"), 3, LARGE);
    vgg.network(taps("conv1_2"), 1, LARGE);
    assertEquals(List.of("conv1_1", "conv1_2", "conv2_1", "conv2_2"), read);
  }

  @Test
  void weightsReachTheLayersThatTheyHold() {
    Vgg vgg = vgg(VggShape.VGG19, 5, new Layer.AveragePool()); // to conv3_1
    for (String layer : List.of("conv1_1", "conv2_2", "conv3_1", "pool1", "pool2")) {
      assertTrue(vgg.reaches(layer), layer);
    }
    for (String layer :
        List.of("conv3_2", "conv5_1", "pool4", "pool", "pool0", "fc6", "", "conv")) {
      assertFalse(vgg.reaches(layer), layer);
    }
    assertTrue(VggRecipe.PYRAMID.fits(vgg));
    assertFalse(VggRecipe.GATYS.fits(vgg));
    assertFalse(VggRecipe.DEEPTEXTURES.fits(vgg));
  }

  @ParameterizedTest
  @EnumSource(VggRecipe.class)
  void bothNetworksReachAllThatRecipesTap(VggRecipe recipe) {
    assertTrue(recipe.fits(vgg19()));
    assertTrue(recipe.fits(vgg(VggShape.VGG16, 13, new Layer.AveragePool())));
  }

  @Test
  void theLargestValueIsPooledWhereThatIsAskedForButOctavesAreAlwaysHalvedByAverages() {
    Vgg vgg = vgg(VggShape.VGG19, 16, new Layer.MaxPool());
    assertEquals("pCCmCCmCCCCmCCCCmC", letters(recipe(vgg, VggRecipe.GATYS, LARGE)));
    Network pyramid = recipe(vgg, VggRecipe.PYRAMID, 32);
    assertEquals("pCCmCCmC" + "bapCCmCCmC", letters(pyramid));
  }

  @Test
  void vgg16HasThreeConvolutionsInItsLastBlocks() {
    Vgg vgg = vgg(VggShape.VGG16, 13, new Layer.AveragePool());
    Network network = vgg.network(taps("conv1_1", "conv5_3"), 1, LARGE);
    assertEquals("pCCaCCaCCCaCCCaCCC", letters(network));
    List<Shape> shapes = shapes(network, new Shape(3, 64, 96));
    assertEquals(new Shape(8, 64, 96), shapes.get(network.taps().get(0).a()));
    assertEquals(new Shape(64, 4, 6), shapes.get(network.taps().get(1).a()));
    assertFalse(vgg.reaches("conv5_4"));
  }

  @Test
  void tapsSeeTheSizesOfTheirOctave() {
    Network network = recipe(vgg19(), VggRecipe.PYRAMID, 64);
    List<Shape> shapes = shapes(network, new Shape(3, 64, 80));
    int[] channels = {8, 16, 32};
    for (int i = 0; i < 9; i++) {
      int smaller = i / 3 + i % 3; // halvings of the picture and pools in the network
      Shape expected = new Shape(channels[i % 3], 64 >> smaller, 80 >> smaller);
      assertEquals(expected, shapes.get(network.taps().get(i).a()), names(network).get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void kernelsAreThoseOfTheirNames(int octaves) {
    Vgg vgg = vgg19();
    Network network = vgg.network(taps("conv2_2"), octaves, LARGE);
    List<String> names = List.of("conv1_1", "conv1_2", "conv2_1", "conv2_2");
    int count = 0;
    for (Node node : network.nodes()) {
      if (letter(node.layer()) == 'C') {
        Kernel kernel = ((Layer.Convolution) node.layer()).kernel();
        long seed = names.get(count++ % 4).hashCode();
        Kernel expected = TestBackends.kernel(kernel.outputs(), kernel.inputs(), 3, seed);
        assertArrayEquals(expected.weights(), kernel.weights());
        assertArrayEquals(expected.bias(), kernel.bias());
      }
    }
    assertEquals(4 * octaves, count);
  }
}
