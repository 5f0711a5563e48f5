package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.TestBackends;
import dev.gramloom.tensor.Edge;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sharing memory between layers changes nothing but the need for memory. */
class NetworkPassTest {
  private static final Shape SHAPE = new Shape(3, 33, 36);

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    Network bank = FilterBank.network(Preprocessing.NONE, 33);
    Network vgg = MiniVgg.network(new Layer.MaxPool());
    BackendSuppliers.all()
        .forEach(backend -> {
          cases.add(Arguments.of(backend, Named.of("filters", bank), Edges.WRAP));
          cases.add(Arguments.of(backend, Named.of("vgg", vgg), Edges.REFLECT));
          Edges cylinder = new Edges(Edge.REFLECT, Edge.WRAP);
          cases.add(Arguments.of(backend, Named.of("vgg", vgg), cylinder));
        });
    return cases.stream();
  }

  /** Computes every node into memory of its own. */
  private static List<Tensor> outputs(Backend backend, Network network, Tensor x, Edges edges) {
    List<Tensor> outputs = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      Tensor input = node.input() < 0 ? x : outputs.get(node.input());
      Tensor output = backend.zeros(node.layer().output(input.shape()));
      try (Layer.Operation operation = node.layer().on(backend)) {
        operation.forward(input, edges, output);
      }
      outputs.add(output);
    }
    return outputs;
  }

  /** The picture's gradient where every tapped node's own slope is {@link #slope}. */
  private static float[] gradient(
      Backend backend, Network network, Tensor x, Edges edges, List<Tensor> outputs) {
    Tensor dX = backend.zeros(x.shape());
    List<Tensor> gradients = new ArrayList<>();
    outputs.forEach(output -> gradients.add(backend.zeros(output.shape())));
    for (int i = outputs.size() - 1; i >= 0; i--) {
      if (isTapped(network, i)) {
        backend.addScaled(1, slope(backend, outputs.get(i).shape(), i), gradients.get(i));
      }
      Network.Node node = network.nodes().get(i);
      Tensor input = node.input() < 0 ? x : outputs.get(node.input());
      Tensor back = node.input() < 0 ? dX : gradients.get(node.input());
      try (Layer.Operation operation = node.layer().on(backend)) {
        operation.adjoint(input, outputs.get(i), gradients.get(i), edges, back);
      }
    }
    return dX.toArray();
  }

  private static boolean isTapped(Network network, int node) {
    return network.taps().stream().anyMatch(tap -> tap.a() == node || tap.b() == node);
  }

  private static Tensor slope(Backend backend, Shape shape, int node) {
    return TestBackends.random(backend, shape, 100 + node);
  }

  /** Gives each tapped node its slope, and looks at what the losses there would read. */
  private record Slopes(
      Backend backend, Network network, NetworkPass pass, List<Tensor> expected, List<String> seen)
      implements NetworkPass.Source {
    @Override
    public boolean reads(int node) {
      return isTapped(network, node);
    }

    @Override
    public void addGradient(int node, Tensor gradient) {
      backend.addScaled(1, slope(backend, gradient.shape(), node), gradient);
      for (Network.Tap tap : network.taps()) {
        if (tap.a() == node || tap.b() == node) {
          look(tap.name(), tap.a());
          look(tap.name(), tap.b());
        }
      }
    }

    void look(String name, int node) {
      assertEquals(expected.get(node).shape(), pass.output(node).shape(), name);
      assertArrayEquals(expected.get(node).toArray(), pass.output(node).toArray(), name);
      seen.add(name);
    }
  }

  private static Tensor picture(Backend backend, long seed) {
    return TestBackends.random(backend, SHAPE, seed);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tapsReadWhatIsComputedIntoMemoryOfItsOwn(
      Supplier<Backend> supplier, Network network, Edges edges) {
    Backend backend = supplier.get();
    try (NetworkPass pass = new NetworkPass(backend, network, SHAPE, edges, true)) {
      for (int walk = 0; walk < 3; walk++) {
        Tensor x = picture(backend, walk % 2); // the third walk is the first again
        List<Tensor> expected = outputs(backend, network, x, edges);
        List<String> seen = new ArrayList<>();
        Slopes slopes = new Slopes(backend, network, pass, expected, seen);
        pass.forward(x, node -> lookAtReady(network, node, slopes));
        assertEquals(2 * network.taps().size(), seen.size());
        Tensor dX = backend.zeros(SHAPE);
        pass.backward(slopes, dX);
        float[] gradient = gradient(backend, network, x, edges, expected);
        assertArrayEquals(gradient, dX.toArray(), "gradient of walk " + walk);
      }
    }
  }

  private static void lookAtReady(Network network, int node, Slopes slopes) {
    for (Network.Tap tap : network.taps()) {
      if (tap.ready() == node) {
        slopes.look(tap.name(), tap.a());
        slopes.look(tap.name(), tap.b());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tapsReadTheSameWhereThereIsNoWayBack(
      Supplier<Backend> supplier, Network network, Edges edges) {
    Backend backend = supplier.get();
    Tensor x = picture(backend, 1);
    List<String> seen = new ArrayList<>();
    List<Tensor> expected = outputs(backend, network, x, edges);
    try (NetworkPass pass = new NetworkPass(backend, network, SHAPE, edges, false)) {
      Slopes slopes = new Slopes(backend, network, pass, expected, seen);
      pass.forward(x, node -> lookAtReady(network, node, slopes));
      pass.forward(x, node -> lookAtReady(network, node, slopes));
    }
    assertEquals(4 * network.taps().size(), seen.size());
  }

  @ParameterizedTest
  @MethodSource("dev.gramloom.network.BackendSuppliers#all")
  void theGradientIsAddedToWhatIsThere(Supplier<Backend> supplier) {
    Backend backend = supplier.get();
    Network network = FilterBank.network(Preprocessing.NONE, 16);
    Tensor x = picture(backend, 1);
    List<Tensor> expected = outputs(backend, network, x, Edges.WRAP);
    try (NetworkPass pass = new NetworkPass(backend, network, SHAPE, Edges.WRAP, true)) {
      Slopes slopes = new Slopes(backend, network, pass, expected, new ArrayList<>());
      Tensor alone = backend.zeros(SHAPE);
      pass.forward(x, node -> {});
      pass.backward(slopes, alone);
      Tensor added = picture(backend, 9);
      pass.forward(x, node -> {});
      pass.backward(slopes, added);
      backend.addScaled(-1, picture(backend, 9), added);
      assertTrue(TestBackends.relativeError(added.toArray(), alone.toArray()) < 1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSecondWalkAllocatesNothing(Supplier<Backend> supplier, Network network, Edges edges) {
    AtomicInteger allocations = new AtomicInteger();
    Backend backend = counting(supplier.get(), allocations);
    Tensor x = picture(supplier.get(), 1);
    Tensor dX = supplier.get().zeros(SHAPE);
    try (NetworkPass pass = new NetworkPass(backend, network, SHAPE, edges, true)) {
      NetworkPass.Source source = new Plain(network);
      pass.forward(x, node -> {});
      pass.backward(source, dX);
      int first = allocations.getAndSet(0);
      assertTrue(first > 0 && first < 2 * network.nodes().size(), "first walk: " + first);
      pass.forward(x, node -> {});
      pass.backward(source, dX);
      assertEquals(0, allocations.get());
      pass.forward(x, node -> {});
      pass.forward(x, node -> {}); // without a way back in between
      assertEquals(0, allocations.get());
    }
  }

  /** Reads every tapped node and adds nothing. */
  private record Plain(Network network) implements NetworkPass.Source {
    @Override
    public boolean reads(int node) {
      return isTapped(network, node);
    }

    @Override
    public void addGradient(int node, Tensor gradient) {
      // zero is a slope too
    }
  }

  private static Backend counting(Backend backend, AtomicInteger allocations) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("zeros") || method.getName().equals("upload")) {
                allocations.incrementAndGet();
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
