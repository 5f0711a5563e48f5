package dev.gramloom.network;

import dev.gramloom.network.Network.Node;
import dev.gramloom.network.Network.Tap;
import java.util.Arrays;

/**
 * When each tensor of a walk is in use. The steps are the same in every walk, so this is known
 * before the first one: step i computes node i, step n lies between the ways, and step 2n − i walks
 * back over node i; n nodes.
 */
final class Lifetimes {
  /**
   * From the step that first writes a tensor to the last that reads it.
   *
   * @param first inclusive
   * @param last inclusive
   */
  record Span(int first, int last) {
    /** Whether there is a step in which both are in use. */
    boolean meets(Span other) {
      return first <= other.last && other.first <= last;
    }

    /** Steps between the two, where they do not meet. */
    int gap(Span other) {
      return Math.max(first - other.last, other.first - last) - 1;
    }

    boolean includes(int step) {
      return first <= step && step <= last;
    }
  }

  private final int count;
  private final Span[] outputs; // [nodes]
  private final Span[] gradients; // [nodes]

  /**
   * @param bothWays whether there is a way back
   */
  Lifetimes(Network network, boolean bothWays) {
    count = network.nodes().size();
    int[] ends = outputEnds(network, bothWays);
    int[] begins = gradientBegins(network);
    outputs = new Span[count];
    gradients = new Span[count];
    for (int i = 0; i < count; i++) {
      outputs[i] = new Span(i, ends[i]);
      gradients[i] = new Span(begins[i], back(i));
    }
  }

  /** The step that walks back over a node. */
  int back(int node) {
    return 2 * count - node;
  }

  private int[] outputEnds(Network network, boolean bothWays) {
    int[] ends = new int[count];
    for (int i = 0; i < count; i++) {
      Node node = network.nodes().get(i);
      keep(ends, i, bothWays && node.layer().adjointReadsOutput() ? back(i) : i);
      if (node.input() >= 0) {
        keep(ends, node.input(), bothWays && node.layer().adjointReadsInput() ? back(i) : i);
      }
    }
    for (Tap tap : network.taps()) {
      int end = bothWays ? back(Math.min(tap.a(), tap.b())) : tap.ready();
      keep(ends, tap.a(), end);
      keep(ends, tap.b(), end);
    }
    return ends;
  }

  private static void keep(int[] ends, int node, int step) {
    ends[node] = Math.max(ends[node], step);
  }

  /**
   * A gradient begins when the way back reaches the last node that reads the node's output: with
   * its adjoint, or, where nothing reads it, with the loss's own slope. A source may leave any of
   * them out; then it begins later, never earlier.
   */
  private int[] gradientBegins(Network network) {
    int[] begins = new int[count];
    Arrays.setAll(begins, this::back);
    for (int i = 0; i < count; i++) {
      int input = network.nodes().get(i).input();
      if (input >= 0) {
        begins[input] = Math.min(begins[input], back(i));
      }
    }
    return begins;
  }

  /** A node's output: computed, read by others and by the losses, and by adjoints. */
  Span output(int node) {
    return outputs[node];
  }

  /** The loss's derivative by a node's output, where there is a way back. */
  Span gradient(int node) {
    return gradients[node];
  }
}
