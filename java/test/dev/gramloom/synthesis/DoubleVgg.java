package dev.gramloom.synthesis;

import dev.gramloom.backend.Kernel;
import dev.gramloom.network.Preprocessing;
import dev.gramloom.tensor.Edge;
import dev.gramloom.weights.RandomVgg;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A judge of whole evaluations: a VGG of random weights and the distance of its Gram matrices, in
 * double, written from the definitions and sharing nothing with the program but the weights.
 *
 * <p>3x3 convolutions with bias and ReLU, means of 2x2 pixels between blocks, G = F Fᵀ / M, and the
 * loss Σ ‖G − T‖² / ‖T‖² over the taps.
 */
final class DoubleVgg {
  /**
   * Planes side by side.
   *
   * @param values [C][H][W]
   */
  record Planes(int channels, int height, int width, double[] values) {
    Planes(int channels, int height, int width) {
      this(channels, height, width, new double[channels * height * width]);
    }

    int pixels() {
      return height * width;
    }
  }

  private final List<String> layers = new ArrayList<>(); // "conv1_1", …, "pool" between blocks
  private final List<Kernel> kernels = new ArrayList<>(); // of each layer; null for pooling
  private final List<String> taps;
  private final Preprocessing preprocessing;

  DoubleVgg(List<String> taps, Preprocessing preprocessing) {
    this.taps = taps;
    this.preprocessing = preprocessing;
    String last = taps.get(taps.size() - 1);
    String block = "conv1";
    for (String name : RandomVgg.convolutions()) {
      if (!name.startsWith(block)) {
        layers.add("pool");
        kernels.add(null);
        block = name.substring(0, name.indexOf('_'));
      }
      layers.add(name);
      kernels.add(RandomVgg.kernel(name));
      if (name.equals(last)) {
        break;
      }
    }
  }

  /** What a picture's Gram matrices are, tap by tap, [C][C]. */
  List<double[]> grams(Planes rgb, Edge edge) {
    List<Planes> outputs = forward(rgb, edge);
    return taps.stream().map(tap -> gram(outputs.get(layers.indexOf(tap) + 1))).toList();
  }

  /** Returns the loss and adds its derivative to {@code gradient}, [3][H][W]. */
  double evaluate(Planes rgb, Edge edge, List<double[]> targets, double[] gradient) {
    List<Planes> outputs = forward(rgb, edge);
    double loss = 0;
    Planes slope = null;
    for (int i = layers.size() - 1; i >= 0; i--) {
      Planes y = outputs.get(i + 1);
      slope = slope == null ? new Planes(y.channels, y.height, y.width) : slope;
      int tap = taps.indexOf(layers.get(i));
      loss += tap < 0 ? 0 : loss(y, targets.get(tap), slope);
      Planes x = outputs.get(i);
      Kernel kernel = kernels.get(i);
      slope = kernel == null ? spread(slope, x) : back(slope, y, kernel, edge);
    }
    for (int i = 0; i < gradient.length; i++) {
      for (int c = 0; c < 3; c++) {
        int from = c * rgb.pixels() + i % rgb.pixels();
        gradient[i] += preprocessing.matrix()[c][i / rgb.pixels()] * slope.values[from];
      }
    }
    return loss;
  }

  /** The network's own picture, then each layer's output. */
  private List<Planes> forward(Planes rgb, Edge edge) {
    Planes x = new Planes(3, rgb.height, rgb.width);
    for (int i = 0; i < x.values.length; i++) {
      int row = i / x.pixels();
      x.values[i] = preprocessing.offset()[row];
      for (int c = 0; c < 3; c++) {
        int from = c * x.pixels() + i % x.pixels();
        x.values[i] += preprocessing.matrix()[row][c] * rgb.values[from];
      }
    }
    List<Planes> outputs = new ArrayList<>(Collections.singleton(x));
    for (Kernel kernel : kernels) {
      x = kernel == null ? pooled(x) : convolved(x, kernel, edge);
      outputs.add(x);
    }
    return outputs;
  }

  private static Planes convolved(Planes x, Kernel kernel, Edge edge) {
    int width = x.width;
    int pitch = width + 2;
    int plane = (x.height + 2) * pitch;
    double[] padded = padded(x, edge);
    Planes y = new Planes(kernel.outputs(), x.height, width);
    IntStream.range(0, kernel.outputs())
        .parallel()
        .forEach(k -> {
          for (int n = 0; n < 9 * kernel.inputs(); n++) {
            double weight = kernel.weight(k, n / 9, n % 9 / 3, n % 3);
            int from = n / 9 * plane + n % 9 / 3 * pitch + n % 3;
            for (int row = 0; row < x.height; row++) {
              int at = from + row * pitch;
              add(weight, padded, at, y.values, (k * x.height + row) * width, width);
            }
          }
          for (int i = k * x.pixels(); i < (k + 1) * x.pixels(); i++) {
            y.values[i] = Math.max(0, y.values[i] + kernel.bias()[k]);
          }
        });
    return y;
  }

  private static void add(double weight, double[] x, int at, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] += weight * x[at + i];
    }
  }

  private static double[] padded(Planes x, Edge edge) {
    int pitch = x.width + 2;
    double[] padded = new double[x.channels * (x.height + 2) * pitch];
    for (int i = 0; i < padded.length; i++) {
      int from = source(x, i, edge);
      padded[i] = from < 0 ? 0 : x.values[from];
    }
    return padded;
  }

  /** The pixel that one of the padded picture shows, or −1. */
  private static int source(Planes x, int padded, Edge edge) {
    int pitch = x.width + 2;
    int row = edge.index(padded / pitch % (x.height + 2) - 1, x.height);
    int column = edge.index(padded % pitch - 1, x.width);
    int channel = padded / (pitch * (x.height + 2));
    return row < 0 || column < 0 ? -1 : (channel * x.height + row) * x.width + column;
  }

  /** The adjoint of {@link #convolved} where its output was y. */
  private static Planes back(Planes dY, Planes y, Kernel kernel, Edge edge) {
    int width = y.width;
    int pitch = width + 2;
    int plane = (y.height + 2) * pitch;
    double[] passed = dY.values.clone();
    for (int i = 0; i < passed.length; i++) {
      passed[i] = y.values[i] > 0 ? passed[i] : 0;
    }
    double[] padded = new double[kernel.inputs() * plane];
    IntStream.range(0, kernel.inputs())
        .parallel()
        .forEach(c -> {
          for (int n = 0; n < 9 * kernel.outputs(); n++) {
            double weight = kernel.weight(n / 9, c, n % 9 / 3, n % 3);
            int to = c * plane + n % 9 / 3 * pitch + n % 3;
            for (int row = 0; row < y.height; row++) {
              int from = (n / 9 * y.height + row) * width;
              add(weight, passed, from, padded, to + row * pitch, width);
            }
          }
        });
    Planes dX = new Planes(kernel.inputs(), y.height, width);
    for (int i = 0; i < padded.length; i++) {
      int to = source(dX, i, edge);
      if (to >= 0) {
        dX.values[to] += padded[i];
      }
    }
    return dX;
  }

  private static int large(int small, Planes y, int corner) {
    int row = 2 * (small / y.width) + corner / 2; // of all planes, whose heights are even
    return row * 2 * y.width + 2 * (small % y.width) + corner % 2;
  }

  private static Planes pooled(Planes x) {
    Planes y = new Planes(x.channels, x.height / 2, x.width / 2);
    for (int i = 0; i < y.values.length; i++) {
      for (int corner = 0; corner < 4; corner++) {
        y.values[i] += x.values[large(i, y, corner)] / 4;
      }
    }
    return y;
  }

  private static Planes spread(Planes dY, Planes x) {
    Planes dX = new Planes(x.channels, x.height, x.width);
    for (int i = 0; i < dY.values.length; i++) {
      for (int corner = 0; corner < 4; corner++) {
        dX.values[large(i, dY, corner)] += dY.values[i] / 4;
      }
    }
    return dX;
  }

  private static double[] gram(Planes x) {
    int n = x.channels;
    int m = x.pixels();
    double[] gram = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int p = 0; p < m; p++) {
          sum += x.values[i * m + p] * x.values[j * m + p];
        }
        gram[i * n + j] = sum / m;
        gram[j * n + i] = sum / m;
      }
    }
    return gram;
  }

  /** Returns the loss of a tap and adds its slope, 4 / (M ‖T‖²) · (G − T) F. */
  private static double loss(Planes x, double[] target, Planes slope) {
    double[] difference = gram(x);
    double norm = 0;
    double loss = 0;
    for (int i = 0; i < target.length; i++) {
      difference[i] -= target[i];
      norm += target[i] * target[i];
      loss += difference[i] * difference[i];
    }
    int n = x.channels;
    int m = x.pixels();
    for (int i = 0; i < n * n; i++) {
      double factor = 4 * difference[i] / (m * norm);
      add(factor, x.values, i % n * m, slope.values, i / n * m, m);
    }
    return loss / norm;
  }
}
