package dev.gramloom.network;

import dev.gramloom.backend.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Collects filters that each look at one or a few channels into one kernel. */
final class KernelBuilder {
  private final int inputs;
  private final int size;
  private final List<float[]> filters = new ArrayList<>();

  /**
   * @param inputs channels there are to look at
   * @param size side of the kernel; smaller filters are centred in it
   */
  KernelBuilder(int inputs, int size) {
    this.inputs = inputs;
    this.size = size;
  }

  /** How many filters there are so far. */
  int count() {
    return filters.size();
  }

  /**
   * Adds a filter that looks at the sum of some channels.
   *
   * @param filter [side][side], side odd and at most the kernel's
   */
  void add(float[] filter, double gain, int... channels) {
    int side = (int) Math.round(Math.sqrt(filter.length));
    int margin = (size - side) / 2;
    float[] weights = new float[inputs * size * size];
    for (int channel : channels) {
      for (int i = 0; i < filter.length; i++) {
        int row = channel * size + margin + i / side;
        weights[row * size + margin + i % side] += (float) (gain * filter[i]);
      }
    }
    filters.add(weights);
  }

  /** Adds all filters of a wavelet for one channel; returns the index of the first. */
  int add(Gabor gabor, int... channels) {
    int first = filters.size();
    for (int i = 0; i < gabor.count(); i++) {
      add(gabor.filter(i), 1, channels);
    }
    return first;
  }

  /** All filters, without bias. */
  Kernel build() {
    int length = inputs * size * size;
    float[] weights = new float[filters.size() * length];
    for (int k = 0; k < filters.size(); k++) {
      System.arraycopy(filters.get(k), 0, weights, k * length, length);
    }
    return new Kernel(filters.size(), inputs, size, weights, new float[filters.size()]);
  }
}
