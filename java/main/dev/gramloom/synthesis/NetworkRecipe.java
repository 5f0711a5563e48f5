package dev.gramloom.synthesis;

import dev.gramloom.image.ColorStatistics;
import dev.gramloom.image.Image;
import dev.gramloom.network.FilterBank;
import dev.gramloom.network.Network;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.network.Vgg;
import java.util.List;

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

  /**
   * A VGG.
   *
   * @param octaves how many octaves of the picture it looks at, where they fit
   */
  static NetworkRecipe vgg(Vgg vgg, List<Vgg.TapPoint> taps, int octaves) {
    return vgg(vgg, taps, List.of(), octaves);
  }

  /**
   * A VGG that also says what a picture shows.
   *
   * @param contents the layers that do
   */
  static NetworkRecipe vgg(Vgg vgg, List<Vgg.TapPoint> taps, List<String> contents, int octaves) {
    return side -> vgg.network(taps, contents, octaves, side);
  }

  /** The same network at every scale. */
  static NetworkRecipe fixed(Network network) {
    return side -> network;
  }
}
