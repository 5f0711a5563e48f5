package dev.gramloom.network;

import dev.gramloom.backend.Backend;
import dev.gramloom.network.Network.Node;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks a network forwards and backwards over pictures of one size.
 *
 * <p>Tensors live only while something will still read them; then another takes their memory, as
 * {@link MemoryPlan} says. The first walk makes what it needs; later ones allocate nothing.
 *
 * <p>Not thread-safe.
 */
public final class NetworkPass implements AutoCloseable {
  /** Told as soon as a node's output is there. */
  public interface Visitor {
    /**
     * @param node its index
     */
    void computed(int node);
  }

  /** Where the backward walk learns the loss's own slope at a node. */
  public interface Source {
    /** Whether {@link #addGradient} would add anything. */
    boolean reads(int node);

    /** Adds the derivative of the loss by the node's output. */
    void addGradient(int node, Tensor gradient);
  }

  /** {@link #now} when no tensor holds anything. */
  private static final int NEVER = -1;

  private final Backend backend;
  private final Network network;
  private final Edges edges;
  private final List<Layer.Operation> operations = new ArrayList<>();
  private final Shape[] shapes;
  private final Lifetimes lifetimes;
  private final MemoryPlan plan;
  private final Tensor[] buffers; // of the plan; each made when a walk first needs it, and kept
  private final Tensor[] outputs; // views of buffers, likewise
  private final Tensor[] gradients; // likewise
  private final boolean[] begun; // which gradients hold something on this way back
  private int now = NEVER; // step of the walk, as Lifetimes counts them

  /**
   * @param picture shape of the pictures, [3][H][W]
   * @param bothWays whether {@link #backward} will be called, so that what it reads must be kept
   */
  public NetworkPass(
      Backend backend, Network network, Shape picture, Edges edges, boolean bothWays) {
    this.backend = backend;
    this.network = network;
    this.edges = edges;
    int count = network.nodes().size();
    shapes = network.shapes(picture);
    Map<Layer, Layer.Operation> shared = new IdentityHashMap<>(); // octaves share their filters
    for (Node node : network.nodes()) {
      operations.add(shared.computeIfAbsent(node.layer(), layer -> layer.on(backend)));
    }
    lifetimes = new Lifetimes(network, bothWays);
    plan = new MemoryPlan(backend, network, picture, bothWays);
    buffers = new Tensor[plan.count()];
    outputs = new Tensor[count];
    gradients = new Tensor[count];
    begun = new boolean[count];
  }

  /** Computes every node for {@code picture}, [3][H][W]. */
  public void forward(Tensor picture, Visitor visitor) {
    for (int i = 0; i < outputs.length; i++) {
      now = i;
      if (outputs[i] == null) {
        outputs[i] = view(plan.output(i), shapes[i]);
      }
      int input = network.nodes().get(i).input();
      operations.get(i).forward(input < 0 ? picture : outputs[input], edges, outputs[i]);
      visitor.computed(i);
    }
    now = outputs.length;
  }

  /**
   * A node's output, [C][H][W]: valid from its visit until its last reader has run; null at other
   * times, when its memory is another's.
   */
  public Tensor output(int node) {
    return lifetimes.output(node).includes(now) ? outputs[node] : null;
  }

  /** A node's shape. */
  public Shape shape(int node) {
    return shapes[node];
  }

  /** Adds the derivative of the loss by the picture of the last {@link #forward} to dPicture. */
  public void backward(Source source, Tensor dPicture) {
    Arrays.fill(begun, false);
    for (int i = outputs.length - 1; i >= 0; i--) {
      now = lifetimes.back(i);
      if (source.reads(i)) {
        source.addGradient(i, gradient(i));
      }
      if (begun[i]) {
        int input = network.nodes().get(i).input();
        Tensor x = input < 0 ? null : output(input);
        Tensor dX = input < 0 ? dPicture : gradient(input);
        operations.get(i).adjoint(x, output(i), gradients[i], edges, dX);
      }
    }
    now = NEVER;
  }

  /** A node's gradient, zero where it begins. */
  private Tensor gradient(int node) {
    if (gradients[node] == null) {
      gradients[node] = view(plan.gradient(node), shapes[node]);
    }
    if (!begun[node]) {
      begun[node] = true;
      backend.fill(0, gradients[node]);
    }
    return gradients[node];
  }

  private Tensor view(int buffer, Shape shape) {
    if (buffers[buffer] == null) {
      buffers[buffer] = backend.zeros(plan.shape(buffer));
    }
    return backend.view(buffers[buffer], shape);
  }

  @Override
  public void close() {
    for (Tensor buffer : buffers) {
      if (buffer != null) {
        buffer.close();
      }
    }
    Set.copyOf(operations).forEach(Layer.Operation::close);
  }
}
