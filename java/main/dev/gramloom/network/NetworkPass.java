package dev.gramloom.network;

import dev.gramloom.backend.Backend;
import dev.gramloom.network.Network.Node;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks a network forwards and backwards over pictures of one size.
 *
 * <p>Tensors live only while something will still read them; then another takes their memory.
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

  private final Backend backend;
  private final Network network;
  private final Edges edges;
  private final List<Layer.Operation> operations = new ArrayList<>();
  private final Shape[] shapes;
  private final int[] lastReader; // going forward; the node count where the way back reads it too
  private final int[] lastReaderBack; // going backward: the lowest node that reads it
  private final Tensor[] outputs;
  private final Tensor[] gradients;
  private final TensorPool pool;

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
    lastReader = lastReaders(network, bothWays);
    lastReaderBack = lastReadersBack(network);
    pool = new TensorPool(backend);
    outputs = new Tensor[count];
    gradients = new Tensor[count];
  }

  /**
   * Refuses early a walk both ways that will not fit the memory.
   *
   * @param besides floats that the caller needs at the same time
   * @throws dev.gramloom.failure.Failure OUT_OF_MEMORY if there is less
   */
  public static void requireMemory(Backend backend, Network network, Shape picture, long besides) {
    long all = 0;
    long largest = picture.size();
    for (Shape shape : network.shapes(picture)) {
      all += shape.size();
      largest = Math.max(largest, shape.size());
    }
    // outputs, the largest gradient, and a part of the others: measured, see TensorPool
    backend.requireMemory(all + largest + all / 4 + weights(network) + besides, largest);
  }

  /** Floats of all filters, as they are and as a backend packs them: at most 64 / 9 times that. */
  private static long weights(Network network) {
    return network.nodes().stream()
        .map(Node::layer)
        .distinct()
        .mapToLong(l -> l instanceof Layer.Convolution c ? 8L * c.kernel().weights().length : 0)
        .sum();
  }

  private static int[] lastReaders(Network network, boolean bothWays) {
    int count = network.nodes().size();
    int[] last = new int[count];
    for (int i = 0; i < count; i++) {
      Node node = network.nodes().get(i);
      last[i] = Math.max(last[i], bothWays && node.layer().adjointReadsOutput() ? count : i);
      if (node.input() >= 0) {
        boolean kept = bothWays && node.layer().adjointReadsInput();
        last[node.input()] = Math.max(last[node.input()], kept ? count : i);
      }
    }
    for (Tap tap : network.taps()) {
      int until = bothWays ? count : tap.ready();
      last[tap.a()] = Math.max(last[tap.a()], until);
      last[tap.b()] = Math.max(last[tap.b()], until);
    }
    return last;
  }

  private static int[] lastReadersBack(Network network) {
    int[] last = new int[network.nodes().size()];
    for (int i = 0; i < last.length; i++) {
      last[i] = i;
    }
    for (Tap tap : network.taps()) {
      last[tap.ready()] = Math.min(last[tap.ready()], Math.min(tap.a(), tap.b()));
    }
    return last;
  }

  /** Computes every node for {@code picture}, [3][H][W]. */
  public void forward(Tensor picture, Visitor visitor) {
    releaseAll();
    for (int i = 0; i < outputs.length; i++) {
      int input = network.nodes().get(i).input();
      outputs[i] = pool.acquire(shapes[i]);
      operations.get(i).forward(input < 0 ? picture : outputs[input], edges, outputs[i]);
      visitor.computed(i);
      for (int j = 0; j <= i; j++) {
        if (outputs[j] != null && lastReader[j] <= i) {
          outputs[j] = release(outputs[j]);
        }
      }
    }
  }

  /** A node's output, [C][H][W]: valid from its visit until its last reader has run. */
  public Tensor output(int node) {
    return outputs[node];
  }

  /** A node's shape. */
  public Shape shape(int node) {
    return shapes[node];
  }

  /** Adds the derivative of the loss by the picture of the last {@link #forward} to dPicture. */
  public void backward(Source source, Tensor dPicture) {
    for (int i = outputs.length - 1; i >= 0; i--) {
      if (source.reads(i)) {
        source.addGradient(i, gradient(i));
      }
      if (gradients[i] != null) {
        int input = network.nodes().get(i).input();
        Tensor x = input < 0 ? null : outputs[input];
        Tensor dX = input < 0 ? dPicture : gradient(input);
        operations.get(i).adjoint(x, outputs[i], gradients[i], edges, dX);
        gradients[i] = release(gradients[i]);
      }
      for (int j = i; j < outputs.length; j++) {
        if (outputs[j] != null && lastReaderBack[j] >= i) {
          outputs[j] = release(outputs[j]);
        }
      }
    }
  }

  private Tensor gradient(int node) {
    if (gradients[node] == null) {
      gradients[node] = pool.acquire(shapes[node]);
      backend.fill(0, gradients[node]);
    }
    return gradients[node];
  }

  /** Hands a tensor's memory to the next who asks; returns null, to forget it with. */
  private Tensor release(Tensor tensor) {
    pool.release(tensor);
    return null;
  }

  private void releaseAll() {
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = outputs[i] == null ? null : release(outputs[i]);
      gradients[i] = gradients[i] == null ? null : release(gradients[i]);
    }
  }

  @Override
  public void close() {
    pool.close();
    Set.copyOf(operations).forEach(Layer.Operation::close);
  }
}
