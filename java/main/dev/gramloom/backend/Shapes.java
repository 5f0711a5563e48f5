package dev.gramloom.backend;

import dev.gramloom.tensor.Resampling;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.List;

/** Checks that the tensors of a verb fit each other, the same for every backend. */
public final class Shapes {
  private Shapes() {}

  /** Both tensors have the same shape. */
  public static void same(String verb, Tensor a, Tensor b) {
    expect(verb, a.shape(), b);
  }

  /** The tensor has this shape. */
  public static void expect(String verb, Shape expected, Tensor actual) {
    if (!actual.shape().equals(expected)) {
      throw new IllegalArgumentException(
          "%s: expected %s, got %s".formatted(verb, expected, actual.shape()));
    }
  }

  /** A factor for each term, and all of out's shape. */
  public static void combination(double[] factors, List<Tensor> terms, Tensor out) {
    if (factors.length != terms.size()) {
      throw new IllegalArgumentException(
          "combine: %d factors for %d terms".formatted(factors.length, terms.size()));
    }
    terms.forEach(term -> same("combine", term, out));
  }

  /** x and y are the two ends of a convolution. */
  public static void convolution(Tensor x, Kernel kernel, Activation activation, Tensor y) {
    expect("convolve, input", x.shape().withChannels(kernel.inputs()), x);
    int channels = activation.channels(kernel.outputs());
    expect("convolve, output", x.shape().withChannels(channels), y);
  }

  /** The shape of {@code x} after 2:1 pooling. */
  public static Shape pooled(Shape x) {
    return new Shape(x.channels(), PoolAxis.windows(x.height()), PoolAxis.windows(x.width()));
  }

  /** x has the size that axes start from, and y the size that they lead to. */
  public static void resampling(Tensor x, Resampling axes, Tensor y) {
    expect("resample, input", axes.from(x.shape().channels()), x);
    expect("resample, output", axes.to(x.shape().channels()), y);
  }

  /** x is a picture, which the mask fits, where there is one. */
  public static void colors(Tensor x, Tensor mask) {
    expect("colours", x.shape().withChannels(3), x);
    if (mask != null) {
      expect("colours, mask", x.shape().withChannels(1), mask);
    }
  }

  /** A vector of one value a channel. */
  public static Shape perChannel(Tensor x) {
    return Shape.matrix(1, x.shape().channels());
  }

  /** a, b and out fit A Bᵀ. */
  public static void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out) {
    expect("gram", a.shape().withChannels(b.shape().channels()), b);
    expect("gram", Shape.matrix(a.shape().channels(), b.shape().channels()), out);
    centre("gram", a, centreA);
    centre("gram", b, centreB);
  }

  private static void centre(String verb, Tensor x, Tensor centre) {
    if (centre != null) {
      expect(verb, perChannel(x), centre);
    }
  }

  /** matrix, x and accumulator fit D · x. */
  public static void product(
      Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    int n = accumulator.shape().channels();
    int k = x.shape().channels();
    expect("addProduct", transposed ? Shape.matrix(k, n) : Shape.matrix(n, k), matrix);
    expect("addProduct", x.shape().withChannels(n), accumulator);
    centre("addProduct", x, centre);
  }
}
