package dev.gramloom.tensor;

/**
 * What lies beyond a picture's borders, per axis.
 *
 * @param vertical above and below
 * @param horizontal left and right
 */
public record Edges(Edge vertical, Edge horizontal) {
  /** A torus. */
  public static final Edges WRAP = new Edges(Edge.WRAP, Edge.WRAP);

  /** A photograph, which does not wrap. */
  public static final Edges REFLECT = new Edges(Edge.REFLECT, Edge.REFLECT);

  /** The classic zero padding. */
  public static final Edges ZERO = new Edges(Edge.ZERO, Edge.ZERO);
}
