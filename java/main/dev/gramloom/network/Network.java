package dev.gramloom.network;

import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Layers, each reading one earlier layer or the picture, and the taps where statistics are taken.
 *
 * <p>{@link NetworkPass} walks it both ways at one size.
 *
 * @param identity what makes it this network and no other: name, and a checksum where it has a file
 * @param nodes in an order in which every node comes after its input
 * @param taps which pairs of nodes have their Gram matrix taken
 * @param meanTaps which nodes have their channels' means taken
 * @param contentTaps which nodes say what a picture shows, for those who ask
 */
public record Network(
    String identity,
    List<Node> nodes,
    List<Tap> taps,
    List<MeanTap> meanTaps,
    List<ContentTap> contentTaps) {
  /** In place of a node: the picture, [3][H][W], RGB, sRGB-encoded, 0..1. */
  public static final int PICTURE = -1;

  /**
   * @param layer what it computes
   * @param input index of the node it reads, or {@link #PICTURE}
   */
  public record Node(Layer layer, int input) {}

  /**
   * A Gram matrix G = A Bᵀ / M.
   *
   * @param name the field's, like "conv3_1"
   * @param a node whose channels are the rows
   * @param b node whose channels are the columns, of the same height and width
   * @param weight of its relative squared distance in the loss
   * @param centred whether the exemplar's mean features are subtracted first
   * @param shift else what is added to all features first
   */
  public record Tap(String name, int a, int b, double weight, boolean centred, double shift) {
    /** Features as they are, or centred. */
    public Tap(String name, int a, int b, double weight, boolean centred) {
      this(name, a, b, weight, centred, 0);
    }

    /** The node that is computed last. */
    public int ready() {
      return Math.max(a, b);
    }
  }

  /**
   * Features that are compared place by place.
   *
   * @param name the field's, like "conv4_2"
   */
  public record ContentTap(String name, int node) {}

  /**
   * The mean of each channel.
   *
   * @param node whose channels
   * @param weight of their relative squared distance in the loss
   */
  public record MeanTap(int node, double weight) {}

  /** Copies the lists. */
  public Network {
    nodes = List.copyOf(nodes);
    taps = List.copyOf(taps);
    meanTaps = List.copyOf(meanTaps);
    contentTaps = List.copyOf(contentTaps);
  }

  /** Every node's output, [nodes], for pictures of shape [3][H][W]. */
  public Shape[] shapes(Shape picture) {
    Shape[] shapes = new Shape[nodes.size()];
    for (int i = 0; i < shapes.length; i++) {
      Node node = nodes.get(i);
      shapes[i] = node.layer().output(input(node, shapes, picture));
    }
    return shapes;
  }

  /** Multiply-adds of all layers on the way forward; the way back takes as many again. */
  public long multiplyAdds(Shape picture) {
    Shape[] shapes = shapes(picture);
    long sum = 0;
    for (Node node : nodes) {
      sum += node.layer().multiplyAdds(input(node, shapes, picture));
    }
    return sum;
  }

  /** Each kernel, with the shapes of what it is applied to, for pictures of shape [3][H][W]. */
  public Map<Kernel, Set<Shape>> convolutions(Shape picture) {
    Shape[] shapes = shapes(picture);
    Map<Kernel, Set<Shape>> inputs = new LinkedHashMap<>();
    for (Node node : nodes) {
      if (node.layer() instanceof Layer.Convolution convolution) {
        inputs
            .computeIfAbsent(convolution.kernel(), kernel -> new LinkedHashSet<>())
            .add(input(node, shapes, picture));
      }
    }
    return inputs;
  }

  /**
   * What each node sees of a texture, [nodes].
   *
   * @param picture which of its pixels are texture
   */
  public List<Mask> visible(Mask picture, Edges edges) {
    List<Mask> masks = new ArrayList<>();
    for (Node node : nodes) {
      Mask input = node.input() == PICTURE ? picture : masks.get(node.input());
      masks.add(node.layer().visible(input, edges));
    }
    return masks;
  }

  private static Shape input(Node node, Shape[] shapes, Shape picture) {
    return node.input() == PICTURE ? picture : shapes[node.input()];
  }

  /** Collects nodes and taps. */
  static final class Builder {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Tap> taps = new ArrayList<>();
    private final List<MeanTap> meanTaps = new ArrayList<>();
    private final List<ContentTap> contentTaps = new ArrayList<>();

    /** Adds a layer and returns its index. */
    int add(Layer layer, int input) {
      nodes.add(new Node(layer, input));
      return nodes.size() - 1;
    }

    void tap(Tap tap) {
      taps.add(tap);
    }

    void meanTap(MeanTap tap) {
      meanTaps.add(tap);
    }

    void contentTap(ContentTap tap) {
      contentTaps.add(tap);
    }

    Network build(String identity) {
      return new Network(identity, nodes, taps, meanTaps, contentTaps);
    }
  }
}
