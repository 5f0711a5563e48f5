package dev.gramloom.backend.cpu;

/** One thread's temporary arrays; they grow to the largest need and stay. */
final class Scratch {
  private float[] input = new float[0];
  private float[] output = new float[0];
  private float[] frequencies = new float[0];
  private float[] products = new float[0];
  private float[] weights = new float[0];
  private float[] tile = new float[0];
  private float[] patch = new float[0];
  private double[] doubles = new double[0];

  private static float[] atLeast(int size, float[] array) {
    return array.length < size ? new float[size] : array;
  }

  /** At least {@code size} floats of any content, for the padded input of a convolution. */
  float[] input(int size) {
    input = atLeast(size, input);
    return input;
  }

  /** At least {@code size} floats of any content, for sums on their way out. */
  float[] output(int size) {
    output = atLeast(size, output);
    return output;
  }

  /** At least {@code size} floats of any content, for a convolution's frequencies. */
  float[] frequencies(int size) {
    frequencies = atLeast(size, frequencies);
    return frequencies;
  }

  /** At least {@code size} floats of any content, for products of frequencies. */
  float[] products(int size) {
    products = atLeast(size, products);
    return products;
  }

  /** At least {@code size} floats of any content, for the frequencies of filters. */
  float[] weights(int size) {
    weights = atLeast(size, weights);
    return weights;
  }

  /** At least {@code size} floats of any content, for a tile between its two passes. */
  float[] tile(int size) {
    tile = atLeast(size, tile);
    return tile;
  }

  /** At least {@code size} floats of any content, for a tile's copied pixels. */
  float[] patch(int size) {
    patch = atLeast(size, patch);
    return patch;
  }

  /** At least {@code size} doubles of any content, for sums of sums. */
  double[] doubles(int size) {
    if (doubles.length < size) {
      doubles = new double[size];
    }
    return doubles;
  }
}
