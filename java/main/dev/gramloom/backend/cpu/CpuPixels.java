package dev.gramloom.backend.cpu;

import dev.gramloom.backend.AdamRates;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Shape;
import java.util.Arrays;

/** Everything that treats each element, or each pair of neighbours, by itself. */
final class CpuPixels {
  /** Pixels of an item of work. */
  private static final int RUN = 1 << 10;

  /** Pixels that are summed in float32. */
  private static final int SHORT_RUN = 1 << 6;

  private CpuPixels() {}

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

  /** y [M][C] = x · mask, mask [M]. */
  static void multiplyMask(Workers workers, CpuTensor x, float[] mask, CpuTensor y) {
    int pitch = x.pitch();
    workers.forEach(
        runs(x),
        (item, scratch) -> {
          int end = Math.min(x.pixels(), (item + 1) * RUN);
          for (int i = item * RUN; i < end; i++) {
            float factor = mask[i];
            for (int at = i * pitch; at < (i + 1) * pitch; at++) {
              y.values()[at] = x.values()[at] * factor;
            }
          }
        });
  }

  /** out [C] = mean of each channel; sums of short runs in float32, of runs in double, in order. */
  static void channelMeans(Workers workers, CpuTensor x, float[] out) {
    int pitch = x.pitch();
    double[][] sums = new double[runs(x)][x.channels()];
    workers.forEach(
        sums.length,
        (item, scratch) -> {
          float[] part = scratch.output(pitch);
          int end = Math.min(x.pixels(), (item + 1) * RUN);
          for (int from = item * RUN; from < end; from += SHORT_RUN) {
            Arrays.fill(part, 0, pitch, 0);
            for (int i = from; i < Math.min(end, from + SHORT_RUN); i++) {
              Rows.add(x.values(), i * pitch, part, 0, pitch);
            }
            for (int c = 0; c < x.channels(); c++) {
              sums[item][c] += part[c];
            }
          }
        });
    for (int c = 0; c < x.channels(); c++) {
      double sum = 0;
      for (double[] run : sums) {
        sum += run[c];
      }
      out[c] = (float) (sum / x.pixels());
    }
  }

  static void addPerChannel(Workers workers, float scale, float[] v, CpuTensor sum) {
    int pitch = sum.pitch();
    float[] scaled = new float[pitch];
    for (int c = 0; c < sum.channels(); c++) {
      scaled[c] = scale * v[c];
    }
    workers.forEach(
        runs(sum),
        (item, scratch) -> {
          int end = Math.min(sum.pixels(), (item + 1) * RUN);
          for (int i = item * RUN; i < end; i++) {
            Rows.add(scaled, 0, sum.values(), i * pitch, pitch);
          }
        });
  }

  private static int runs(CpuTensor x) {
    return (x.pixels() + RUN - 1) / RUN;
  }

  /** The mean squared step along one axis; adds scale · its derivative to gradient. */
  static double steps(
      Workers workers, CpuTensor x, boolean vertical, Edge edge, float scale, float[] out) {
    Shape s = x.shape();
    int n = vertical ? s.height() : s.width();
    long count = s.size() / n * (edge == Edge.WRAP ? n : n - 1);
    if (count == 0) {
      return 0;
    }
    float factor = (float) (2.0 * scale / count);
    double[] sums = new double[s.height()];
    if (vertical) { // each row gets slopes from two pairs of rows, so it is the row that is an item
      workers.forEach(
          s.height(), (y, scratch) -> sums[y] = stepsAround(x, y, edge == Edge.WRAP, factor, out));
    } else {
      workers.forEach(
          s.height(), (y, scratch) -> sums[y] = stepsAlong(x, y, edge == Edge.WRAP, factor, out));
    }
    return sum(sums) / count;
  }

  /** Squared steps from a row to the next, and the slopes of this row. */
  private static double stepsAround(CpuTensor x, int y, boolean wraps, float factor, float[] out) {
    int height = x.shape().height();
    int row = x.shape().width() * x.pitch();
    boolean last = y + 1 == height;
    int at = y * row;
    int next = last ? 0 : at + row;
    int previous = y == 0 ? (height - 1) * row : at - row;
    float[] v = x.values();
    double sum = 0;
    for (int i = 0; i < row; i++) {
      float down = last && !wraps ? 0 : v[next + i] - v[at + i];
      float up = y == 0 && !wraps ? 0 : v[at + i] - v[previous + i];
      sum += (double) down * down;
      out[at + i] += factor * (up - down);
    }
    return sum;
  }

  /** Squared steps along a row, and their slopes. */
  private static double stepsAlong(CpuTensor x, int y, boolean wraps, float factor, float[] out) {
    int pitch = x.pitch();
    int row = x.shape().width() * pitch;
    int at = y * row;
    float[] v = x.values();
    double sum = 0;
    for (int i = 0; i < (wraps ? row : row - pitch); i++) {
      int from = at + i;
      int to = i + pitch < row ? from + pitch : from + pitch - row;
      float step = v[to] - v[from];
      sum += (double) step * step;
      out[to] += factor * step;
      out[from] -= factor * step;
    }
    return sum;
  }

  /**
   * The mean squared distance to 0..1; adds scale · its derivative to gradient.
   *
   * @param count values that the mean is over: the padding is within 0..1
   */
  static double rangePenalty(
      Workers workers, float[] x, int length, long count, float scale, float[] gradient) {
    int block = 1 << 15;
    double[] sums = new double[(length + block - 1) / block];
    float factor = 2 * scale / count;
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
    return sum(sums) / count;
  }
}
