package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Activation;
import dev.gramloom.tensor.Edges;
import java.util.Arrays;

/**
 * Channels of a picture that goes on beyond its borders, read as planes: of a convolution's input,
 * or of its output's gradient as far as the activation lets it through.
 *
 * @param x x or dY, of C or 2C channels
 * @param output y of the forward walk, as {@code x}; null where there is no activation
 * @param activation which of {@code x} count
 * @param beyond how the picture goes on
 * @param channels C, as the convolution sees it
 */
record Planes(CpuTensor x, CpuTensor output, Activation activation, Edges beyond, int channels) {
  /** Channels that are read side by side, so that a line of the cache is read fewer times. */
  static final int TOGETHER = 4;

  /** A convolution's input. */
  static Planes of(CpuTensor x, Edges beyond) {
    return new Planes(x, null, Activation.NONE, beyond, x.channels());
  }

  /**
   * Copies a part of a row of channels {@code channel} to {@code channel + TOGETHER}, as far as
   * they are there.
   *
   * @param row may lie outside
   * @param from first column, may lie outside
   * @param count columns
   * @param plane floats from one channel of the copy to the next
   */
  void read(int channel, int row, int from, int count, float[] to, int at, int plane) {
    int height = x.shape().height();
    int width = x.shape().width();
    int y = beyond.vertical().index(row, height);
    int first = Math.min(Math.max(0, from), from + count);
    int last = Math.max(first, Math.min(width, from + count));
    for (int i = from; i < first; i++) {
      outside(channel, y, i, to, at + i - from, plane);
    }
    for (int i = last; i < from + count; i++) {
      outside(channel, y, i, to, at + i - from, plane);
    }
    int start = y < 0 ? -1 : y * width + first;
    inside(channel, start, last - first, to, at + first - from, plane);
  }

  private void outside(int channel, int y, int column, float[] to, int at, int plane) {
    int inside = beyond.horizontal().index(column, x.shape().width());
    inside(channel, inside < 0 || y < 0 ? -1 : y * x.shape().width() + inside, 1, to, at, plane);
  }

  /**
   * @param pixel the first, or −1 for nothing: zeros
   */
  private void inside(int channel, int pixel, int count, float[] to, int at, int plane) {
    int together = Math.min(TOGETHER, channels - channel);
    if (pixel < 0) {
      for (int c = 0; c < together; c++) {
        Arrays.fill(to, at + c * plane, at + c * plane + count, 0);
      }
      return;
    }
    int from = pixel * x.pitch() + channel;
    if (activation == Activation.NONE && together == TOGETHER) {
      read4(x.values(), from, x.pitch(), count, to, at, plane);
    } else if (activation == Activation.RELU && together == TOGETHER) {
      passed4(x.values(), output.values(), from, x.pitch(), count, to, at, plane);
    } else {
      for (int c = 0; c < together; c++) {
        read1(from + c, count, to, at + c * plane);
      }
    }
  }

  private static void read4(
      float[] x, int from, int pitch, int count, float[] to, int at, int plane) {
    int at1 = at + plane;
    int at2 = at1 + plane;
    int at3 = at2 + plane;
    for (int i = 0; i < count; i++, from += pitch) {
      to[at + i] = x[from];
      to[at1 + i] = x[from + 1];
      to[at2 + i] = x[from + 2];
      to[at3 + i] = x[from + 3];
    }
  }

  private static void passed4(
      float[] dY, float[] y, int from, int pitch, int count, float[] to, int at, int plane) {
    int at1 = at + plane;
    int at2 = at1 + plane;
    int at3 = at2 + plane;
    for (int i = 0; i < count; i++, from += pitch) {
      to[at + i] = y[from] > 0 ? dY[from] : 0;
      to[at1 + i] = y[from + 1] > 0 ? dY[from + 1] : 0;
      to[at2 + i] = y[from + 2] > 0 ? dY[from + 2] : 0;
      to[at3 + i] = y[from + 3] > 0 ? dY[from + 3] : 0;
    }
  }

  private void read1(int from, int count, float[] to, int at) {
    float[] v = x.values();
    float[] y = output == null ? null : output.values();
    int pitch = x.pitch();
    switch (activation) {
      case NONE -> {
        for (int i = 0; i < count; i++) {
          to[at + i] = v[from + i * pitch];
        }
      }
      case RELU -> {
        for (int i = 0; i < count; i++) {
          int j = from + i * pitch;
          to[at + i] = y[j] > 0 ? v[j] : 0;
        }
      }
      case RECTIFY -> { // the slope of the rising half less that of the falling half
        for (int i = 0; i < count; i++) {
          int up = from + i * pitch;
          int down = up + channels;
          to[at + i] = (y[up] > 0 ? v[up] : 0) - (y[down] > 0 ? v[down] : 0);
        }
      }
    }
  }
}
