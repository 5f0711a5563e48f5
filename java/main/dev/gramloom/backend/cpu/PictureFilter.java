package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import dev.gramloom.backend.Kernel;
import dev.gramloom.tensor.Edges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * A convolution of a picture into one of as few channels: a change of colours, a blur.
 *
 * <p>Channels of a pixel lie side by side in both, so number i of a row of y is a sum of numbers i
 * + shift of rows of x, with weights that repeat from pixel to pixel. Shifts whose weights are all
 * zero are left out.
 */
final class PictureFilter {
  /** Rows of an item of work. */
  private static final int STRIP = 32;

  /** Weights of a shift, from any channel on: the pattern repeats over a vector and a pixel. */
  private static final int PATTERN = LANES + PictureConvolution.MOST_CHANNELS;

  /**
   * Sums of shifted rows.
   *
   * @param rows of x that each shift reads, from the first that the filter reaches
   * @param shifts floats from y's number to x's in padded rows
   * @param weights of each shift, {@link #PATTERN} floats from channel 0 on
   */
  private record Taps(int[] rows, int[] shifts, float[] weights) {}

  private final Workers workers;
  private final int channels;
  private final int size;
  private final float[] bias; // a pattern
  private final Taps forward;
  private final Taps adjoint;

  /**
   * @param kernel of as many outputs as inputs, at most {@link PictureConvolution#MOST_CHANNELS}
   */
  PictureFilter(Workers workers, Kernel kernel) {
    this.workers = workers;
    channels = kernel.inputs();
    size = kernel.size();
    bias = new float[PATTERN];
    for (int i = 0; i < PATTERN; i++) {
      bias[i] = kernel.bias()[i % channels];
    }
    int last = size - 1;
    forward = taps(kernel::weight);
    adjoint = taps((k, c, i, j) -> kernel.weight(c, k, last - i, last - j));
  }

  /** Floats of the weights both ways, at most. */
  static long floats(Kernel kernel) {
    int shifts = kernel.size() * ((kernel.size() + 1) * kernel.inputs() - 1);
    return 2L * PATTERN * shifts;
  }

  private interface Weight {
    float of(int k, int c, int i, int j);
  }

  private Taps taps(Weight weight) {
    List<Integer> rows = new ArrayList<>();
    List<Integer> shifts = new ArrayList<>();
    List<float[]> patterns = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      for (int shift = 1 - channels; shift < size * channels; shift++) {
        float[] pattern = pattern(weight, i, shift);
        if (pattern != null) {
          rows.add(i);
          shifts.add(shift);
          patterns.add(pattern);
        }
      }
    }
    float[] weights = new float[patterns.size() * PATTERN];
    for (int t = 0; t < patterns.size(); t++) {
      System.arraycopy(patterns.get(t), 0, weights, t * PATTERN, PATTERN);
    }
    return new Taps(
        rows.stream().mapToInt(Integer::intValue).toArray(),
        shifts.stream().mapToInt(Integer::intValue).toArray(),
        weights);
  }

  /** What a shift's numbers are multiplied by; null where by nothing but zeros. */
  private float[] pattern(Weight weight, int row, int shift) {
    float[] pattern = new float[PATTERN];
    boolean any = false;
    for (int p = 0; p < PATTERN; p++) {
      int k = p % channels;
      int column = Math.floorDiv(k + shift, channels);
      if (column >= 0 && column < size) {
        pattern[p] = weight.of(k, Math.floorMod(k + shift, channels), row, column);
        any |= pattern[p] != 0;
      }
    }
    return any ? pattern : null;
  }

  /** y [C][H][W] = W ⋆ x + b, x [C][H][W]. */
  void forward(CpuTensor x, Edges edges, CpuTensor y) {
    PictureBorder border = new PictureBorder(x, edges, size / 2);
    run(border, forward, bias, border.height(), border.width(), y.values());
  }

  /** dX [C][H][W] += adjoint of {@link #forward} of dY [C][H][W]. */
  void adjoint(CpuTensor dY, Edges edges, float[] padded, CpuTensor dX) {
    PictureBorder folded = new PictureBorder(dX, edges, size / 2);
    PictureBorder border = new PictureBorder(dY, Edges.ZERO, size - 1);
    int height = folded.height() + size - 1;
    run(border, adjoint, new float[PATTERN], height, folded.columns(), padded);
    folded.fold(workers, padded);
  }

  /**
   * @param to [rows][columns][C]
   */
  private void run(
      PictureBorder source, Taps taps, float[] start, int rows, int columns, float[] to) {
    int pitch = source.rowSize();
    int length = columns * channels;
    workers.forEach(
        (rows + STRIP - 1) / STRIP,
        (item, scratch) -> {
          int first = item * STRIP;
          int last = Math.min(rows, first + STRIP);
          int end = LANES + (last - first + size - 1) * pitch;
          float[] in = scratch.input(end + LANES);
          Arrays.fill(in, 0, LANES, 0); // met by weights of zero only
          Arrays.fill(in, end, end + LANES, 0);
          for (int row = first; row < last + size - 1; row++) {
            source.read(row - source.radius(), in, LANES + (row - first) * pitch);
          }
          int[] places = new int[taps.rows.length];
          float[] line = scratch.output(length + LANES);
          for (int row = first; row < last; row++) {
            for (int t = 0; t < places.length; t++) {
              places[t] = LANES + (row - first + taps.rows[t]) * pitch + taps.shifts[t];
            }
            sums(in, places, taps.weights, start, line, length);
            System.arraycopy(line, 0, to, row * length, length);
          }
        });
  }

  private void sums(
      float[] in, int[] places, float[] weights, float[] start, float[] line, int length) {
    for (int i = 0; i < length; i += LANES) {
      int channel = i % channels;
      FloatVector sum = FloatVector.fromArray(SPECIES, start, channel);
      for (int t = 0; t < places.length; t++) {
        FloatVector weight = FloatVector.fromArray(SPECIES, weights, t * PATTERN + channel);
        sum = weight.fma(FloatVector.fromArray(SPECIES, in, places[t] + i), sum);
      }
      sum.intoArray(line, i);
    }
  }
}
