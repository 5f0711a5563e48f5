package dev.gramloom.network;

import dev.gramloom.backend.Backend;
import dev.gramloom.network.Lifetimes.Span;
import dev.gramloom.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which tensors of a walk take turns in the same memory: made once for a network and a size, before
 * anything is allocated.
 *
 * <p>Source: Pisarchyk and Lee 2020, arXiv:2001.03288, "Greedy by Size for Shared Objects": the
 * largest tensor first, each into the smallest buffer in which nobody's time meets its own; else
 * into a new one. Departures: the paper plans inference, here the way back is in the plan as well;
 * sizes are what the backend's layout takes; among equals the one that is written first comes
 * first.
 *
 * <p>A buffer holds one tensor at a time, from its beginning: so it may take more than is ever in
 * use at once (VGG-19 to conv5_1 both ways: 1.4 times). Tensors at offsets in one piece would come
 * closer, but Java's arrays have no parts.
 */
public final class MemoryPlan {
  /** A tensor that needs a buffer. */
  private record Tenant(Shape shape, long floats, Span span) {}

  /** Who shares one piece of memory; the first tenant is the largest. */
  private static final class Buffer {
    private final List<Tenant> tenants = new ArrayList<>();

    boolean isFree(Span span) {
      return tenants.stream().noneMatch(tenant -> tenant.span.meets(span));
    }

    /** Steps in which it would stand empty before or after a new tenant, whichever are fewer. */
    int gap(Span span) {
      return tenants.stream().mapToInt(tenant -> tenant.span.gap(span)).min().orElseThrow();
    }

    Tenant largest() {
      return tenants.get(0);
    }
  }

  private final List<Buffer> buffers = new ArrayList<>();
  private final int[] outputs; // buffer of each node's output, [nodes]
  private final int[] gradients; // likewise; empty where there is no way back

  /**
   * Plans a walk.
   *
   * @param backend whose layout decides what a tensor takes
   * @param picture shape of the pictures, [3][H][W]
   * @param bothWays whether there is a way back
   */
  public MemoryPlan(Backend backend, Network network, Shape picture, boolean bothWays) {
    Lifetimes lifetimes = new Lifetimes(network, bothWays);
    Shape[] shapes = network.shapes(picture);
    List<Tenant> tenants = new ArrayList<>();
    for (int i = 0; i < shapes.length; i++) {
      tenants.add(new Tenant(shapes[i], backend.floats(shapes[i]), lifetimes.output(i)));
    }
    for (int i = 0; bothWays && i < shapes.length; i++) {
      tenants.add(new Tenant(shapes[i], backend.floats(shapes[i]), lifetimes.gradient(i)));
    }
    int[] places = places(tenants);
    outputs = Arrays.copyOf(places, shapes.length);
    gradients = Arrays.copyOfRange(places, shapes.length, places.length);
  }

  /** The buffer of each tenant. */
  private int[] places(List<Tenant> tenants) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < tenants.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparingLong((Integer i) -> -tenants.get(i).floats)
            .thenComparing(i -> tenants.get(i).span.first()));
    int[] places = new int[tenants.size()];
    for (int i : order) {
      places[i] = place(tenants.get(i).span);
      buffers.get(places[i]).tenants.add(tenants.get(i));
    }
    return places;
  }

  /** The smallest buffer that is free; among equals where the least time is lost. */
  private int place(Span span) {
    int best = -1;
    for (int i = buffers.size() - 1; i >= 0; i--) { // they were made in order of size
      Buffer buffer = buffers.get(i);
      if (best >= 0 && buffer.largest().floats > buffers.get(best).largest().floats) {
        return best;
      }
      if (buffer.isFree(span) && (best < 0 || buffer.gap(span) < buffers.get(best).gap(span))) {
        best = i;
      }
    }
    if (best < 0) {
      buffers.add(new Buffer());
    }
    return best < 0 ? buffers.size() - 1 : best;
  }

  /** Floats of all buffers together. */
  public long floats() {
    return buffers.stream().mapToLong(buffer -> buffer.largest().floats).sum();
  }

  /** Floats of the largest buffer. */
  public long largest() {
    return buffers.isEmpty() ? 0 : buffers.get(0).largest().floats;
  }

  /** How many buffers there are. */
  int count() {
    return buffers.size();
  }

  /** The largest shape that a buffer holds: to make it with. */
  Shape shape(int buffer) {
    return buffers.get(buffer).largest().shape;
  }

  /** The buffer of a node's output. */
  int output(int node) {
    return outputs[node];
  }

  /** The buffer of a node's gradient, where there is a way back. */
  int gradient(int node) {
    return gradients[node];
  }
}
