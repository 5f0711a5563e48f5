package dev.gramloom.backend.reference;

import dev.gramloom.backend.Activation;
import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;

/** What a convolution and its adjoint mean, in plain loops with double sums. */
final class ReferenceConvolution {
  private final Kernel kernel;
  private final Edges edges;
  private final int height;
  private final int width;

  ReferenceConvolution(Kernel kernel, Edges edges, Shape picture) {
    this.kernel = kernel;
    this.edges = edges;
    this.height = picture.height();
    this.width = picture.width();
  }

  /** y [K or 2K][H][W] = activation(W ⋆ x + b), x [C][H][W]. */
  void forward(float[] x, Activation activation, float[] y) {
    int pixels = height * width;
    for (int k = 0; k < kernel.outputs(); k++) {
      for (int p = 0; p < pixels; p++) {
        double sum = kernel.bias()[k] + sum(x, k, p / width, p % width);
        switch (activation) {
          case NONE -> y[k * pixels + p] = (float) sum;
          case RELU -> y[k * pixels + p] = (float) Math.max(sum, 0);
          case RECTIFY -> {
            y[k * pixels + p] = (float) Math.max(sum, 0);
            y[(kernel.outputs() + k) * pixels + p] = (float) Math.max(-sum, 0);
          }
        }
      }
    }
  }

  private double sum(float[] x, int k, int row, int column) {
    double sum = 0;
    for (int c = 0; c < kernel.inputs(); c++) {
      for (int i = 0; i < kernel.size(); i++) {
        for (int j = 0; j < kernel.size(); j++) {
          int at = source(c, row + i - kernel.radius(), column + j - kernel.radius());
          if (at >= 0) {
            sum += (double) kernel.weight(k, c, i, j) * x[at];
          }
        }
      }
    }
    return sum;
  }

  /** Offset of a pixel that may lie outside the picture, or −1 where there is nothing. */
  private int source(int c, int row, int column) {
    int y = edges.vertical().index(row, height);
    int x = edges.horizontal().index(column, width);
    return y < 0 || x < 0 ? -1 : (c * height + y) * width + x;
  }

  /** dX [C][H][W] += adjoint of {@link #forward}; y and dY [K or 2K][H][W]. */
  void adjoint(float[] y, float[] dY, Activation activation, float[] dX) {
    double[] sums = new double[kernel.inputs() * height * width];
    for (int k = 0; k < kernel.outputs(); k++) {
      for (int p = 0; p < height * width; p++) {
        double slope = slope(y, dY, activation, k, p);
        if (slope != 0) {
          spread(slope, k, p / width, p % width, sums);
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      dX[i] += (float) sums[i];
    }
  }

  /** The derivative by the sum before the activation. */
  private double slope(float[] y, float[] dY, Activation activation, int k, int p) {
    int pixels = height * width;
    int at = k * pixels + p;
    int negative = (kernel.outputs() + k) * pixels + p;
    return switch (activation) {
      case NONE -> dY[at];
      case RELU -> y[at] > 0 ? dY[at] : 0;
      case RECTIFY -> y[at] > 0 ? dY[at] : y[negative] > 0 ? -dY[negative] : 0;
    };
  }

  private void spread(double slope, int k, int row, int column, double[] sums) {
    for (int c = 0; c < kernel.inputs(); c++) {
      for (int i = 0; i < kernel.size(); i++) {
        for (int j = 0; j < kernel.size(); j++) {
          int at = source(c, row + i - kernel.radius(), column + j - kernel.radius());
          if (at >= 0) {
            sums[at] += slope * kernel.weight(k, c, i, j);
          }
        }
      }
    }
  }
}
