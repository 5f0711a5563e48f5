package dev.gramloom.backend.reference;

import static dev.gramloom.backend.HeapTensor.length;
import static dev.gramloom.backend.HeapTensor.values;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.AdamRates;
import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Filters;
import dev.gramloom.backend.HeapTensor;
import dev.gramloom.backend.Kernel;
import dev.gramloom.backend.Memory;
import dev.gramloom.backend.Shapes;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** What every verb means, in plain loops and double sums. Slow; the judge of the other backends. */
public final class ReferenceBackend implements Backend {
  private record PlainFilters(Kernel kernel) implements Filters {
    @Override
    public void close() {
      // nothing was packed
    }
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Memory requireMemory(long floats, long largest) {
    return HeapTensor.requireMemory(floats, largest);
  }

  @Override
  public Tensor zeros(Shape shape) {
    return HeapTensor.zeros(shape);
  }

  @Override
  public Tensor upload(Shape shape, float... values) {
    return HeapTensor.copyOf(shape, values);
  }

  @Override
  public Tensor view(Tensor memory, Shape shape) {
    return HeapTensor.view(memory, shape);
  }

  @Override
  public Filters filters(Kernel kernel) {
    return new PlainFilters(kernel);
  }

  @Override
  public void fill(float value, Tensor x) {
    Arrays.fill(values(x), 0, length(x), value);
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    Shapes.same("copy", from, to);
    System.arraycopy(values(from), 0, values(to), 0, length(to));
  }

  @Override
  public void scale(float scale, Tensor x) {
    for (int i = 0; i < length(x); i++) {
      values(x)[i] *= scale;
    }
  }

  @Override
  public void addScaled(float scale, Tensor x, Tensor accumulator) {
    Shapes.same("addScaled", x, accumulator);
    for (int i = 0; i < length(x); i++) {
      values(accumulator)[i] += scale * values(x)[i];
    }
  }

  @Override
  public void combine(double[] factors, List<Tensor> terms, Tensor out) {
    terms.forEach(term -> Shapes.same("combine", term, out));
    float[][] arrays = terms.stream().map(term -> values(term)).toArray(float[][]::new);
    ReferenceVectors.combine(factors, arrays, values(out), length(out));
  }

  @Override
  public double dot(Tensor a, Tensor b) {
    Shapes.same("dot", a, b);
    double sum = 0;
    for (int i = 0; i < length(a); i++) {
      sum += (double) values(a)[i] * values(b)[i];
    }
    return sum;
  }

  @Override
  public void adamStep(AdamRates rates, int step, Tensor gradient, Tensor m, Tensor v, Tensor x) {
    ReferenceVectors.adamStep(
        rates, step, values(gradient), values(m), values(v), values(x), length(x));
  }

  @Override
  public void convolve(Tensor x, Filters filters, Edges edges, Activation activation, Tensor y) {
    Shapes.convolution(x, filters.kernel(), activation, y);
    new ReferenceConvolution(filters.kernel(), edges, x.shape())
        .forward(values(x), activation, values(y));
  }

  @Override
  public void convolveAdjoint(
      Tensor y, Tensor dY, Filters filters, Edges edges, Activation activation, Tensor dX) {
    Shapes.convolution(dX, filters.kernel(), activation, y);
    Shapes.same("convolveAdjoint", y, dY);
    new ReferenceConvolution(filters.kernel(), edges, dX.shape())
        .adjoint(values(y), values(dY), activation, values(dX));
  }

  @Override
  public void averagePool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("averagePool", Shapes.pooled(x.shape()), y);
    new ReferencePooling(x.shape(), edges).average(values(x), values(y));
  }

  @Override
  public void averagePoolAdjoint(Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("averagePoolAdjoint", Shapes.pooled(dX.shape()), dY);
    new ReferencePooling(dX.shape(), edges).averageAdjoint(values(dY), values(dX));
  }

  @Override
  public void maxPool(Tensor x, Edges edges, Tensor y) {
    Shapes.expect("maxPool", Shapes.pooled(x.shape()), y);
    new ReferencePooling(x.shape(), edges).maximum(values(x), values(y));
  }

  @Override
  public void maxPoolAdjoint(Tensor x, Tensor y, Tensor dY, Edges edges, Tensor dX) {
    Shapes.expect("maxPoolAdjoint", Shapes.pooled(dX.shape()), dY);
    Shapes.same("maxPoolAdjoint", y, dY);
    Shapes.same("maxPoolAdjoint", x, dX);
    new ReferencePooling(dX.shape(), edges)
        .maximumAdjoint(values(x), values(y), values(dY), values(dX));
  }

  @Override
  public void energy(Tensor x, int[][] groups, float epsilon, Tensor y) {
    Shapes.expect("energy", x.shape().withChannels(groups.length), y);
    int pixels = x.shape().pixels();
    for (int i = 0; i < length(y); i++) {
      double sum = epsilon;
      for (int c : groups[i / pixels]) {
        double value = values(x)[c * pixels + i % pixels];
        sum += value * value;
      }
      values(y)[i] = (float) Math.sqrt(sum);
    }
  }

  @Override
  public void energyAdjoint(Tensor x, Tensor y, Tensor dY, int[][] groups, Tensor dX) {
    Shapes.expect("energyAdjoint", x.shape().withChannels(groups.length), y);
    Shapes.same("energyAdjoint", y, dY);
    Shapes.same("energyAdjoint", x, dX);
    int pixels = x.shape().pixels();
    for (int i = 0; i < length(y); i++) {
      for (int c : groups[i / pixels]) {
        int at = c * pixels + i % pixels;
        values(dX)[at] += values(x)[at] * (values(dY)[i] / values(y)[i]);
      }
    }
  }

  @Override
  public void multiplyMask(Tensor x, Tensor mask, Tensor y) {
    Shapes.expect("multiplyMask", x.shape().withChannels(1), mask);
    Shapes.same("multiplyMask", x, y);
    for (int i = 0; i < length(x); i++) {
      values(y)[i] = values(x)[i] * values(mask)[i % x.shape().pixels()];
    }
  }

  @Override
  public void gram(Tensor a, Tensor centreA, Tensor b, Tensor centreB, Tensor out) {
    Shapes.gram(a, centreA, b, centreB, out);
    int m = a.shape().pixels();
    int columns = b.shape().channels();
    for (int i = 0; i < a.shape().channels() * columns; i++) {
      double sum = 0;
      for (int p = 0; p < m; p++) {
        sum += centred(a, centreA, i / columns, p) * centred(b, centreB, i % columns, p);
      }
      values(out)[i] = (float) (sum / m);
    }
  }

  private static double centred(Tensor x, Tensor centre, int c, int p) {
    double value = values(x)[c * x.shape().pixels() + p];
    return centre == null ? value : value - values(centre)[c];
  }

  @Override
  public void addProduct(
      float scale, Tensor matrix, boolean transposed, Tensor x, Tensor centre, Tensor accumulator) {
    Shapes.product(matrix, transposed, x, centre, accumulator);
    int n = accumulator.shape().channels();
    int k = x.shape().channels();
    int m = x.shape().pixels();
    for (int i = 0; i < n * m; i++) {
      double sum = 0;
      for (int j = 0; j < k; j++) {
        float d = values(matrix)[transposed ? j * n + i / m : i / m * k + j];
        sum += d * centred(x, centre, j, i % m);
      }
      values(accumulator)[i] += (float) (scale * sum);
    }
  }

  @Override
  public void channelMeans(Tensor x, Tensor out) {
    Shapes.expect("channelMeans", Shapes.perChannel(x), out);
    int m = x.shape().pixels();
    for (int c = 0; c < x.shape().channels(); c++) {
      double sum = 0;
      for (int p = 0; p < m; p++) {
        sum += values(x)[c * m + p];
      }
      values(out)[c] = (float) (sum / m);
    }
  }

  @Override
  public void addPerChannel(float scale, Tensor v, Tensor accumulator) {
    Shapes.expect("addPerChannel", Shapes.perChannel(accumulator), v);
    for (int i = 0; i < length(accumulator); i++) {
      values(accumulator)[i] += scale * values(v)[i / accumulator.shape().pixels()];
    }
  }

  @Override
  public double totalVariation(Tensor x, Edges edges, float scale, Tensor gradient) {
    Shapes.same("totalVariation", x, gradient);
    Shape s = x.shape();
    return steps(x, s.height(), s.width(), edges.vertical(), scale, gradient)
        + steps(x, s.width(), 1, edges.horizontal(), scale, gradient);
  }

  /** The mean squared step along the axis of {@code n} pixels that lie {@code stride} apart. */
  private static double steps(
      Tensor x, int n, int stride, Edge edge, float scale, Tensor gradient) {
    float[] v = values(x);
    int perLine = edge == Edge.WRAP ? n : n - 1;
    long count = (long) length(x) / n * perLine;
    double sum = 0;
    for (int i = 0; i < length(x); i++) {
      int position = i / stride % n;
      if (position < perLine) {
        int next = position + 1 < n ? i + stride : i - (n - 1) * stride;
        double step = (double) v[next] - v[i];
        sum += step * step;
        values(gradient)[next] += (float) (scale * 2 * step / count);
        values(gradient)[i] -= (float) (scale * 2 * step / count);
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  @Override
  public double rangePenalty(Tensor x, float scale, Tensor gradient) {
    Shapes.same("rangePenalty", x, gradient);
    float[] v = values(x);
    int n = length(x);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double outside = v[i] - Math.min(1.0, Math.max(0.0, v[i]));
      sum += outside * outside;
      values(gradient)[i] += (float) (scale * 2 * outside / n);
    }
    return sum / n;
  }

  @Override
  public void trim() {
    // the garbage collector's work, in its own time
  }

  @Override
  public void close() {
    // holds nothing
  }
}
