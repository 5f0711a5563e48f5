package dev.gramloom.backend.cpu;

import dev.gramloom.backend.AdamRates;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Shape;
import java.util.Arrays;

/** Everything that treats each element, or each pair of neighbours, by itself. */
final class CpuPixels {
  private CpuPixels() {}

  /** Sum of products; fixed blocks, each in double, added in order. */
  static double dot(Workers workers, float[] a, float[] b, int length) {
    int block = 1 << 14;
    int inner = 1 << 11;
    double[] sums = new double[(length + block - 1) / block];
    workers.forEach(
        sums.length,
        (item, scratch) -> {
          int end = (int) Math.min(length, (item + 1L) * block);
          double sum = 0;
          for (int from = item * block; from < end; from += inner) {
            sum += MicroKernel.dot(a, b, from, Math.min(end, from + inner));
          }
          sums[item] = sum;
        });
    return sum(sums);
  }

  static double sum(double[] parts) {
    double sum = 0;
    for (double part : parts) {
      sum += part;
    }
    return sum;
  }

  static void adamStep(
      Workers workers,
      AdamRates r,
      int step,
      float[] gradient,
      float[] m,
      float[] v,
      float[] x,
      int length) {
    double mean = 1 - StrictMath.pow(r.beta1(), step);
    double square = 1 - StrictMath.pow(r.beta2(), step);
    workers.forRanges(
        length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            double g = gradient[i];
            m[i] = (float) (r.beta1() * m[i] + (1 - r.beta1()) * g);
            v[i] = (float) (r.beta2() * v[i] + (1 - r.beta2()) * g * g);
            double root = Math.sqrt(v[i] / square) + r.epsilon();
            x[i] -= (float) (r.rate() * (m[i] / mean) / root);
          }
        });
  }

  /** y [G][M] = √(ε + Σ x_c²). */
  static void energy(
      Workers workers, float[] x, int pixels, int[][] groups, float epsilon, float[] y) {
    forChannelRanges(
        workers,
        groups.length,
        pixels,
        (g, from, to) -> {
          int at = g * pixels;
          Arrays.fill(y, at + from, at + to, epsilon);
          for (int c : groups[g]) {
            int in = c * pixels;
            for (int i = from; i < to; i++) {
              y[at + i] += x[in + i] * x[in + i];
            }
          }
          for (int i = from; i < to; i++) {
            y[at + i] = (float) Math.sqrt(y[at + i]);
          }
        });
  }

  /** dX [C][M] += x_c · dY_g / y_g; groups may share channels, so an item covers all groups. */
  static void energyAdjoint(
      Workers workers, float[] x, float[] y, float[] dY, int pixels, int[][] groups, float[] dX) {
    workers.forRanges(
        pixels,
        (from, to) -> {
          for (int g = 0; g < groups.length; g++) {
            int at = g * pixels;
            for (int c : groups[g]) {
              int in = c * pixels;
              for (int i = from; i < to; i++) {
                dX[in + i] += x[in + i] * (dY[at + i] / y[at + i]);
              }
            }
          }
        });
  }

  static void multiplyMask(Workers workers, float[] x, Shape s, float[] mask, float[] y) {
    forChannelRanges(
        workers,
        s.channels(),
        s.pixels(),
        (c, from, to) -> {
          int at = c * s.pixels();
          for (int i = from; i < to; i++) {
            y[at + i] = x[at + i] * mask[i];
          }
        });
  }

  /** out [C] = mean of each channel; sums of fixed runs, added in order. */
  static void channelMeans(Workers workers, float[] x, Shape s, float[] out) {
    workers.forEach(
        s.channels(),
        (c, scratch) -> {
          int run = 1 << 10;
          int begin = c * s.pixels();
          double sum = 0;
          for (int from = 0; from < s.pixels(); from += run) {
            sum += MicroKernel.sum(x, begin + from, begin + Math.min(s.pixels(), from + run));
          }
          out[c] = (float) (sum / s.pixels());
        });
  }

  static void addPerChannel(Workers workers, float scale, float[] v, Shape s, float[] sum) {
    forChannelRanges(
        workers,
        s.channels(),
        s.pixels(),
        (c, from, to) -> {
          float value = scale * v[c];
          int at = c * s.pixels();
          for (int i = at + from; i < at + to; i++) {
            sum[i] += value;
          }
        });
  }

  private interface ChannelRange {
    void run(int channel, int from, int to);
  }

  private static void forChannelRanges(
      Workers workers, int channels, int pixels, ChannelRange range) {
    int grain = 1 << 15;
    int parts = (pixels + grain - 1) / grain;
    workers.forEach(
        channels * parts,
        (item, scratch) -> {
          int from = item % parts * grain;
          range.run(item / parts, from, Math.min(pixels, from + grain));
        });
  }

  /** The mean squared step along one axis; adds scale · its derivative to gradient. */
  static double steps(
      Workers workers, float[] x, Shape s, boolean vertical, Edge edge, float scale, float[] out) {
    int n = vertical ? s.height() : s.width();
    int stride = vertical ? s.width() : 1;
    int perLine = edge == Edge.WRAP ? n : n - 1;
    long count = s.size() / n * perLine;
    if (count == 0) {
      return 0;
    }
    float factor = (float) (2.0 * scale / count);
    double[] sums = new double[s.channels()];
    workers.forEach(
        s.channels(),
        (c, scratch) -> {
          int plane = c * s.pixels();
          double sum = 0;
          for (int i = 0; i < s.pixels(); i++) {
            int position = i / stride % n;
            if (position < perLine) {
              int at = plane + i;
              int next = position + 1 < n ? at + stride : at - (n - 1) * stride;
              float step = x[next] - x[at];
              sum += (double) step * step;
              out[next] += factor * step;
              out[at] -= factor * step;
            }
          }
          sums[c] = sum;
        });
    return sum(sums) / count;
  }

  /** The mean squared distance to 0..1; adds scale · its derivative to gradient. */
  static double rangePenalty(
      Workers workers, float[] x, int length, float scale, float[] gradient) {
    int block = 1 << 15;
    double[] sums = new double[(length + block - 1) / block];
    float factor = 2 * scale / length;
    workers.forEach(
        sums.length,
        (item, scratch) -> {
          int end = (int) Math.min(length, (item + 1L) * block);
          double sum = 0;
          for (int i = item * block; i < end; i++) {
            float outside = x[i] - Math.min(1, Math.max(0, x[i]));
            sum += (double) outside * outside;
            gradient[i] += factor * outside;
          }
          sums[item] = sum;
        });
    return sum(sums) / length;
  }
}
