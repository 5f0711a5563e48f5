package dev.gramloom.backend.cpu;

import static dev.gramloom.backend.cpu.Lanes.LANES;
import static dev.gramloom.backend.cpu.Lanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Energies of groups of channels, √(ε + Σ x_c²), and their adjoint. Groups are few and small: each
 * member is looked up, and only roots and quotients are vectors.
 */
final class CpuEnergy {
  /** Pixels of an item of work. */
  private static final int RUN = 1 << 9;

  private final CpuTensor x;
  private final CpuTensor y;
  private final int[] members; // channels, group after group
  private final int[] ends; // of each group in members

  private CpuEnergy(CpuTensor x, CpuTensor y, int[][] groups) {
    this.x = x;
    this.y = y;
    members = Arrays.stream(groups).flatMapToInt(Arrays::stream).toArray();
    ends = new int[groups.length];
    for (int g = 0, end = 0; g < groups.length; g++) {
      end += groups[g].length;
      ends[g] = end;
    }
  }

  /** y [M][G] = √(ε + Σ x_c²). */
  static void forward(Workers workers, CpuTensor x, int[][] groups, float epsilon, CpuTensor y) {
    var energy = new CpuEnergy(x, y, groups);
    workers.forEach(
        energy.items(),
        (item, scratch) -> {
          int first = item * RUN;
          int last = energy.end(item);
          energy.squares(first, last, epsilon);
          roots(y.values(), first * y.pitch(), last * y.pitch());
        });
  }

  /** dX [M][C] += x_c · dY_g / y_g; groups may share channels. */
  static void adjoint(
      Workers workers, CpuTensor x, CpuTensor y, CpuTensor dY, int[][] groups, CpuTensor dX) {
    var energy = new CpuEnergy(x, y, groups);
    workers.forEach(
        energy.items(),
        (item, scratch) -> {
          int first = item * RUN;
          int last = energy.end(item);
          float[] factors = scratch.output(RUN * y.pitch() + LANES);
          quotients(dY.values(), y.values(), first * y.pitch(), last * y.pitch(), factors);
          energy.addProducts(first, last, factors, dX.values());
        });
  }

  private int items() {
    return (x.pixels() + RUN - 1) / RUN;
  }

  private int end(int item) {
    return Math.min(x.pixels(), (item + 1) * RUN);
  }

  /** y = ε + Σ x_c², and zeros in the padding. */
  private void squares(int first, int last, float epsilon) {
    float[] from = x.values();
    float[] to = y.values();
    for (int i = first; i < last; i++) {
      int at = i * x.pitch();
      int out = i * y.pitch();
      int m = 0;
      for (int g = 0; g < ends.length; g++) {
        float even = epsilon; // two chains, so that an addition need not wait for the last
        float odd = 0;
        int end = ends[g];
        for (; m + 1 < end; m += 2) {
          float a = from[at + members[m]];
          float b = from[at + members[m + 1]];
          even += a * a;
          odd += b * b;
        }
        if (m < end) {
          float a = from[at + members[m++]];
          even += a * a;
        }
        to[out + g] = even + odd;
      }
      for (int c = out + ends.length; c < out + y.pitch(); c++) {
        to[c] = 0;
      }
    }
  }

  private static void roots(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector.fromArray(SPECIES, y, i).sqrt().intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = (float) Math.sqrt(y[i]);
    }
  }

  /** What the members of each group are multiplied by; anything in the padding. */
  private static void quotients(float[] dY, float[] y, int from, int to, float[] factors) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector slope = FloatVector.fromArray(SPECIES, dY, i);
      slope.div(FloatVector.fromArray(SPECIES, y, i)).intoArray(factors, i - from);
    }
    for (; i < to; i++) {
      factors[i - from] = dY[i] / y[i];
    }
  }

  private void addProducts(int first, int last, float[] factors, float[] sum) {
    float[] from = x.values();
    for (int i = first; i < last; i++) {
      int at = i * x.pitch();
      int factor = (i - first) * y.pitch();
      int m = 0;
      for (int end : ends) {
        float slope = factors[factor++];
        for (; m < end; m++) {
          int c = at + members[m];
          sum[c] += slope * from[c];
        }
      }
    }
  }
}
