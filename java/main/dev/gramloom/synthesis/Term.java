package dev.gramloom.synthesis;

import dev.gramloom.network.NetworkPass;
import dev.gramloom.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleSupplier;

/** A part of the loss that looks at what the network makes of the picture. */
interface Term extends AutoCloseable {
  /**
   * The part's value if it is complete with this node, else 0.
   *
   * @param node that was computed last
   */
  double value(int node, NetworkPass pass);

  /** Adds the value to the list, to be read later, if the part is complete with this node. */
  void tell(int node, NetworkPass pass, List<DoubleSupplier> values);

  /** Whether a program can repeat it: it reads nothing back. */
  boolean repeats();

  /** Whether {@link #addGradient} would add anything. */
  boolean reads(int node);

  /** Adds the derivative of the part by the node's output, at the point of the last value. */
  void addGradient(int node, NetworkPass pass, Tensor gradient);

  /** What the part is for a picture of nothing, less its weight; 0 if that says nothing. */
  default double magnitude() {
    return 0;
  }

  /** Whether it is a part of the style, not of the content. */
  default boolean ofStyle() {
    return true;
  }

  @Override
  void close();
}
