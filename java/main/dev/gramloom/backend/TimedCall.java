package dev.gramloom.backend;

import dev.gramloom.tensor.Shape;

/**
 * What a {@link TimedBackend}'s calls are told apart by: cheap to make, for one is made at each.
 *
 * @param side of a convolution's filters, pixels; else 0
 * @param from channels
 * @param to channels of the other tensor, where a verb joins two; else 0
 * @param at whose height and width count
 */
record TimedCall(String verb, int side, int from, int to, Shape at) {
  String words() {
    String filters = side == 0 ? "" : " %dx%d".formatted(side, side);
    String joins = verb.equals("gram") ? " x " : " -> ";
    String channels = from + (to == 0 ? "" : joins + to);
    return "%s%s %s at %d x %d".formatted(verb, filters, channels, at.width(), at.height());
  }
}
