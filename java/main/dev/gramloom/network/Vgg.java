package dev.gramloom.network;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Kernel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * VGG (Simonyan and Zisserman, arXiv:1409.1556), as far as its taps need it: blocks of 3x3
 * convolutions with ReLU, 2:1 pooling between blocks. Kernels are read when a network first needs
 * them, and shared by all networks made here.
 */
public final class Vgg {
  /** Shortest side of an octave of the picture, pixels: below, hardly a structure is left. */
  private static final int LEAST_OCTAVE = 16;

  /**
   * Where a Gram matrix is taken.
   *
   * @param layer "conv3_1", its output after ReLU, or "pool3", the output of the pooling after
   *     block 3
   * @param deeper layer whose features are the columns: the same one, or a later one, to whose size
   *     the first one's features are averaged down
   * @param weight of its loss
   * @param shift what is added to all features first
   */
  public record TapPoint(String layer, String deeper, double weight, double shift) {
    /** The features of a layer among themselves, as they are. */
    public TapPoint(String layer, double weight) {
      this(layer, layer, weight, 0);
    }

    /** "conv3_1", or "conv3_1*conv4_1". */
    public String name() {
      return layer.equals(deeper) ? layer : layer + "*" + deeper;
    }
  }

  private final String identity;
  private final List<String> convolutions;
  private final Function<String, Kernel> kernels;
  private final Layer colors;
  private final Layer pooling;
  private final Map<String, Layer> layers = new HashMap<>();

  /**
   * @param identity name and checksum of the weights
   * @param convolutions names of all that are there, "conv1_1" …, in order
   * @param kernels reads one of them, by name
   * @param preprocessing what the weights were trained on
   * @param pooling {@link Layer.AveragePool}, as Gatys, Ecker and Bethge 2015 (arXiv:1505.07376),
   *     or {@link Layer.MaxPool}, as in training
   */
  public Vgg(
      String identity,
      List<String> convolutions,
      Function<String, Kernel> kernels,
      Preprocessing preprocessing,
      Layer pooling) {
    this.identity = identity;
    this.convolutions = List.copyOf(convolutions);
    this.kernels = kernels;
    this.colors = preprocessing.layer();
    this.pooling = pooling;
  }

  private Layer layer(String convolution) {
    return layers.computeIfAbsent(
        convolution, name -> new Layer.Convolution(kernels.apply(name), Activation.RELU));
  }

  /**
   * Whether the weights reach a layer: "conv3_1", or "pool3", for which a block 3 must be there.
   */
  public boolean reaches(String layer) {
    return last(layer) != null;
  }

  /** Names of all convolutions, in order. */
  public List<String> convolutions() {
    return convolutions;
  }

  /** Name of the deepest convolution there is. */
  public String deepest() {
    return convolutions.get(convolutions.size() - 1);
  }

  /** The last convolution that a layer needs; null if it is not there. */
  private String last(String layer) {
    if (!layer.startsWith("pool")) {
      return convolutions.contains(layer) ? layer : null;
    }
    String block = "conv" + layer.substring("pool".length()) + "_";
    return convolutions.stream().filter(c -> c.startsWith(block)).reduce((a, b) -> b).orElse(null);
  }

  /** The network without content. */
  public Network network(List<TapPoint> taps, int octaves, int side) {
    return network(taps, List.of(), octaves, side);
  }

  /**
   * The network that ends at the last of its taps.
   *
   * @param taps each of a layer that the weights reach
   * @param contents layers that say what a picture shows, likewise; of the picture itself alone
   * @param octaves how many times it looks: at the picture, at half of it, at a quarter, …
   * @param side shorter side of the pictures, pixels: octaves under 16 pixels are left out
   */
  public Network network(List<TapPoint> taps, List<String> contents, int octaves, int side) {
    Network.Builder builder = new Network.Builder();
    Walk walk = new Walk(builder, taps, contents);
    int picture = Network.PICTURE;
    for (int octave = 0; octave < octaves; octave++) {
      if (octave > 0 && side >> octave < LEAST_OCTAVE) {
        break;
      }
      if (octave > 0) {
        picture = Octave.halved(builder, picture);
      }
      walk.from(builder.add(colors, picture), octave == 0 ? "" : "@1/" + (1 << octave));
    }
    return builder.build(identity);
  }

  /** Goes down the layers, once an octave, and puts the taps. */
  private final class Walk {
    private final Network.Builder builder;
    private final List<TapPoint> taps;
    private final List<String> contents;
    private final Map<String, Integer> nodes = new HashMap<>(); // of the octave
    private final int styleDepth; // convolutions
    private final int depth; // likewise, of the picture itself

    Walk(Network.Builder builder, List<TapPoint> taps, List<String> contents) {
      this.builder = builder;
      this.taps = taps;
      this.contents = contents;
      styleDepth = depth(taps.stream().map(TapPoint::deeper).toList());
      depth = Math.max(styleDepth, depth(contents));
    }

    private int depth(List<String> layers) {
      return layers.stream().mapToInt(l -> 1 + convolutions.indexOf(last(l))).max().orElse(0);
    }

    void from(int picture, String octave) {
      int node = picture;
      int end = octave.isEmpty() ? depth : styleDepth;
      for (int i = 0; i < end; i++) {
        String name = convolutions.get(i);
        node = builder.add(layer(name), node);
        tap(name, node, octave);
        if (endsBlock(i) && (i + 1 < end || tapped(pool(name)))) {
          node = builder.add(pooling, node);
          tap(pool(name), node, octave);
        }
      }
    }

    /** The node of a layer, with as many averages after it as there are blocks to the other. */
    private int averagedDown(String layer, String other) {
      int node = nodes.get(layer);
      for (int block = halvings(layer); block < halvings(other); block++) {
        node = builder.add(new Layer.AveragePool(), node);
      }
      return node;
    }

    /** How often a layer's features were halved. */
    private int halvings(String layer) {
      boolean pooled = layer.startsWith("pool");
      int block = layer.charAt(pooled ? "pool".length() : "conv".length()) - '0';
      return pooled ? block : block - 1;
    }

    private boolean endsBlock(int i) {
      return i + 1 == convolutions.size()
          || !pool(convolutions.get(i)).equals(pool(convolutions.get(i + 1)));
    }

    private String pool(String convolution) {
      return "pool" + convolution.substring("conv".length(), convolution.indexOf('_'));
    }

    private boolean tapped(String layer) {
      return contents.contains(layer)
          || taps.stream().anyMatch(t -> t.layer().equals(layer) || t.deeper().equals(layer));
    }

    private void tap(String layer, int node, String octave) {
      nodes.put(layer, node);
      for (TapPoint tap : taps) {
        if (tap.deeper().equals(layer)) {
          int rows = averagedDown(tap.layer(), layer);
          builder.tap(
              new Network.Tap(tap.name() + octave, rows, node, tap.weight(), false, tap.shift()));
        }
      }
      if (octave.isEmpty() && contents.contains(layer)) {
        builder.contentTap(new Network.ContentTap(layer, node));
      }
    }
  }
}
