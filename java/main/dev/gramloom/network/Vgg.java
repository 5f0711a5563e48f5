package dev.gramloom.network;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Kernel;
import java.util.List;
import java.util.Map;

/**
 * VGG (Simonyan and Zisserman, arXiv:1409.1556), as far as its weights go: blocks of 3x3
 * convolutions with ReLU, 2:1 pooling between blocks, tapped at the first convolution of each.
 *
 * <p>The taps are those of Gatys, Ecker and Bethge 2015, arXiv:1505.07376, which also puts averages
 * in place of the maxima.
 */
public final class Vgg {
  private static final List<String> TAPS =
      List.of("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1");

  private Vgg() {}

  /**
   * @param identity name and checksum of the file
   * @param kernels by name, "conv1_1" …, in order, ending at or after the last tap wanted
   * @param preprocessing what the weights were trained on
   * @param pooling {@link Layer.AveragePool} or {@link Layer.MaxPool}
   */
  public static Network network(
      String identity, Map<String, Kernel> kernels, Preprocessing preprocessing, Layer pooling) {
    Network.Builder builder = new Network.Builder();
    int node = builder.add(preprocessing.layer(), Network.PICTURE);
    char block = '1';
    String last = TAPS.stream().filter(kernels::containsKey).reduce((a, b) -> b).orElseThrow();
    for (Map.Entry<String, Kernel> entry : kernels.entrySet()) {
      String name = entry.getKey();
      char its = name.charAt("conv".length());
      if (its != block) {
        node = builder.add(pooling, node);
        block = its;
      }
      node = builder.add(new Layer.Convolution(entry.getValue(), Activation.RELU), node);
      if (TAPS.contains(name)) {
        builder.tap(new Network.Tap(name, node, node, 1, false));
      }
      if (name.equals(last)) {
        break;
      }
    }
    return builder.build(identity);
  }
}
