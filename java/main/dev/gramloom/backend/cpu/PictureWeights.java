package dev.gramloom.backend.cpu;

import dev.gramloom.backend.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel of few input channels as the matrices of {@link PictureConvolution}.
 *
 * <p>Filters that stand together and look at one and the same channel make a product of their own,
 * with the weights of that channel alone.
 */
final class PictureWeights {
  /** {@link Group#channel} of filters that look at several. */
  static final int ALL = -1;

  /**
   * Filters that stand together.
   *
   * @param channel the only one that they look at, or {@link #ALL}
   * @param first the first of them
   * @param count how many
   * @param panels of their columns going forward: filters
   * @param start where their weights begin in {@link PictureWeights#forward}, panel after panel
   * @param adjointPanels of their columns going back: floats of a filter that matter
   * @param adjointStart likewise in {@link PictureWeights#adjoint}
   * @param share where their shares begin among a pixel's
   */
  record Group(
      int channel,
      int first,
      int count,
      Panels panels,
      int start,
      Panels adjointPanels,
      int adjointStart,
      int share) {
    boolean sees(int input) {
      return channel == ALL || channel == input;
    }
  }

  private final Kernel kernel;
  private final List<Group> groups;
  private final float[] forward; // [group][panel][taps of the group][columns]
  private final float[] adjoint; // [group][panel][K of the group][columns]

  PictureWeights(Kernel kernel) {
    this.kernel = kernel;
    groups = groups(kernel);
    Group last = groups.get(groups.size() - 1);
    forward = new float[last.start + last.panels.columns() * taps(last)];
    adjoint = new float[last.adjointStart + last.adjointPanels.columns() * last.count];
    for (Group group : groups) {
      for (int i = 0; i < group.count; i++) {
        for (int tap = 0; tap < taps(group); tap++) {
          int of = group.channel == ALL ? tap : tap * kernel.inputs() + group.channel;
          float weight = weight(group.first + i, of);
          forward[group.start + place(group.panels, taps(group), tap, i)] = weight;
          adjoint[group.adjointStart + place(group.adjointPanels, group.count, i, tap)] = weight;
        }
      }
    }
  }

  /** Weight of filter {@code k} for float {@code tap} of what it sees, [size][size][C]. */
  private float weight(int k, int tap) {
    int place = tap / kernel.inputs();
    int size = kernel.size();
    return kernel.weight(k, tap % kernel.inputs(), place / size, place % size);
  }

  /** Filters of one channel each, or all in one where that is less work. */
  private static List<Group> groups(Kernel kernel) {
    int places = kernel.size() * kernel.size();
    List<Group> apart = new ArrayList<>();
    int start = 0;
    int adjointStart = 0;
    int share = 0;
    for (int k = 0; k < kernel.outputs(); ) {
      int channel = channel(kernel, k);
      int first = k;
      while (k < kernel.outputs() && channel(kernel, k) == channel) {
        k++;
      }
      int taps = places * (channel == ALL ? kernel.inputs() : 1);
      Panels panels = new Panels(k - first);
      Panels back = new Panels(taps);
      apart.add(new Group(channel, first, k - first, panels, start, back, adjointStart, share));
      start += panels.columns() * taps;
      adjointStart += back.columns() * (k - first);
      share += back.columns();
    }
    int taps = places * kernel.inputs();
    Panels all = new Panels(kernel.outputs());
    boolean cheaper = start < all.columns() * taps;
    return cheaper
        ? apart
        : List.of(new Group(ALL, 0, kernel.outputs(), all, 0, new Panels(taps), 0, 0));
  }

  /** The only channel that a filter looks at; {@link #ALL} where there is no such one. */
  private static int channel(Kernel kernel, int k) {
    int places = kernel.size() * kernel.size();
    int only = ALL;
    for (int c = 0; c < kernel.inputs(); c++) {
      for (int place = 0; place < places; place++) {
        if (kernel.weights()[(k * kernel.inputs() + c) * places + place] != 0) {
          if (only != ALL && only != c) {
            return ALL;
          }
          only = c;
        }
      }
    }
    return only;
  }

  /** Floats of both matrices, at most. */
  static long floats(Kernel kernel) {
    int taps = kernel.size() * kernel.size() * kernel.inputs();
    return (long) Lanes.whole(kernel.outputs()) * taps
        + (long) Lanes.whole(taps) * kernel.outputs();
  }

  /** Where row {@code row} of {@code rows} and a column are, panel after panel. */
  private static int place(Panels panels, int rows, int row, int column) {
    int panel = panels.of(column);
    int first = panels.first(panel);
    return first * rows + row * panels.columns(panel) + column - first;
  }

  int size() {
    return kernel.size();
  }

  int outputs() {
    return kernel.outputs();
  }

  float[] bias() {
    return kernel.bias();
  }

  /** Floats of a pixel's sums: K, and what the last columns of each group fill vectors with. */
  int columns() {
    int columns = 0;
    for (Group group : groups) {
      columns = Math.max(columns, group.first + group.panels.columns());
    }
    return Lanes.whole(columns);
  }

  /** Floats of a pixel's shares, of all groups. */
  int shares() {
    Group last = groups.get(groups.size() - 1);
    return last.share + last.adjointPanels.columns();
  }

  /** Weights of a filter of a group. */
  int taps(Group group) {
    return kernel.size() * kernel.size() * (group.channel == ALL ? kernel.inputs() : 1);
  }

  List<Group> groups() {
    return groups;
  }

  float[] forward() {
    return forward;
  }

  float[] adjoint() {
    return adjoint;
  }
}
