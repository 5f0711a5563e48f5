package dev.gramloom.synthesis;

import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.Image;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;

/** The network to use at each scale of a run. */
public interface NetworkRecipe {
  /**
   * @param side the shorter side of the exemplar or the output, whichever is less, in pixels
   */
  Network at(int side);

  /** The built-in filter bank on an exemplar's own colour axes. */
  static NetworkRecipe filters(Image exemplar) {
    ColorStatistics colors = ColorStatistics.of(exemplar);
    Preprocessing axes = Preprocessing.ownAxes(colors.mean(), colors.axes(), colors.deviations());
    return side -> FilterBank.network(axes, side);
  }

  /** The same network at every scale. */
  static NetworkRecipe fixed(Network network) {
    return side -> network;
  }
}
