package dev.gramloom.weights;

import dev.gramloom.backend.TestBackends;
import dev.gramloom.weights.format.SafeTensors;
import dev.gramloom.weights.format.VggShape;

/** Small VGGs as files. */
public final class VggFiles {
  private VggFiles() {}

  /** Adds a convolution of random weights. */
  static SafeTensors convolution(SafeTensors file, String name, int outputs, int inputs) {
    float[] weights = TestBackends.random(outputs * inputs * 9L, name.hashCode());
    return file.add(name + ".weight", weights, outputs, inputs, 3, 3)
        .add(name + ".bias", TestBackends.random(outputs, 7), outputs);
  }

  /** Three convolutions, in an order that says nothing. */
  public static SafeTensors small() {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    convolution(file, "conv2_1", 5, 4);
    convolution(file, "conv1_1", 4, 3);
    return convolution(file, "conv1_2", 4, 4);
  }

  /** All convolutions of a network, with four channels each. */
  public static SafeTensors thin(VggShape shape) {
    SafeTensors file = new SafeTensors().metadata("convention", "none");
    shape.convolutions().forEach(c -> convolution(file, c.name(), 4, Math.min(4, c.inputs())));
    return file;
  }

  /** Five convolutions under torchvision's keys, the first filter one that is known. */
  static SafeTensors numbered(KnownWeights known, String prefix) {
    SafeTensors file = new SafeTensors();
    int[] numbers = {0, 2, 5, 7, 10};
    int[] outputs = {4, 4, 5, 5, 6};
    int inputs = 3;
    for (int i = 0; i < numbers.length; i++) {
      String name = prefix + numbers[i];
      float[] weights = i == 0 ? first(known) : TestBackends.random(outputs[i] * inputs * 9L, i);
      float[] bias = TestBackends.random(outputs[i], 20 + i);
      bias[0] = i == 0 ? (float) known.bias() : bias[0];
      file.add(name + ".weight", weights, outputs[i], inputs, 3, 3);
      file.add(name + ".bias", bias, outputs[i]);
      inputs = outputs[i];
    }
    return file;
  }

  /** A first kernel, [4][3][3][3], that begins as a known one does. */
  static float[] first(KnownWeights known) {
    float[] weights = TestBackends.random(4 * 3 * 9, 3);
    double[] plane = known.plane();
    for (int i = 0; i < plane.length; i++) {
      weights[i] = (float) plane[i];
    }
    return weights;
  }
}
