package dev.gramloom.backend.cpu;

/** One thread's temporary arrays; they grow to the largest need and stay. */
final class Scratch {
  private float[] input = new float[0];
  private float[] output = new float[0];
  private float[] frequencies = new float[0];
  private float[] products = new float[0];
  private double[] pairs = new double[0];

  /** At least {@code size} floats of any content, for the padded input of a convolution. */
  float[] input(int size) {
    if (input.length < size) {
      input = new float[size];
    }
    return input;
  }

  /** At least {@code size} floats of any content, for sums on their way out. */
  float[] output(int size) {
    if (output.length < size) {
      output = new float[size];
    }
    return output;
  }

  /** At least {@code size} floats of any content, for a convolution's frequencies. */
  float[] frequencies(int size) {
    if (frequencies.length < size) {
      frequencies = new float[size];
    }
    return frequencies;
  }

  /** At least {@code size} floats of any content, for products of frequencies. */
  float[] products(int size) {
    if (products.length < size) {
      products = new float[size];
    }
    return products;
  }

  /** At least {@code size} doubles of any content, for two rows of a convolution side by side. */
  double[] pairs(int size) {
    if (pairs.length < size) {
      pairs = new double[size];
    }
    return pairs;
  }
}
