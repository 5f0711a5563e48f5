package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Gemm.ROWS;
import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Energies of groups of channels, √(ε + Σ x_c²), and their adjoint. Who belongs to which group is a
 * matrix of ones and zeros, so both are matrix products, of squares and of slopes.
 */
final class CpuEnergy {
  /** Pixels of an item of work. */
  private static final int RUN = 16 * ROWS;

  private final CpuTensor x;
  private final CpuTensor y;
  private final int channels; // of x, in whole vectors
  private final int energies; // of y, in whole vectors
  private final Gemm[] gemms; // a panel's each

  private CpuEnergy(CpuTensor x, CpuTensor y, boolean forward) {
    this.x = x;
    this.y = y;
    this.channels = Lanes.whole(x.channels());
    this.energies = Lanes.whole(y.channels());
    int columns = forward ? energies : channels;
    Strides rows = Strides.of(forward ? x.pitch() : energies, 1);
    this.gemms = new Panels(columns).gemms(rows, columns, columns);
  }

  /** y [M][G] = √(ε + Σ x_c²). */
  static void forward(Workers workers, CpuTensor x, int[][] groups, float epsilon, CpuTensor y) {
    var energy = new CpuEnergy(x, y, true);
    float[] members = members(workers, groups, energy.energies, 1, energy.channels); // [C][G]
    workers.forEach(
        energy.items(), (item, scratch) -> energy.forward(item, members, epsilon, scratch));
  }

  /** dX [M][C] += x_c · dY_g / y_g; groups may share channels. */
  static void adjoint(
      Workers workers, CpuTensor x, CpuTensor y, CpuTensor dY, int[][] groups, CpuTensor dX) {
    var energy = new CpuEnergy(x, y, false);
    float[] members = members(workers, groups, 1, energy.channels, energy.energies); // [G][C]
    workers.forEach(
        energy.items(),
        (item, scratch) -> {
          float[] factors = energy.factors(item, members, dY, scratch);
          energy.addProducts(item, factors, dX);
        });
  }

  /**
   * How often each channel is in each group.
   *
   * @param channel floats from a channel to the next
   * @param group floats from a group to the next
   * @param rows of the matrix
   */
  private static float[] members(
      Workers workers, int[][] groups, int channel, int group, int rows) {
    int size = Math.max(channel, group) * rows;
    float[] members = workers.shared().weights(size);
    Arrays.fill(members, 0, size, 0);
    for (int g = 0; g < groups.length; g++) {
      for (int c : groups[g]) {
        members[c * channel + g * group]++;
      }
    }
    return members;
  }

  private int items() {
    return (x.pixels() + RUN - 1) / RUN;
  }

  private int length(int item) {
    return Math.min(RUN, x.pixels() - item * RUN);
  }

  private void forward(int item, float[] members, float epsilon, Scratch scratch) {
    int pixels = length(item);
    float[] squares = scratch.input(RUN * x.pitch());
    squares(x.values(), item * RUN * x.pitch(), squares, pixels * x.pitch());
    float[] sums = scratch.output(RUN * energies);
    Arrays.fill(sums, 0, RUN * energies, epsilon);
    multiply(gemms, x.channels(), squares, x.pitch(), members, sums);
    roots(sums, pixels * energies);
    for (int i = 0; i < pixels; i++) {
      int to = (item * RUN + i) * y.pitch();
      System.arraycopy(sums, i * energies, y.values(), to, y.channels());
      Arrays.fill(y.values(), to + y.channels(), to + y.pitch(), 0);
    }
  }

  private static void roots(float[] sums, int length) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, sums, i).sqrt().intoArray(sums, i);
    }
  }

  private static void squares(float[] x, int from, float[] to, int length) {
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
      FloatVector value = FloatVector.fromArray(SPECIES, x, from + i);
      value.mul(value).intoArray(to, i);
    }
    for (; i < length; i++) {
      to[i] = x[from + i] * x[from + i];
    }
  }

  /** What each pixel's channels are multiplied by: Σ dY_g / y_g over their groups, [RUN][C]. */
  private float[] factors(int item, float[] members, CpuTensor dY, Scratch scratch) {
    float[] slopes = scratch.input(RUN * energies);
    for (int i = 0; i < length(item); i++) {
      int from = (item * RUN + i) * y.pitch();
      for (int g = 0; g < y.channels(); g++) {
        slopes[i * energies + g] = dY.values()[from + g] / y.values()[from + g];
      }
    }
    float[] factors = scratch.output(RUN * channels);
    Arrays.fill(factors, 0, RUN * channels, 0);
    multiply(gemms, y.channels(), slopes, energies, members, factors);
    return factors;
  }

  /** sums [RUN][columns] += values [RUN][depth] · matrix [depth][columns]. */
  private static void multiply(
      Gemm[] gemms, int depth, float[] values, int pitch, float[] matrix, float[] sums) {
    for (int panel = 0, first = 0; panel < gemms.length; panel++) {
      for (int row = 0; row < RUN; row += ROWS) {
        int to = row * gemms[panel].mRow() + first;
        gemms[panel].add(depth, values, row * pitch, matrix, first, sums, to);
      }
      first += gemms[panel].vectors() * LANES;
    }
  }

  private void addProducts(int item, float[] factors, CpuTensor dX) {
    float[] sum = dX.values();
    for (int i = 0; i < length(item); i++) {
      int at = (item * RUN + i) * x.pitch();
      int c = 0;
      for (; c + LANES <= x.pitch(); c += LANES) {
        FloatVector factor = FloatVector.fromArray(SPECIES, factors, i * channels + c);
        FloatVector value = FloatVector.fromArray(SPECIES, x.values(), at + c);
        value.fma(factor, FloatVector.fromArray(SPECIES, sum, at + c)).intoArray(sum, at + c);
      }
      for (; c < x.pitch(); c++) {
        sum[at + c] += x.values()[at + c] * factors[i * channels + c];
      }
    }
  }
}
