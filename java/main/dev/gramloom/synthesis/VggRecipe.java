package dev.gramloom.synthesis;

import dev.gramloom.network.Vgg;
import java.util.List;
import java.util.Locale;

/** Where a VGG is tapped, by name. */
public enum VggRecipe {
  /** Gatys, Ecker and Bethge 2015, arXiv:1505.07376: the first convolution of each block. */
  GATYS(1, "conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"),
  /** Three blocks on three octaves of the picture: a third of the cost, sharper details. */
  PYRAMID(3, "conv1_1", "conv2_1", "conv3_1"),
  /** The taps of the program DeepTextures that came with that paper. */
  DEEPTEXTURES(1, "conv1_1", "pool1", "pool2", "pool3", "pool4"),
  /**
   * Novak and Nikulin 2016, arXiv:1605.04603: all convolutions there are, each with its neighbour,
   * the weights halved from one to the next, features shifted by −1.
   */
  INETWORK(1);

  private final int octaves;
  private final List<String> layers;

  VggRecipe(int octaves, String... layers) {
    this.octaves = octaves;
    this.layers = List.of(layers);
  }

  /** As in flags: "gatys". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How many octaves of the picture are looked at. */
  public int octaves() {
    return octaves;
  }

  /** Names of the tapped layers, "conv1_1", "pool3"; none stands for all convolutions. */
  public List<String> layers() {
    return layers;
  }

  /** Whether a VGG's weights reach all layers. */
  public boolean fits(Vgg vgg) {
    return layers.stream().allMatch(vgg::reaches);
  }
}
