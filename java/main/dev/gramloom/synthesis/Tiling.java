package dev.gramloom.synthesis;

import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;

/** Along which axes the output is to tile. */
public enum Tiling {
  /** A torus. */
  BOTH(Edge.WRAP, Edge.WRAP),
  /** Left meets right: a cylinder. */
  X(Edge.REFLECT, Edge.WRAP),
  /** Top meets bottom: a cylinder. */
  Y(Edge.WRAP, Edge.REFLECT),
  /** A picture with borders. */
  NONE(Edge.REFLECT, Edge.REFLECT);

  private final Edges edges;

  Tiling(Edge vertical, Edge horizontal) {
    edges = new Edges(vertical, horizontal);
  }

  /** How the output goes on beyond its borders. */
  public Edges edges() {
    return edges;
  }
}
