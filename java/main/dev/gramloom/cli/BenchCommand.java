package dev.gramloom.cli;

import dev.gramloom.backend.Backend;
import dev.gramloom.backend.Backends;
import dev.gramloom.network.Network;
import dev.gramloom.pyramid.ScaleSchedule;
import dev.gramloom.synthesis.Benchmark;
import dev.gramloom.synthesis.Benchmark.Part;
import dev.gramloom.synthesis.Benchmark.Timing;
import dev.gramloom.tensor.Shape;
import dev.gramloom.weights.RandomVgg;
import dev.gramloom.weights.WeightStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramloom bench}: how fast this machine is. */
@Command(
    name = "bench",
    description = {
      "Measures how long one evaluation takes: forward, and forward and backward.",
      "The network "
          + RandomVgg.NAME
          + " has VGG-19's shapes and random weights: as fast, and no"
          + " file is needed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = GramloomCommand.Version.class)
final class BenchCommand implements Callable<Integer> {
  /** Colours from which the built-in filters take their axes; the time does not depend on them. */
  private static final int SWATCH = 32; // pixels

  private final Console console;
  private final WeightStore store;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "384",
      description = "side of the picture, pixels (default: ${DEFAULT-VALUE})")
  private int size;

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "7",
      description = "how often, after warming up (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Mixin private NetworkOptions networkOptions;
  @Mixin private EngineOptions engine;

  @Option(names = "--json", description = "print one JSON object and nothing else; no table")
  private boolean json;

  BenchCommand(Console console, WeightStore store) {
    this.console = console;
    this.store = store;
  }

  @Override
  public Integer call() {
    if (json) {
      console.beQuiet();
    }
    Numbers.within("--size", size, ScaleSchedule.MIN_SIDE, ScaleSchedule.MAX_SIDE);
    Numbers.within("--rounds", rounds, 1, 1000);
    networkOptions.check();
    Backends.Status status = engine.chooseBackend();
    NetworkChoice choice =
        networkOptions.asksFor(RandomVgg.NAME)
            ? networkOptions.random()
            : networkOptions.choose(store);
    engine.announce(status, console);
    networkOptions.announce(choice, console);
    BenchReport report = measure(status, choice);
    if (json) {
      console.result(report.json().toString());
    } else {
      report.lines().forEach(console::result);
    }
    return 0;
  }

  private BenchReport measure(Backends.Status status, NetworkChoice choice) {
    int threads = Backends.threads(status, engine.threadCount());
    Network network = choice.recipe().apply(Benchmark.noise(SWATCH, 0)).at(size);
    try (Backend backend = Backends.open(status, engine.resources());
        Benchmark benchmark = new Benchmark(backend, network, size)) {
      console.say(benchmark.memory());
      Timing timing = benchmark.time(rounds);
      long peak = PeakMemory.mebibytes(); // before the breakdown adds its own
      List<Part> parts = json ? List.of() : benchmark.breakdown(rounds);
      return new BenchReport(
          new BenchReport.Setup(choice, status, threads, size, rounds),
          network.multiplyAdds(new Shape(3, size, size)),
          timing,
          Backends.peakRate(status, threads),
          new BenchReport.Held(benchmark.memory().needed(), peak),
          parts);
    }
  }
}
