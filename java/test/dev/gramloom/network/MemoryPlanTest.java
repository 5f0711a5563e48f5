package dev.gramloom.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.backend.Backend;
import dev.gramloom.network.Network.Tap;
import dev.gramloom.network.Vgg.TapPoint;
import dev.gramloom.tensor.Edges;
import dev.gramloom.tensor.Shape;
import dev.gramloom.tensor.Tensor;
import dev.gramloom.weights.RandomVgg;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors take turns in the same memory, and none loses what another still reads. */
class MemoryPlanTest {
  private static final Shape SHAPE = new Shape(3, 66, 71);

  static Stream<Named<Network>> networks() {
    List<TapPoint> taps = List.of(new TapPoint("conv2_1", 1), new TapPoint("pool2", 1));
    Vgg vgg = MiniVgg.vgg(new Layer.MaxPool());
    return Stream.of(
        Named.of("vgg, averages", MiniVgg.network(new Layer.AveragePool())),
        Named.of("vgg, maxima", MiniVgg.network(new Layer.MaxPool())),
        Named.of("vgg, octaves", vgg.network(taps, 3, 66)),
        Named.of("filters", FilterBank.network(Preprocessing.NONE, 66)),
        Named.of("maxima and energies alone", bare()),
        Named.of("filters, one octave", FilterBank.network(Preprocessing.NONE, 16)));
  }

  /** Adjoints that read an input which nobody else keeps, and a branch. */
  private static Network bare() {
    Network.Builder builder = new Network.Builder();
    int colors = builder.add(Preprocessing.NONE.layer(), Network.PICTURE);
    int maxima = builder.add(new Layer.MaxPool(), colors);
    int averages = builder.add(new Layer.AveragePool(), colors);
    int energy = builder.add(new Layer.Energy(new int[][] {{0, 1}, {2}}, 1), averages);
    builder.tap(new Tap("cross", energy, maxima, 1, false));
    return builder.build("bare");
  }

  private static Network vgg19() {
    Vgg vgg =
        new Vgg(
            RandomVgg.NAME,
            RandomVgg.convolutions(),
            RandomVgg::kernel,
            Preprocessing.NONE,
            new Layer.AveragePool());
    Stream<String> taps = Stream.of("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1");
    return vgg.network(taps.map(layer -> new TapPoint(layer, 1)).toList(), 1, 768);
  }

  /** A loss that reads some nodes, and of each what the losses at its taps would read. */
  private record Losses(Backend backend, Network network, NetworkPass pass, IntPredicate nodes)
      implements NetworkPass.Source {
    @Override
    public boolean reads(int node) {
      return nodes.test(node);
    }

    @Override
    public void addGradient(int node, Tensor gradient) {
      backend.addPerChannel(1, backend.zeros(new Shape(1, 1, 1)), gradient);
      lookAt(tap -> tap.a() == node || tap.b() == node);
    }

    void lookAt(Predicate<Tap> which) {
      for (Tap tap : network.taps()) {
        if (which.test(tap)) {
          Witness.look(pass.output(tap.a()));
          Witness.look(pass.output(tap.b()));
        }
      }
    }
  }

  private static boolean isTapped(Network network, int node) {
    return network.taps().stream().anyMatch(tap -> tap.a() == node || tap.b() == node);
  }

  /** Forwards, and backwards where there is a way back, with losses at some nodes. */
  private static void walk(
      Backend backend, Network network, NetworkPass pass, boolean bothWays, IntPredicate nodes) {
    Losses losses = new Losses(backend, network, pass, nodes);
    pass.forward(backend.zeros(SHAPE), node -> losses.lookAt(tap -> tap.ready() == node));
    if (bothWays) {
      pass.backward(losses, backend.zeros(SHAPE));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whateverIsReadIsWhatWasWritten(Network network) {
    for (boolean bothWays : new boolean[] {false, true}) {
      Backend backend = new Witness().backend();
      try (var pass = new NetworkPass(backend, network, SHAPE, Edges.WRAP, bothWays)) {
        walk(backend, network, pass, bothWays, node -> isTapped(network, node));
        pass.forward(backend.zeros(SHAPE), node -> {}); // and not back
        walk(backend, network, pass, bothWays, node -> true);
        walk(backend, network, pass, bothWays, node -> node % 3 == 0);
        walk(backend, network, pass, bothWays, node -> false);
        walk(backend, network, pass, bothWays, node -> isTapped(network, node));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void noTwoTensorsInUseShareABuffer(Network network) {
    Backend backend = new Witness().backend();
    int count = network.nodes().size();
    for (boolean bothWays : new boolean[] {false, true}) {
      MemoryPlan plan = new MemoryPlan(backend, network, SHAPE, bothWays);
      Lifetimes lifetimes = new Lifetimes(network, bothWays);
      Shape[] shapes = network.shapes(SHAPE);
      for (int step = 0; step <= 2 * count; step++) {
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < count; i++) {
          assertTrue(Witness.floats(shapes[i]) <= Witness.floats(plan.shape(plan.output(i))));
          if (lifetimes.output(i).includes(step)) {
            assertTrue(taken.add(plan.output(i)), "output " + i + " at step " + step);
          }
          if (bothWays && lifetimes.gradient(i).includes(step)) {
            assertTrue(taken.add(plan.gradient(i)), "gradient " + i + " at step " + step);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void thePlanIsWhatTheFirstWalkAllocatesAndTheSecondAllocatesNothing(Network network) {
    for (boolean bothWays : new boolean[] {false, true}) {
      Witness witness = new Witness();
      Backend backend = witness.backend();
      MemoryPlan plan = new MemoryPlan(backend, network, SHAPE, bothWays);
      Tensor picture = backend.zeros(SHAPE);
      int before = witness.allocations().size();
      try (var pass = new NetworkPass(backend, network, SHAPE, Edges.WRAP, bothWays)) {
        assertEquals(before, witness.allocations().size(), "before the first walk");
        NetworkPass.Source source = new Plain(node -> isTapped(network, node));
        for (int walk = 0; walk < 3; walk++) {
          pass.forward(picture, node -> {});
          if (bothWays) {
            pass.backward(source, picture);
          }
          List<Long> made = witness.allocations().subList(before, witness.allocations().size());
          assertEquals(plan.count(), made.size());
          assertEquals(plan.floats(), made.stream().mapToLong(Long::longValue).sum());
          assertEquals(plan.largest(), made.stream().mapToLong(Long::longValue).max().orElse(0));
          assertEquals((bothWays ? 2 : 1) * network.nodes().size(), witness.views());
        }
      }
    }
  }

  private record Plain(IntPredicate nodes) implements NetworkPass.Source {
    @Override
    public boolean reads(int node) {
      return nodes.test(node);
    }

    @Override
    public void addGradient(int node, Tensor gradient) {
      // zero is a slope too
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whoOnlyLooksPaysForNoGradients(Network network) {
    Witness witness = new Witness();
    Backend backend = witness.backend();
    MemoryPlan bothWays = new MemoryPlan(backend, network, SHAPE, true);
    MemoryPlan oneWay = new MemoryPlan(backend, network, SHAPE, false);
    assertTrue(oneWay.floats() < bothWays.floats());
    Tensor picture = backend.zeros(SHAPE);
    try (var pass = new NetworkPass(backend, network, SHAPE, Edges.WRAP, true)) {
      pass.forward(picture, node -> {});
      assertTrue(witness.allocations().size() - 1 < bothWays.count());
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void anOutputWhoseMemoryIsAnothersIsNotHandedOut(Network network) {
    Backend backend = new Witness().backend();
    int last = network.nodes().size() - 1;
    try (var pass = new NetworkPass(backend, network, SHAPE, Edges.WRAP, false)) {
      assertNull(pass.output(0));
      pass.forward(backend.zeros(SHAPE), node -> Witness.look(pass.output(node)));
      assertTrue(IntStream.rangeClosed(0, last).allMatch(node -> pass.output(node) == null));
    }
    try (var pass = new NetworkPass(backend, network, SHAPE, Edges.WRAP, true)) {
      pass.forward(backend.zeros(SHAPE), node -> Witness.look(pass.output(node)));
      Witness.look(pass.output(last)); // the way back will read it
      pass.backward(new Plain(node -> node == last), backend.zeros(SHAPE));
      assertTrue(IntStream.rangeClosed(0, last).allMatch(node -> pass.output(node) == null));
    }
  }

  /** The most floats in use in any one step: no plan takes less. */
  private static long least(Network network, Shape picture) {
    Lifetimes lifetimes = new Lifetimes(network, true);
    Shape[] shapes = network.shapes(picture);
    long most = 0;
    for (int step = 0; step <= 2 * shapes.length; step++) {
      long now = 0;
      for (int i = 0; i < shapes.length; i++) {
        now += lifetimes.output(i).includes(step) ? Witness.floats(shapes[i]) : 0;
        now += lifetimes.gradient(i).includes(step) ? Witness.floats(shapes[i]) : 0;
      }
      most = Math.max(most, now);
    }
    return most;
  }

  private static double ratio(Network network) {
    Shape picture = new Shape(3, 768, 768);
    MemoryPlan plan = new MemoryPlan(new Witness().backend(), network, picture, true);
    return (double) plan.floats() / least(network, picture);
  }

  @Test
  void aPlanIsNotFarAboveWhatIsInUseAtOnce() {
    double vgg = ratio(vgg19());
    assertTrue(vgg >= 1 && vgg < 1.4, () -> "VGG-19 takes " + vgg);
    double filters = ratio(FilterBank.network(Preprocessing.NONE, 768));
    assertTrue(filters >= 1 && filters < 1.2, () -> "the filters take " + filters);
  }
}
