package dev.gramloom.weights.format;

import java.util.ArrayList;
import java.util.List;

/**
 * The convolutions of the two networks of Simonyan and Zisserman, arXiv:1409.1556, table 1.
 *
 * <p>Columns D and E: 3x3 filters throughout, five blocks.
 */
public enum VggShape {
  VGG16("vgg16", 2, 2, 3, 3, 3),
  VGG19("vgg19", 2, 2, 4, 4, 4);

  /**
   * A convolution.
   *
   * @param name "conv3_1"
   * @param outputs how many filters
   * @param inputs how many channels each sees
   */
  public record Convolution(String name, int outputs, int inputs) {
    /** Numbers in its kernel, [outputs][inputs][3][3]. */
    public int weights() {
      return outputs * inputs * 9;
    }
  }

  private final String id;
  private final List<Convolution> convolutions = new ArrayList<>();

  VggShape(String id, int... blocks) {
    int[] channels = {64, 128, 256, 512, 512}; // an enum's constants come before its statics
    this.id = id;
    int inputs = 3;
    for (int block = 0; block < blocks.length; block++) {
      for (int i = 0; i < blocks[block]; i++) {
        int outputs = channels[block];
        String name = "conv" + (block + 1) + "_" + (i + 1); // a format's digits are the locale's
        convolutions.add(new Convolution(name, outputs, inputs));
        inputs = outputs;
      }
    }
  }

  /** "vgg19". */
  public String id() {
    return id;
  }

  /** In the network's order. */
  public List<Convolution> convolutions() {
    return List.copyOf(convolutions);
  }
}
